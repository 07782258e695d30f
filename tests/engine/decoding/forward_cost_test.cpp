// The price of a row is the slope of the line that forwards lie on.
#include "engine/decoding/forward_cost.h"

#include <random>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(ForwardCost, IsTheSlopeOfTheLine) {
  struct Case {
    const char* what;
    double first, row;  // seconds
  };
  for (const Case& c : {Case{"two cores", 0.020, 0.0016},
                        {"many cores", 0.010, 0.0001},
                        {"bound by arithmetic", 0.030, 0.012}}) {
    ForwardCost cost;
    std::mt19937_64 random(1);
    for (int i = 0; i < 300; ++i) {
      const int rows = 1 + static_cast<int>(random() % 12);
      const double noise = 0.9 + 0.2 * static_cast<double>(random() % 100) / 100.0;
      const bool disturbed = random() % 20 == 0;
      cost.learn(rows, (c.first + c.row * (rows - 1)) * noise * (disturbed ? 8.0 : 1.0));
    }
    EXPECT_NEAR(cost.row(), c.row / c.first, 0.25 * c.row / c.first + 0.01) << c.what;
    EXPECT_DOUBLE_EQ(cost.of(1), 1.0);
  }
}

TEST(ForwardCost, StaysWhereItIsWhileAllForwardsAreOfOneWidth) {
  ForwardCost cost;
  const double expected = cost.row();
  for (int i = 0; i < 1000; ++i) cost.learn(1, 0.02);
  EXPECT_NEAR(cost.row(), expected, 0.05);
  cost.learn(0, 1.0);
  cost.learn(3, 0.0);
  EXPECT_GT(cost.row(), 0.0);
}

TEST(ForwardCost, MayBeKnown) {
  ForwardCost cost = ForwardCost::fixed(0.5);
  cost.learn(1, 1.0);
  cost.learn(9, 1.0);
  EXPECT_EQ(cost.row(), 0.5);
  EXPECT_EQ(cost.of(3), 2.0);
}

}  // namespace
}  // namespace inpaint::engine
