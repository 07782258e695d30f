#include "engine/training/working_time.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(WorkingTime, LeavesOutWhatTheProcessWasStopped) {
  const struct {
    const char* what;
    double wall, busy, worked;
  } table[] = {
      {"alone on two cores", 30.0, 58.0, 30.0},
      {"beside a build", 30.0, 12.0, 30.0},
      {"starved", 30.0, 0.9, 30.0},
      {"stopped for an hour in the middle of a step", 3610.0, 9.0, 9.0},
      {"stopped all the time", 600.0, 0.0, 0.0},
      {"too short to tell", 2.0, 0.0, 2.0},
  };
  for (const auto& [what, wall, busy, expected] : table)
    EXPECT_EQ(worked(wall, busy), expected) << what;
}

TEST(WorkingTime, Grows) {
  WorkingTime time;
  double last = 0.0;
  for (int i = 0; i < 1000; ++i) {
    const double now = time.seconds();
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace inpaint::engine
