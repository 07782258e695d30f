// What the tests of kernels share: numbers to work on, in both storage types, and the kinds of
// registers that this processor has.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {

/// Not std::normal_distribution alone: its numbers differ from one library to the next, which no
/// test here minds.
inline std::vector<float> normal_floats(std::mt19937& random, std::int64_t n, float scale = 1.0F) {
  std::normal_distribution<float> normal(0.0F, scale);
  std::vector<float> numbers(static_cast<std::size_t>(n));
  for (float& number : numbers) number = normal(random);
  return numbers;
}

inline std::vector<Bf16> rounded(const std::vector<float>& numbers) {
  std::vector<Bf16> out(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) store(out[i], numbers[i]);
  return out;
}

/// Narrow, and wide where there are such.
inline std::vector<bool> register_kinds() {
  return has_wide_registers() ? std::vector<bool>{false, true} : std::vector<bool>{false};
}

}  // namespace inpaint::engine::kernels
