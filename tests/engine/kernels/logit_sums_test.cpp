#include "engine/kernels/logit_sums.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/gated_unit.h"

namespace inpaint::engine::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(LogitSums, AreThoseOfDoubles) {
  std::mt19937 random(7);
  std::normal_distribution<float> draw(0.0F, 6.0F);
  for (const std::size_t n : {1U, 15U, 16U, 17U, 1000U, 4099U}) {
    std::vector<float> logits(n);
    double sum = 0.0;
    for (float& logit : logits) {
      logit = draw(random) + 50.0F;
      sum += std::exp(static_cast<double>(logit));
    }
    EXPECT_NEAR(static_cast<double>(log_sum_exp(logits)), std::log(sum), 1e-5) << n;
  }
}

TEST(LogitSums, LeaveOutWhatHasNoProbability) {
  std::vector<float> logits(100, -kInfinity);
  logits[37] = 2.0F;
  EXPECT_FLOAT_EQ(log_sum_exp(logits), 2.0F);
}

TEST(LogitSums, AreNotFiniteWhereALogitIsOdd) {
  for (const float odd : {kInfinity, std::numeric_limits<float>::quiet_NaN()})
    for (const std::size_t at : {0U, 50U, 99U}) {
      std::vector<float> logits(100, 1.0F);
      logits[at] = odd;
      EXPECT_FALSE(std::isfinite(log_sum_exp(logits))) << odd << " at " << at;
    }
  EXPECT_FALSE(std::isfinite(log_sum_exp(std::vector<float>(20, -kInfinity))));
}

TEST(GatedUnit, MultipliesByTheSiluOfTheGate) {
  std::vector<float> gate, x, expected;
  for (int i = -60; i <= 60; ++i) {
    const float g = 0.3F * static_cast<float>(i), up = 1.0F + 0.01F * static_cast<float>(i);
    gate.push_back(g);
    x.push_back(up);
    expected.push_back(up * g / (1.0F + std::exp(-g)));
  }
  multiply_by_silu(gate.data(), static_cast<std::int64_t>(x.size()), x.data());
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(static_cast<double>(x[i]), static_cast<double>(expected[i]), 1e-5) << gate[i];
}

}  // namespace
}  // namespace inpaint::engine::kernels
