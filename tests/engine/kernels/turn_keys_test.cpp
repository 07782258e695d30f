// Keys that are turned are those of the other position.

#include "engine/kernels/turn_keys.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/fused_kernels.h"
#include "engine/kernels/tile.h"
#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

constexpr int kWidth = 16;
constexpr std::int64_t kRows = 70;  // in three blocks

/// cos and sin [kWidth] of a position.
std::pair<std::vector<float>, std::vector<float>> rotation(int position) {
  std::vector<float> cos(kWidth), sin(kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) {
    const double angle =
        position * std::pow(10000.0, -2.0 * static_cast<double>(i % (kWidth / 2)) / kWidth);
    cos[i] = static_cast<float>(std::cos(angle));
    sin[i] = static_cast<float>(std::sin(angle));
  }
  return {cos, sin};
}

/// The key of `row` in packed blocks, as norm_rotate makes it at a position.
void write_key(std::vector<float>& blocks, std::int64_t row, const std::vector<float>& key,
               int position) {
  const auto [cos, sin] = rotation(position);
  std::vector<float> turned(kWidth);
  norm_rotate(key.data(), static_cast<const float*>(nullptr),
              {cos.data(), sin.data(), kWidth, 0.0F}, turned.data(), nullptr);
  for (std::int64_t i = 0; i < kWidth; ++i)
    blocks[static_cast<std::size_t>((row / kLanes * kWidth + i) * kLanes + row % kLanes)] =
        turned[static_cast<std::size_t>(i)];
}

TEST(TurnKeys, AreThoseOfTheOtherPosition) {
  std::mt19937 random(3);
  for (const int by : {0, 1, 20, -7, 900}) {
    std::vector<float> blocks(static_cast<std::size_t>(whole_lanes(kRows) * kWidth));
    std::vector<float> expected = blocks;
    std::vector<std::int64_t> turned;
    for (std::int64_t row = 0; row < kRows; ++row) {
      const std::vector<float> key = normal_floats(random, kWidth);
      const int position = 10 + static_cast<int>(random() % 1000);
      const bool turns = random() % 2 == 0;
      if (turns) turned.push_back(row);
      write_key(blocks, row, key, position);
      write_key(expected, row, key, position + (turns ? by : 0));
    }
    const auto [cos, sin] = rotation(by);
    turn_keys(blocks.data(), kWidth, turned, cos.data(), sin.data());
    for (std::size_t i = 0; i < blocks.size(); ++i)
      ASSERT_NEAR(blocks[i], expected[i], 2e-6) << "by " << by;
  }
}

}  // namespace
}  // namespace inpaint::engine::kernels
