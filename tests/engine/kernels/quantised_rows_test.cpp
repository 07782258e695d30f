#include "engine/kernels/quantised_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

RoundedBlock rounded_block(const std::vector<float>& x) {
  RoundedBlock block;
  round_block(x.data(), block);
  return block;
}

void expect_sums(const RoundedBlock& block) {
  const int first = std::accumulate(block.q, block.q + 16, 0);
  const int second = std::accumulate(block.q + 16, block.q + 32, 0);
  EXPECT_EQ(block.half_sums[0], first);
  EXPECT_EQ(block.half_sums[1], second);
  EXPECT_EQ(block.sum, first + second);
  EXPECT_EQ(block.scaled_sum, block.scale * static_cast<float>(block.sum));
}

TEST(RoundBlock, GreatestMagnitudeIs127AndOthersAreTheNearestSteps) {
  std::mt19937 random(21);
  for (const float size : {1e-30F, 0.01F, 1.0F, 1e30F}) {
    const std::vector<float> x = normal_floats(random, 32, size);
    const RoundedBlock block = rounded_block(x);
    float greatest = 0.0F;
    for (const float number : x) greatest = std::max(greatest, std::abs(number));
    EXPECT_EQ(block.scale, greatest / 127.0F);
    for (std::size_t i = 0; i < 32; ++i) {
      EXPECT_LE(std::abs(block.q[i]), 127);
      EXPECT_NEAR(static_cast<double>(block.q[i]), double{x[i]} / double{block.scale}, 0.5001);
    }
    expect_sums(block);
  }
}

TEST(RoundBlock, HalvesGoToTheEvenStep) {
  std::vector<float> x(32, 0.0F);
  const float given[] = {127.0F, 0.5F, 1.5F, -0.5F, -2.5F, -3.5F};
  const int steps[] = {127, 0, 2, 0, -2, -4};
  std::ranges::copy(given, x.begin());
  const RoundedBlock block = rounded_block(x);
  for (std::size_t i = 0; i < std::size(steps); ++i) EXPECT_EQ(block.q[i], steps[i]) << i;
}

TEST(RoundBlock, NothingIsZerosAndSoAreTheLeastNumbers) {
  for (const float number : {0.0F, -0.0F, 1e-44F}) {
    const RoundedBlock block = rounded_block(std::vector<float>(32, number));
    EXPECT_TRUE(std::ranges::all_of(block.q, [](int q) { return q == 0; }));
    EXPECT_EQ(block.scale, 0.0F);
    expect_sums(block);
  }
}

TEST(RoundBlock, OneNumberThatIsNotFiniteMakesTheBlockNotANumber) {
  for (const float bad : {std::nanf(""), -std::nanf(""), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()}) {
    std::vector<float> x(32, 1.0F);
    x[17] = bad;
    const RoundedBlock block = rounded_block(x);
    EXPECT_TRUE(std::isnan(block.scale));
    EXPECT_TRUE(std::isnan(block.scaled_sum));
  }
}

TEST(RoundedRows, PanelsHoldEachRowOnceAndAsItIsAlone) {
  std::mt19937 random(22);
  ThreadPool pool(2);
  for (const std::int64_t inputs : {32, 896, 4864, 65536})
    for (const std::int64_t rows : {1, 2, 5, 16, 64, 65, 130}) {
      if (rows * inputs > 2'000'000) continue;
      const std::vector<float> x = normal_floats(random, rows * inputs);
      const RoundedRows rounded(x.data(), rows, inputs, pool);
      EXPECT_EQ(rounded.n_blocks(), inputs / 32);
      std::int64_t row = 0;
      for (std::int64_t panel = 0; panel < rounded.n_panels(); ++panel) {
        EXPECT_EQ(rounded.first_row(panel), row);
        const std::int64_t n = rounded.rows_of(panel);
        ASSERT_GE(n, 1);
        ASSERT_LE(n, RoundedRows::kMostPanelRows);
        for (std::int64_t i = 0; i < n; ++i, ++row)
          for (std::int64_t block = 0; block < inputs / 32; ++block) {
            RoundedBlock alone;
            round_block(x.data() + row * inputs + block * 32, alone);
            ASSERT_EQ(std::memcmp(rounded.panel(panel) + block * n + i, &alone, sizeof alone), 0)
                << "row " << row << " of " << rows << ", block " << block;
          }
      }
      EXPECT_EQ(row, rows);
    }
}

}  // namespace
}  // namespace inpaint::engine::kernels
