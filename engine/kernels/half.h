// Numbers of 16 bits with five bits of exponent (IEEE 754 binary16), as files of weights have them.
//
// By integers, so that it is the same on every processor; a NaN stays a NaN.
// Thread rule: any thread; no state.
#pragma once

#include <bit>
#include <cstdint>

namespace inpaint::engine::kernels {

/// Exact: every half is a float.
inline float float_of_half(std::uint16_t half) {
  constexpr std::uint32_t kRebias = 112U << 23;  // exponents count from 15 there and from 127 here
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
  const std::uint32_t magnitude = half & 0x7FFFU;
  std::uint32_t bits = (magnitude << 13) + kRebias;
  if (magnitude < 0x400U)
    bits = std::bit_cast<std::uint32_t>(static_cast<float>(magnitude) * 0x1p-24F);
  if (magnitude >= 0x7C00U) bits += kRebias;
  return std::bit_cast<float>(sign | bits);
}

/// Rounds to nearest, ties to even; beyond 65504 infinite.
inline std::uint16_t half_of_float(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  const std::uint32_t sign = (bits >> 16) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFF'FFFFU;
  std::uint32_t half = 0;
  if (magnitude > 0x7F80'0000U) {
    half = 0x7E00U;
  } else if (magnitude >= 0x4780'0000U) {  // 65536
    half = 0x7C00U;
  } else if (magnitude < 0x3880'0000U) {  // 2^-14: the last place of 0.5F is that of small halves
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    half = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5F);
  } else {
    half = (magnitude + 0xFFFU + ((magnitude >> 13) & 1U) - (112U << 23)) >> 13;
  }
  return static_cast<std::uint16_t>(sign | half);
}

}  // namespace inpaint::engine::kernels
