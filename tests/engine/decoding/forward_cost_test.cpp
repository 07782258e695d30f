// The cost of a forward is the curve that forwards lie on.
#include "engine/decoding/forward_cost.h"

#include <algorithm>
#include <functional>
#include <random>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(ForwardCost, FollowsTheCurve) {
  struct Case {
    const char* what;
    std::function<double(int rows)> seconds;
  };
  const Case cases[] = {
      {"a straight line", [](int rows) { return 0.02 + 0.0016 * (rows - 1); }},
      {"rows that cost next to nothing", [](int rows) { return 0.01 + 0.0001 * rows; }},
      {"nothing up to four rows, then much",
       [](int rows) { return 0.02 + 0.006 * std::max(0, rows - 4); }},
      {"bound by arithmetic", [](int rows) { return 0.01 * rows; }},
  };
  for (const Case& c : cases) {
    ForwardCost cost;
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
      const int rows = 1 + static_cast<int>(random() % 16);
      const double noise = 0.95 + 0.1 * static_cast<double>(random() % 100) / 100.0;
      cost.learn(rows, c.seconds(rows) * noise * (random() % 50 == 0 ? 8.0 : 1.0));
    }
    EXPECT_DOUBLE_EQ(cost.of(1), 1.0) << c.what;
    for (int rows = 2; rows <= 16; ++rows) {
      const double exact = c.seconds(rows) / c.seconds(1);
      EXPECT_NEAR(cost.of(rows), exact, 0.2 * exact) << c.what << ", " << rows << " rows";
      EXPECT_GE(cost.of(rows), cost.of(rows - 1)) << c.what;
    }
  }
}

TEST(ForwardCost, FollowsAMachineThatBecomesBusy) {
  ForwardCost cost;
  for (const double slower : {1.0, 3.0, 1.0})
    for (int i = 0; i < 300; ++i)
      for (const int rows : {1, 4}) cost.learn(rows, 0.02 * slower * (rows == 4 ? 1.5 : 1.0));
  EXPECT_NEAR(cost.of(4), 1.5, 0.1);
}

TEST(ForwardCost, IsNotMovedByWhatSaysNothing) {
  ForwardCost cost;
  const double expected = cost.of(4);
  for (int i = 0; i < 1000; ++i) cost.learn(1, 0.02);
  cost.learn(0, 1.0);
  cost.learn(3, 0.0);
  cost.learn(500, 1.0);
  EXPECT_EQ(cost.of(4), expected);
  EXPECT_GT(cost.of(500), cost.of(32));
}

TEST(ForwardCost, MayBeKnown) {
  ForwardCost cost = ForwardCost::fixed(0.5);
  cost.learn(1, 1.0);
  cost.learn(9, 1.0);
  EXPECT_EQ(cost.of(3), 2.0);
  EXPECT_EQ(cost.of(101), 51.0);
}

}  // namespace
}  // namespace inpaint::engine
