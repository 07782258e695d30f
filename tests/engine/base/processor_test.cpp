#include "engine/base/processor.h"

#include <sched.h>

#include <thread>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(Processor, HasACoreAtLeastAndNoMoreThanThreads) {
  EXPECT_GE(physical_cores(), 1);
  EXPECT_LE(physical_cores(), static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_NE(processor_name(), "");
}

TEST(Processor, CountsTheCoresThatAThreadMayRunOn) {
  int cores = 0;
  std::thread([&cores] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);  // of this thread alone
    cores = physical_cores();
  }).join();
  EXPECT_EQ(cores, 1);
}

}  // namespace
}  // namespace inpaint::engine
