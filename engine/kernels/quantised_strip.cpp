#include "engine/kernels/quantised_strip.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {
namespace {

/// Where the parts of the blocks of a strip begin, in bytes; -1: there is none.
struct StripShape {
  int values, per_part, offset;
  int minima;  // halves
  int words;   // of six bits
  int scales;  // i8
  int inputs;  // the first 32
  int part;    // bytes of 32 inputs
  int bits;    // of a weight
};

constexpr StripShape shape_for(BlockFormat format) {
  switch (format) {
    case BlockFormat::q4_0: return {32, 32, 8, -1, -1, -1, 16, 128, 4};
    case BlockFormat::q4_1: return {32, 32, 0, 16, -1, -1, 32, 128, 4};
    case BlockFormat::q5_0: return {32, 32, 16, -1, -1, -1, 16, 160, 5};
    case BlockFormat::q5_1: return {32, 32, 0, 16, -1, -1, 32, 160, 5};
    case BlockFormat::q4_k: return {256, 32, 0, 16, 32, -1, 128, 128, 4};
    case BlockFormat::q5_k: return {256, 32, 0, 16, 32, -1, 128, 160, 5};
    case BlockFormat::q6_k: return {256, 16, 32, -1, -1, 16, 144, 192, 6};
    default: return {32, 32, 128, -1, -1, -1, 16, 256, 8};  // q8_0
  }
}

template <class T>
T read_at(const std::byte* from, std::int64_t index) {
  T number;
  std::memcpy(&number, from + static_cast<std::size_t>(index) * sizeof number, sizeof number);
  return number;
}

template <class T>
void write_at(std::byte* to, std::int64_t index, T number) {
  std::memcpy(to + static_cast<std::size_t>(index) * sizeof number, &number, sizeof number);
}

using Words = std::array<std::uint32_t, 3>;

/// Sixteen numbers of six bits: scales, then minima.
Words join_words(const BlockScales& parts) {
  Words words{};
  for (std::size_t k = 0; k < 15; ++k) {
    const auto six = static_cast<std::uint8_t>(k < 8 ? parts.scales[k] : parts.minima[k - 8]);
    words[k / 5] |= std::uint32_t{six} << (k % 5 * 6);
  }
  const std::uint32_t last = static_cast<std::uint8_t>(parts.minima[7]);
  for (std::size_t w = 0; w < 3; ++w) words[w] |= (last >> (2 * w) & 3U) << 30;
  return words;
}

void split_words(const Words& words, BlockScales& parts) {
  for (std::size_t k = 0; k < 15; ++k) {
    const auto six = static_cast<std::int8_t>(words[k / 5] >> (k % 5 * 6) & 63U);
    (k < 8 ? parts.scales[k] : parts.minima[k - 8]) = six;
  }
  parts.minima[7] =
      static_cast<std::int8_t>(words[0] >> 30 | (words[1] >> 30) << 2 | (words[2] >> 30) << 4);
}

// Files and strips both have four inputs of an output side by side: a word is moved at a time.

std::uint32_t word_at(const std::byte* bytes, int k) { return read_at<std::uint32_t>(bytes, k); }

/// Bits i, i + 4, i + 8 … of a word become byte i.
std::uint32_t bytes_of_every_fourth_bit(std::uint32_t word) {
  std::uint32_t bytes = 0;
  for (int i = 0; i < 4; ++i) {
    std::uint32_t bits = word >> i & 0x1111'1111U;
    bits = (bits | bits >> 3) & 0x0303'0303U;
    bits = (bits | bits >> 6) & 0x000F'000FU;
    bits = (bits | bits >> 12) & 0xFFU;
    bytes |= bits << (8 * i);
  }
  return bytes;
}

/// Of 32 bytes that hold two rows of 32 inputs, the low (0) or high (1) halves -> one row.
void put_halves(const std::byte* both, int which, int lane, std::byte* inputs) {
  constexpr std::uint32_t kLow = 0x0F0F'0F0FU;
  for (int k = 0; k < 4; ++k) {
    const std::uint32_t low = word_at(both, k) >> (4 * which) & kLow;
    const std::uint32_t high = word_at(both, k + 4) >> (4 * which) & kLow;
    write_at(inputs, k * kBlockLanes + lane, low | high << 4);
  }
}

/// 32 inputs of the small formats: their halves are in the order of strips already.
void put_small(const std::byte* halves, const std::byte* fifths, int lane, std::byte* inputs) {
  for (int k = 0; k < 4; ++k) write_at(inputs, k * kBlockLanes + lane, word_at(halves, k));
  if (fifths != nullptr)
    write_at(inputs + 128, lane, bytes_of_every_fourth_bit(word_at(fifths, 0)));
}

void put_q4_k(const std::byte* halves, int part, int lane, std::byte* inputs) {
  put_halves(halves + part / 2 * 32, part % 2, lane, inputs);
}

void put_q5_k(const std::byte* halves, const std::byte* fifths, int part, int lane,
              std::byte* inputs) {
  put_q4_k(halves, part, lane, inputs);
  std::uint32_t bits = 0;
  for (int k = 0; k < 8; ++k) bits |= (word_at(fifths, k) >> part & 0x0101'0101U) << k;
  write_at(inputs + 128, lane, bits);
}

void put_q6_k(const std::byte* block, int part, int lane, std::byte* inputs) {
  const int part_of_four = part % 4;
  put_halves(block + part / 4 * 64 + part_of_four % 2 * 32, part_of_four / 2, lane, inputs);
  const std::byte* upper = block + 128 + part / 4 * 32;
  for (int half = 0; half < 2; ++half) {
    std::uint32_t bits = 0;
    for (int k = 0; k < 4; ++k)
      bits |= (word_at(upper, 4 * half + k) >> (2 * part_of_four) & 0x0303'0303U) << (2 * k);
    write_at(inputs + 128, half * kBlockLanes + lane, bits);
  }
}

void put_q8_0(const std::byte* bytes, int lane, std::byte* inputs) {
  for (int k = 0; k < 8; ++k) write_at(inputs, k * kBlockLanes + lane, word_at(bytes, k));
}

/// 32 inputs of one output's block.
void put_inputs(BlockFormat format, const std::byte* block, int part, int lane, std::byte* inputs) {
  switch (format) {
    case BlockFormat::q4_0: return put_small(block + 2, nullptr, lane, inputs);
    case BlockFormat::q4_1: return put_small(block + 4, nullptr, lane, inputs);
    case BlockFormat::q5_0: return put_small(block + 6, block + 2, lane, inputs);
    case BlockFormat::q5_1: return put_small(block + 8, block + 4, lane, inputs);
    case BlockFormat::q4_k: return put_q4_k(block + 16, part, lane, inputs);
    case BlockFormat::q5_k: return put_q5_k(block + 48, block + 16, part, lane, inputs);
    case BlockFormat::q6_k: return put_q6_k(block, part, lane, inputs);
    default: return put_q8_0(block + 2, lane, inputs);
  }
}

void take_inputs(const StripShape& shape, const std::uint8_t* bytes, int lane, std::uint8_t* q) {
  for (int i = 0; i < 32; ++i) {
    const int four = i / 4, at = lane * 4 + i % 4;
    if (shape.bits == 8) {
      q[i] = bytes[four * 32 + at] ^ 0x80U;
      continue;
    }
    unsigned bits = bytes[four % 4 * 32 + at] >> (four / 4 * 4) & 15U;
    if (shape.bits == 5) bits |= (bytes[128 + at] >> four & 1U) << 4;
    if (shape.bits == 6) bits |= (bytes[128 + four / 4 * 32 + at] >> (four % 4 * 2) & 3U) << 4;
    q[i] = static_cast<std::uint8_t>(bits);
  }
}

/// One output's block into those of the strip.
void put_block(BlockFormat format, const std::byte* block, int lane, std::byte* blocks) {
  const StripShape shape = shape_for(format);
  const BlockScales parts = take_scales(format, block);
  write_at(blocks, lane, parts.scale);
  if (shape.minima >= 0) write_at(blocks + shape.minima, lane, parts.minimum);
  if (shape.words >= 0) {
    const Words words = join_words(parts);
    for (int w = 0; w < 3; ++w)
      write_at(blocks + shape.words, w * kBlockLanes + lane, words[static_cast<std::size_t>(w)]);
  }
  if (shape.scales >= 0)
    for (int part = 0; part < 16; ++part)
      write_at(blocks + shape.scales, part * kBlockLanes + lane,
               parts.scales[static_cast<std::size_t>(part)]);
  for (int part = 0; part < shape.values / 32; ++part)
    put_inputs(format, block, part, lane, blocks + shape.inputs + part * shape.part);
}

/// [lanes, inputs] -> [inputs, lanes]; a line of the cache of each row at a time.
template <class T>
void transpose(const std::byte* rows, std::int64_t inputs, std::byte* strip) {
  constexpr std::int64_t kTogether = 64 / sizeof(T);
  for (std::int64_t begin = 0; begin < inputs; begin += kTogether)
    for (std::int64_t lane = 0; lane < kLanes; ++lane)
      for (std::int64_t i = begin; i < std::min(begin + kTogether, inputs); ++i)
        write_at(strip, i * kLanes + lane, read_at<T>(rows, lane * inputs + i));
}

}  // namespace

bool has_strips(BlockFormat format) {
  return format != BlockFormat::q2_k && format != BlockFormat::q3_k;
}

int strip_lanes(BlockFormat format) { return is_plain(format) ? kLanes : kBlockLanes; }

void make_strip(BlockFormat format, std::int64_t inputs, const std::byte* rows, std::byte* strip) {
  const std::int64_t block_bytes = shape_of(format).bytes;
  if (format == BlockFormat::f32) return transpose<std::uint32_t>(rows, inputs, strip);
  if (is_plain(format)) return transpose<std::uint16_t>(rows, inputs, strip);
  const std::int64_t row_bytes = bytes_of(format, inputs);
  for (std::int64_t at = 0; at < row_bytes; at += block_bytes)
    for (int lane = 0; lane < kBlockLanes; ++lane)
      put_block(format, rows + lane * row_bytes + at, lane, strip + at * kBlockLanes);
}

BlockParts strip_parts(BlockFormat format, const std::byte* blocks, int lane) {
  const StripShape shape = shape_for(format);
  BlockParts parts{{.values = shape.values, .per_part = shape.per_part, .offset = shape.offset},
                   {}};
  parts.scale = read_at<std::uint16_t>(blocks, lane);
  parts.scales.fill(1);
  if (shape.minima >= 0) {
    parts.minimum = read_at<std::uint16_t>(blocks + shape.minima, lane);
    parts.minima[0] = -1;
  }
  if (shape.words >= 0) {
    Words words;
    for (int w = 0; w < 3; ++w)
      words[static_cast<std::size_t>(w)] =
          read_at<std::uint32_t>(blocks + shape.words, w * kBlockLanes + lane);
    split_words(words, parts);
  }
  if (shape.scales >= 0)
    for (int part = 0; part < 16; ++part)
      parts.scales[static_cast<std::size_t>(part)] =
          read_at<std::int8_t>(blocks + shape.scales, part * kBlockLanes + lane);
  const auto* inputs = reinterpret_cast<const std::uint8_t*>(blocks + shape.inputs);
  for (int i = 0; i < shape.values; i += 32, inputs += shape.part)
    take_inputs(shape, inputs, lane, parts.q.data() + i);
  return parts;
}

void strip_row(BlockFormat format, std::int64_t inputs, const std::byte* strip, int lane,
               float* to) {
  const BlockShape& shape = shape_of(format);
  if (is_plain(format)) {
    for (std::int64_t i = 0; i < inputs; ++i)
      unpack(format, strip + (i * kLanes + lane) * shape.bytes, 1, to + i);
    return;
  }
  for (std::int64_t i = 0; i < inputs; i += shape.values, strip += shape.bytes * kBlockLanes)
    put_values(strip_parts(format, strip, lane), to + i);
}

}  // namespace inpaint::engine::kernels
