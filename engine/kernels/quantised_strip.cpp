#include "engine/kernels/quantised_strip.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "engine/kernels/half.h"
#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {
namespace {

/// Where the parts of the blocks of a strip begin, in bytes; -1: there is none.
struct StripShape {
  int values, per_part, offset;
  int minima;    // halves
  int words;     // of six bits
  int scales;    // i8
  int inputs;    // the first 32
  int quarters;  // bytes of 32 inputs: fours in bytes, or in low and high halves
  int bits;      // of a weight
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
T read_at(const std::byte* from, int index) {
  T number;
  std::memcpy(&number, from + static_cast<std::size_t>(index) * sizeof number, sizeof number);
  return number;
}

template <class T>
void write_at(std::byte* to, int index, T number) {
  std::memcpy(to + static_cast<std::size_t>(index) * sizeof number, &number, sizeof number);
}

using Words = std::array<std::uint32_t, 3>;

/// Sixteen numbers of six bits: scales, then minima.
Words join_words(const BlockParts& parts) {
  Words words{};
  for (std::size_t k = 0; k < 15; ++k) {
    const auto six = static_cast<std::uint32_t>(k < 8 ? parts.scales[k] : parts.minima[k - 8]);
    words[k / 5] |= six << (k % 5 * 6);
  }
  const auto last = static_cast<std::uint32_t>(parts.minima[7]);
  for (std::size_t w = 0; w < 3; ++w) words[w] |= (last >> (2 * w) & 3U) << 30;
  return words;
}

void split_words(const Words& words, BlockParts& parts) {
  for (std::size_t k = 0; k < 15; ++k) {
    const auto six = static_cast<std::int8_t>(words[k / 5] >> (k % 5 * 6) & 63U);
    (k < 8 ? parts.scales[k] : parts.minima[k - 8]) = six;
  }
  parts.minima[7] =
      static_cast<std::int8_t>(words[0] >> 30 | (words[1] >> 30) << 2 | (words[2] >> 30) << 4);
}

/// The bytes of 32 inputs, of all lanes; input i of one lane is bits of byte at_input(lane, i).
int at_input(int lane, int i) { return i / 4 * 32 + lane * 4 + i % 4; }

void put_inputs(const StripShape& shape, const std::uint8_t* q, int lane, std::uint8_t* bytes) {
  for (int i = 0; i < 32; ++i) {
    const int four = i / 4, at = lane * 4 + i % 4;
    if (shape.bits == 8) {
      bytes[at_input(lane, i)] = q[i] ^ 0x80U;
      continue;
    }
    bytes[four % 4 * 32 + at] |= static_cast<std::uint8_t>((q[i] & 15U) << (four / 4 * 4));
    if (shape.bits == 5) bytes[128 + at] |= static_cast<std::uint8_t>(q[i] >> 4 << four);
    if (shape.bits == 6)
      bytes[128 + four / 4 * 32 + at] |= static_cast<std::uint8_t>(q[i] >> 4 << (four % 4 * 2));
  }
}

void take_inputs(const StripShape& shape, const std::uint8_t* bytes, int lane, std::uint8_t* q) {
  for (int i = 0; i < 32; ++i) {
    const int four = i / 4, at = lane * 4 + i % 4;
    if (shape.bits == 8) {
      q[i] = bytes[at_input(lane, i)] ^ 0x80U;
      continue;
    }
    unsigned bits = bytes[four % 4 * 32 + at] >> (four / 4 * 4) & 15U;
    if (shape.bits == 5) bits |= (bytes[128 + at] >> four & 1U) << 4;
    if (shape.bits == 6) bits |= (bytes[128 + four / 4 * 32 + at] >> (four % 4 * 2) & 3U) << 4;
    q[i] = static_cast<std::uint8_t>(bits);
  }
}

/// One output's block into those of the strip, which are zeros at first.
void put_parts(const StripShape& shape, const BlockParts& parts, int lane, std::byte* blocks) {
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
  auto* inputs = reinterpret_cast<std::uint8_t*>(blocks + shape.inputs);
  for (int i = 0; i < shape.values; i += 32, inputs += shape.quarters)
    put_inputs(shape, parts.q.data() + i, lane, inputs);
}

/// [lanes, inputs] -> [inputs, lanes], numbers of `bytes` bytes.
void transpose(const std::byte* rows, std::int64_t inputs, std::size_t bytes, std::byte* strip) {
  for (std::int64_t i = 0; i < inputs; ++i)
    for (std::int64_t lane = 0; lane < kLanes; ++lane)
      std::memcpy(strip + static_cast<std::size_t>(i * kLanes + lane) * bytes,
                  rows + static_cast<std::size_t>(lane * inputs + i) * bytes, bytes);
}

}  // namespace

bool has_strips(BlockFormat format) {
  return format != BlockFormat::q2_k && format != BlockFormat::q3_k;
}

int strip_lanes(BlockFormat format) { return is_plain(format) ? kLanes : kBlockLanes; }

void make_strip(BlockFormat format, std::int64_t inputs, std::byte* rows) {
  const auto row_bytes = static_cast<std::size_t>(bytes_of(format, inputs));
  std::vector<std::byte> strip(row_bytes * static_cast<std::size_t>(strip_lanes(format)));
  if (is_plain(format)) {
    transpose(rows, inputs, static_cast<std::size_t>(shape_of(format).bytes), strip.data());
  } else {
    const StripShape shape = shape_for(format);
    const auto block_bytes = static_cast<std::size_t>(shape_of(format).bytes);
    for (std::size_t at = 0; at < row_bytes; at += block_bytes)
      for (int lane = 0; lane < kBlockLanes; ++lane)
        put_parts(shape, take_apart(format, rows + static_cast<std::size_t>(lane) * row_bytes + at),
                  lane, strip.data() + at * kBlockLanes);
  }
  std::ranges::copy(strip, rows);
}

BlockParts strip_parts(BlockFormat format, const std::byte* blocks, int lane) {
  const StripShape shape = shape_for(format);
  BlockParts parts{.values = shape.values, .per_part = shape.per_part, .offset = shape.offset};
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
  for (int i = 0; i < shape.values; i += 32, inputs += shape.quarters)
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
