// The file's order of bits, format by format: a row of 32 values is the low or the high half of bytes
// that lie side by side, and the bits that a half has no room for lie in an array of their own.

#include "engine/kernels/block_parts.h"

#include <cassert>

#include "engine/kernels/half.h"

namespace inpaint::engine::kernels {
namespace {

using Bytes = const std::uint8_t*;

Bytes bytes_at(const std::byte* block) { return reinterpret_cast<Bytes>(block); }

std::uint16_t half_at(Bytes bytes) { return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8); }

std::int8_t small(int number) { return static_cast<std::int8_t>(number); }

BlockScales parts_of(int values, int per_part, int offset, Bytes scale) {
  BlockScales parts{.values = values, .per_part = per_part, .offset = offset};
  parts.scale = half_at(scale);
  parts.scales.fill(1);
  return parts;
}

BlockScales scales_of_one(Bytes block, int offset) { return parts_of(32, 32, offset, block); }

/// q4_1 and q5_1.
BlockScales scales_with_minimum(Bytes block) {
  BlockScales parts = parts_of(32, 32, 0, block);
  parts.minimum = half_at(block + 2);
  parts.minima[0] = -1;
  return parts;
}

BlockScales scales_of_q2_k(Bytes block) {
  BlockScales parts = parts_of(256, 16, 0, block + 80);
  parts.minimum = half_at(block + 82);
  for (std::size_t part = 0; part < 16; ++part) {
    parts.scales[part] = small(block[part] & 15);
    parts.minima[part] = small(block[part] >> 4);
  }
  return parts;
}

BlockScales scales_of_q3_k(Bytes block) {
  const Bytes scales = block + 96;
  BlockScales parts = parts_of(256, 16, 4, block + 108);
  for (int part = 0; part < 16; ++part) {
    const int four = scales[part % 8] >> (part / 8 * 4) & 15;
    const int two = scales[8 + part % 4] >> (part / 4 * 2) & 3;
    parts.scales[static_cast<std::size_t>(part)] = small((four | two << 4) - 32);
  }
  return parts;
}

/// q4_k and q5_k: eight scales and eight minima of six bits in twelve bytes. The first four of each
/// have a byte to themselves, whose upper two bits are those of the last four.
BlockScales scales_of_six_bits(Bytes block) {
  const Bytes six = block + 4;
  BlockScales parts = parts_of(256, 32, 0, block);
  parts.minimum = half_at(block + 2);
  for (std::size_t k = 0; k < 4; ++k) {
    parts.scales[k] = small(six[k] & 63);
    parts.minima[k] = small(six[k + 4] & 63);
    parts.scales[k + 4] = small((six[k + 8] & 15) | (six[k] >> 6) << 4);
    parts.minima[k + 4] = small((six[k + 8] >> 4) | (six[k + 4] >> 6) << 4);
  }
  return parts;
}

BlockScales scales_of_q6_k(Bytes block) {
  BlockScales parts = parts_of(256, 16, 32, block + 208);
  for (std::size_t part = 0; part < 16; ++part)
    parts.scales[part] = static_cast<std::int8_t>(block[192 + part]);
  return parts;
}

/// q4_0, q4_1, q5_0 and q5_1.
void take_halves(Bytes halves, std::uint32_t fifths, std::uint8_t* q) {
  for (int i = 0; i < 16; ++i) {
    q[i] = static_cast<std::uint8_t>((halves[i] & 15U) | (fifths >> i & 1U) << 4);
    q[i + 16] = static_cast<std::uint8_t>((halves[i] >> 4) | (fifths >> (i + 16) & 1U) << 4);
  }
}

std::uint32_t word_at(Bytes bytes) {
  std::uint32_t word = 0;
  for (int k = 0; k < 4; ++k) word |= std::uint32_t{bytes[k]} << (8 * k);
  return word;
}

/// Two bits of value i of q2_k, q3_k and q6_k: four rows of 32 values share 32 bytes.
unsigned two_bits(Bytes bytes, int i) {
  return bytes[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3U;
}

/// One bit of value i of q3_k and q5_k: eight rows of 32 values share 32 bytes.
unsigned one_bit(Bytes bytes, int i) { return bytes[i % 32] >> (i / 32) & 1U; }

/// Four bits of value i of q4_k and q5_k: two rows of 32 values share 32 bytes.
unsigned four_bits(Bytes bytes, int i) {
  return bytes[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15U;
}

/// Of q6_k: of 128 values the first 64 are low halves of 64 bytes, the others their high halves.
unsigned four_bits_of_64(Bytes bytes, int i) {
  return bytes[i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15U;
}

template <class BitsOf>
void take_256(std::uint8_t* q, const BitsOf& bits_of) {
  for (int i = 0; i < 256; ++i) q[i] = static_cast<std::uint8_t>(bits_of(i));
}

}  // namespace

BlockScales take_scales(BlockFormat format, const std::byte* block) {
  const Bytes bytes = bytes_at(block);
  switch (format) {
    case BlockFormat::q4_0: return scales_of_one(bytes, 8);
    case BlockFormat::q5_0: return scales_of_one(bytes, 16);
    case BlockFormat::q8_0: return scales_of_one(bytes, 128);
    case BlockFormat::q4_1:
    case BlockFormat::q5_1: return scales_with_minimum(bytes);
    case BlockFormat::q2_k: return scales_of_q2_k(bytes);
    case BlockFormat::q3_k: return scales_of_q3_k(bytes);
    case BlockFormat::q4_k:
    case BlockFormat::q5_k: return scales_of_six_bits(bytes);
    case BlockFormat::q6_k: return scales_of_q6_k(bytes);
    case BlockFormat::f32:
    case BlockFormat::f16:
    case BlockFormat::bf16: break;
  }
  assert(false && "plain numbers have no parts");
  return {};
}

BlockParts take_apart(BlockFormat format, const std::byte* block) {
  BlockParts parts{take_scales(format, block), {}};
  const Bytes bytes = bytes_at(block);
  std::uint8_t* q = parts.q.data();
  switch (format) {
    case BlockFormat::q4_0: take_halves(bytes + 2, 0, q); break;
    case BlockFormat::q4_1: take_halves(bytes + 4, 0, q); break;
    case BlockFormat::q5_0: take_halves(bytes + 6, word_at(bytes + 2), q); break;
    case BlockFormat::q5_1: take_halves(bytes + 8, word_at(bytes + 4), q); break;
    case BlockFormat::q8_0:
      for (int i = 0; i < 32; ++i) q[i] = bytes[2 + i] ^ 0x80U;
      break;
    case BlockFormat::q2_k: take_256(q, [&](int i) { return two_bits(bytes + 16, i); }); break;
    case BlockFormat::q3_k:
      take_256(q, [&](int i) { return two_bits(bytes + 32, i) | one_bit(bytes, i) << 2; });
      break;
    case BlockFormat::q4_k: take_256(q, [&](int i) { return four_bits(bytes + 16, i); }); break;
    case BlockFormat::q5_k:
      take_256(q, [&](int i) { return four_bits(bytes + 48, i) | one_bit(bytes + 16, i) << 4; });
      break;
    case BlockFormat::q6_k:
      take_256(q, [&](int i) { return four_bits_of_64(bytes, i) | two_bits(bytes + 128, i) << 4; });
      break;
    case BlockFormat::f32:
    case BlockFormat::f16:
    case BlockFormat::bf16: break;
  }
  return parts;
}

void put_values(const BlockParts& parts, float* out) {
  const float scale = float_of_half(parts.scale), minimum = float_of_half(parts.minimum);
  for (int begin = 0, part = 0; begin < parts.values; begin += parts.per_part, ++part) {
    const float step = scale * static_cast<float>(parts.scales[static_cast<std::size_t>(part)]);
    const float shift = minimum * static_cast<float>(parts.minima[static_cast<std::size_t>(part)]);
    for (int i = begin; i < begin + parts.per_part; ++i) {
      const int q = parts.q[static_cast<std::size_t>(i)] - parts.offset;
      out[i] = step * static_cast<float>(q) - shift;
    }
  }
}

}  // namespace inpaint::engine::kernels
