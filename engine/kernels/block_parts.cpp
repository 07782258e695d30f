// The file's order of bits, format by format: a row of 32 values is the low or the high half of bytes
// that lie side by side, and the bits that a half has no room for lie in an array of their own.

#include "engine/kernels/block_parts.h"

#include <cassert>

#include "engine/kernels/half.h"

namespace inpaint::engine::kernels {
namespace {

using Bytes = const std::uint8_t*;

std::uint16_t half_at(Bytes bytes) { return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8); }

std::int8_t small(int number) { return static_cast<std::int8_t>(number); }

BlockParts parts_of(int values, int per_part, int offset) {
  BlockParts parts{.values = values, .per_part = per_part, .offset = offset};
  parts.scales.fill(1);
  return parts;
}

/// q4_0, q4_1, q5_0, q5_1: a scale, a minimum or an offset, fifth bits or none, then halves of bytes.
BlockParts small_block(Bytes block, int offset, bool has_minimum, bool has_fifth_bits) {
  BlockParts parts = parts_of(32, 32, offset);
  parts.scale = half_at(block);
  block += 2;
  if (has_minimum) {
    parts.minimum = half_at(block);
    parts.minima[0] = -1;
    block += 2;
  }
  std::uint32_t fifth = 0;
  if (has_fifth_bits) {
    for (int k = 0; k < 4; ++k) fifth |= std::uint32_t{block[k]} << (8 * k);
    block += 4;
  }
  for (int i = 0; i < 16; ++i) {
    const unsigned low = block[i] & 15U, high = block[i] >> 4;
    parts.q[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(low | (fifth >> i & 1U) << 4);
    parts.q[static_cast<std::size_t>(i + 16)] =
        static_cast<std::uint8_t>(high | (fifth >> (i + 16) & 1U) << 4);
  }
  return parts;
}

BlockParts q8_0(Bytes block) {
  BlockParts parts = parts_of(32, 32, 128);
  parts.scale = half_at(block);
  for (std::size_t i = 0; i < 32; ++i) parts.q[i] = block[2 + i] ^ 0x80U;
  return parts;
}

/// Two bits of value i of q2_k and q3_k: four rows of 32 values share 32 bytes.
unsigned two_bits(Bytes bytes, int i) {
  return bytes[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3U;
}

/// Four bits of value i of q4_k and q5_k: two rows of 32 values share 32 bytes.
unsigned four_bits(Bytes bytes, int i) {
  return bytes[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15U;
}

BlockParts q2_k(Bytes block) {
  BlockParts parts = parts_of(256, 16, 0);
  for (std::size_t part = 0; part < 16; ++part) {
    parts.scales[part] = small(block[part] & 15);
    parts.minima[part] = small(block[part] >> 4);
  }
  for (int i = 0; i < 256; ++i)
    parts.q[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(two_bits(block + 16, i));
  parts.scale = half_at(block + 80);
  parts.minimum = half_at(block + 82);
  return parts;
}

BlockParts q3_k(Bytes block) {
  const Bytes third = block, low = block + 32, scales = block + 96;
  BlockParts parts = parts_of(256, 16, 4);
  for (int i = 0; i < 256; ++i)
    parts.q[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(two_bits(low, i) | (third[i % 32] >> (i / 32) & 1U) << 2);
  for (int part = 0; part < 16; ++part) {
    const int four = scales[part % 8] >> (part / 8 * 4) & 15;
    const int two = scales[8 + part % 4] >> (part / 4 * 2) & 3;
    parts.scales[static_cast<std::size_t>(part)] = small((four | two << 4) - 32);
  }
  parts.scale = half_at(block + 108);
  return parts;
}

/// q4_k and q5_k: eight scales and eight minima of six bits in twelve bytes. The first four of each
/// have a byte to themselves, whose upper two bits are those of the last four.
BlockParts middle_block(Bytes block, bool has_fifth_bits) {
  BlockParts parts = parts_of(256, 32, 0);
  parts.scale = half_at(block);
  parts.minimum = half_at(block + 2);
  const Bytes six = block + 4;
  for (std::size_t k = 0; k < 4; ++k) {
    parts.scales[k] = small(six[k] & 63);
    parts.minima[k] = small(six[k + 4] & 63);
    parts.scales[k + 4] = small((six[k + 8] & 15) | (six[k] >> 6) << 4);
    parts.minima[k + 4] = small((six[k + 8] >> 4) | (six[k + 4] >> 6) << 4);
  }
  const Bytes fifth = block + 16, low = has_fifth_bits ? block + 48 : block + 16;
  for (int i = 0; i < 256; ++i) {
    const unsigned bit = has_fifth_bits ? fifth[i % 32] >> (i / 32) & 1U : 0U;
    parts.q[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(four_bits(low, i) | bit << 4);
  }
  return parts;
}

BlockParts q6_k(Bytes block) {
  const Bytes low = block, high = block + 128, scales = block + 192;
  BlockParts parts = parts_of(256, 16, 32);
  for (int i = 0; i < 256; ++i) {
    // Of 128 values the first 64 are low halves of 64 bytes, the others their high halves.
    const unsigned four = low[i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15U;
    const unsigned two = two_bits(high, i);
    parts.q[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(four | two << 4);
  }
  for (std::size_t part = 0; part < 16; ++part)
    parts.scales[part] = static_cast<std::int8_t>(scales[part]);
  parts.scale = half_at(block + 208);
  return parts;
}

}  // namespace

BlockParts take_apart(BlockFormat format, const std::byte* block) {
  const Bytes bytes = reinterpret_cast<Bytes>(block);
  switch (format) {
    case BlockFormat::q4_0: return small_block(bytes, 8, false, false);
    case BlockFormat::q4_1: return small_block(bytes, 0, true, false);
    case BlockFormat::q5_0: return small_block(bytes, 16, false, true);
    case BlockFormat::q5_1: return small_block(bytes, 0, true, true);
    case BlockFormat::q8_0: return q8_0(bytes);
    case BlockFormat::q2_k: return q2_k(bytes);
    case BlockFormat::q3_k: return q3_k(bytes);
    case BlockFormat::q4_k: return middle_block(bytes, false);
    case BlockFormat::q5_k: return middle_block(bytes, true);
    case BlockFormat::q6_k: return q6_k(bytes);
    case BlockFormat::f32:
    case BlockFormat::f16:
    case BlockFormat::bf16: break;
  }
  assert(false && "plain numbers have no parts");
  return {};
}

void put_values(const BlockParts& parts, float* out) {
  const float scale = float_of_half(parts.scale), minimum = float_of_half(parts.minimum);
  for (int begin = 0, part = 0; begin < parts.values; begin += parts.per_part, ++part) {
    const float step = scale * static_cast<float>(parts.scales[static_cast<std::size_t>(part)]);
    const int least = parts.minima[static_cast<std::size_t>(part)];
    // Where there is no minimum nothing is subtracted: zero times an infinite one is not zero.
    const float shift =
        least == 0 && parts.minimum == 0 ? 0.0F : minimum * static_cast<float>(least);
    for (int i = begin; i < begin + parts.per_part; ++i) {
      const int q = parts.q[static_cast<std::size_t>(i)] - parts.offset;
      out[i] = step * static_cast<float>(q) - shift;
    }
  }
}

}  // namespace inpaint::engine::kernels
