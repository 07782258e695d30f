#include "engine/kernels/logit_sums.h"

#include <cmath>
#include <cstddef>
#include <limits>

#include "engine/kernels/fast_exp.h"
#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {
namespace {

/// Sums are kept in lanes, so that their order does not depend on the width of registers.
constexpr std::size_t kSumLanes = 16;

/// NaN where any is.
INPAINT_CLONES float greatest(const float* logits, std::size_t n) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  float highest = -kInfinity;
  int odd = 0;
#pragma omp simd reduction(max : highest) reduction(| : odd)
  for (std::size_t i = 0; i < n; ++i) {
    highest = logits[i] > highest ? logits[i] : highest;
    odd |= logits[i] <= kInfinity ? 0 : 1;
  }
  return odd != 0 ? std::numeric_limits<float>::quiet_NaN() : highest;
}

INPAINT_CLONES void add_exps(const float* logits, std::size_t n, float highest, float* sums) {
  for (std::size_t i = 0; i + kSumLanes <= n; i += kSumLanes)
#pragma omp simd
    for (std::size_t lane = 0; lane < kSumLanes; ++lane)
      sums[lane] += fast_exp(logits[i + lane] - highest);
}

}  // namespace

float log_sum_exp(std::span<const float> logits) {
  const float highest = greatest(logits.data(), logits.size());
  if (!std::isfinite(highest)) return highest;
  float sums[kSumLanes] = {};
  add_exps(logits.data(), logits.size(), highest, sums);
  double sum = 0.0;
  for (const float lane : sums) sum += static_cast<double>(lane);
  for (std::size_t i = logits.size() / kSumLanes * kSumLanes; i < logits.size(); ++i)
    sum += std::exp(static_cast<double>(logits[i] - highest));
  return highest + static_cast<float>(std::log(sum));
}

}  // namespace inpaint::engine::kernels
