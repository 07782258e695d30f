#include "engine/base/elapsed.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using std::chrono::steady_clock;

TEST(Elapsed, IsInMillisecondsWithTheirFractions) {
  const steady_clock::time_point start = steady_clock::now() - std::chrono::microseconds(2500);
  const double first = milliseconds_since(start);
  const double second = milliseconds_since(start);
  EXPECT_GE(first, 2.5);
  EXPECT_LT(first, 2500.0) << "these were microseconds";
  EXPECT_GE(second, first);
}

TEST(Elapsed, OfAMomentToComeItIsLessThanNothing) {
  EXPECT_LT(milliseconds_since(steady_clock::now() + std::chrono::hours(1)), 0.0);
}

}  // namespace
}  // namespace inpaint::engine
