#include "engine/weights/pretrained_finite.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;

// Where all bits of the exponent are set, the number is infinite or none.
constexpr std::uint32_t kF32Exponent = 0x7F80'0000;
constexpr std::uint16_t kF16Exponent = 0x7C00;
constexpr std::uint16_t kBf16Exponent = 0x7F80;

template <class Bits>
bool all_below(Bits exponent, std::span<const std::byte> data) {
  bool all = true;
  for (std::size_t at = 0; at + sizeof(Bits) <= data.size(); at += sizeof(Bits)) {
    Bits bits;
    std::memcpy(&bits, data.data() + at, sizeof(Bits));
    all &= (bits & exponent) != exponent;
  }
  return all;
}

// Bytes of a block at which halves stand, -1: none.
struct Scales {
  int first = 0, second = -1;
};

// Source: the block structures of ggml (ggml-common.h).
Scales scales_of(BlockFormat format) {
  switch (format) {
    case BlockFormat::q4_1:
    case BlockFormat::q5_1:
    case BlockFormat::q4_k:
    case BlockFormat::q5_k: return {.first = 0, .second = 2};
    case BlockFormat::q2_k: return {.first = 80, .second = 82};
    case BlockFormat::q3_k: return {.first = 108};
    case BlockFormat::q6_k: return {.first = 208};
    default: return {};
  }
}

}  // namespace

static_assert(std::endian::native == std::endian::little, "files of weights are little endian");

bool are_finite(BlockFormat format, std::span<const std::byte> blocks) {
  switch (format) {
    case BlockFormat::f32: return all_below(kF32Exponent, blocks);
    case BlockFormat::f16: return all_below(kF16Exponent, blocks);
    case BlockFormat::bf16: return all_below(kBf16Exponent, blocks);
    default: break;
  }
  const auto block_bytes = static_cast<std::size_t>(kernels::shape_of(format).bytes);
  const Scales scales = scales_of(format);
  for (std::size_t at = 0; at + block_bytes <= blocks.size(); at += block_bytes) {
    for (const int place : {scales.first, scales.second}) {
      if (place < 0) continue;
      std::uint16_t half = 0;
      std::memcpy(&half, blocks.data() + at + place, sizeof(half));
      if ((half & kF16Exponent) == kF16Exponent) return false;
    }
  }
  return true;
}

}  // namespace inpaint::engine
