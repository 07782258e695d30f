// The exponential function inside of vectorised loops.
//
// Thread rule: any thread; no state.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {

/// exp(x) without a call, so that loops over it vectorise: 2^n times a polynomial of degree six on
/// [-ln2/2, ln2/2]; relative error below 1e-6 on the range that is not clamped. NaN gives NaN.
INPAINT_INLINE float fast_exp(float x) {
  constexpr float kLog2e = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;
  constexpr float kLn2Low = -2.12194440e-4F;
  x = x < -87.0F ? -87.0F : x;
  x = x > 88.0F ? 88.0F : x;
  const auto n = static_cast<std::int32_t>(x * kLog2e + (x < 0 ? -0.5F : 0.5F));
  const auto whole = static_cast<float>(n);
  const float r = (x - whole * kLn2High) - whole * kLn2Low;
  float p = 1.0F / 720.0F;
  p = p * r + 1.0F / 120.0F;
  p = p * r + 1.0F / 24.0F;
  p = p * r + 1.0F / 6.0F;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  return p * std::bit_cast<float>(static_cast<std::uint32_t>(n + 127) << 23);
}

INPAINT_INLINE float sigmoid(float x) { return 1.0F / (1.0F + fast_exp(-x)); }

}  // namespace inpaint::engine::kernels
