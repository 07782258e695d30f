// The mean of weights, step by step against all at once.

#include "engine/training/weight_average.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(WeightAverage, IsTheMeanOfWhatWasAdded) {
  at::manual_seed(3);
  WeightAverage average;
  EXPECT_TRUE(average.empty());
  const at::Tensor steps = at::randn({5, 4, 3});
  at::Tensor weight = at::empty({4, 3});  // one tensor that moves, as a master does
  for (int step = 0; step < 5; ++step) {
    weight.copy_(steps[step]);
    average.add({{"matrix", weight}});
  }
  EXPECT_EQ(average.steps(), 5);
  EXPECT_EQ(average.means().front().first, "matrix");
  EXPECT_LT((average.mean(0) - steps.mean(0)).abs().max().item<double>(), 1e-6);
}

TEST(WeightAverage, GoesOnFromAnother) {
  WeightAverage average;
  average.restore({{"vector", at::full({2}, 1.0)}}, 3);
  average.add({{"vector", at::full({2}, 5.0)}});
  EXPECT_EQ(average.steps(), 4);
  EXPECT_NEAR(average.mean(0)[0].item<double>(), 2.0, 1e-6);
}

}  // namespace
}  // namespace inpaint::engine
