#include "engine/kernels/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace inpaint::engine::kernels {
namespace {

using Clock = std::chrono::steady_clock;

struct Split {
  int threads;
  std::int64_t n, grain;
};
constexpr Split kSplits[] = {{1, 10, 3}, {2, 1, 1},   {2, 8, 8},     {2, 9, 8},
                             {2, 7, 8},  {2, 100, 1}, {3, 1000, 8},  {4, 65536, 32},
                             {3, 5, 1},  {2, 0, 1},   {2, 1001, 10}, {-4, 12, 5}};

TEST(ThreadPool, DoesEachPartOnceWithBordersAtTheGrain) {
  for (const Split& s : kSplits) {
    ThreadPool pool(s.threads);
    EXPECT_EQ(pool.size(), std::max(s.threads, 1));
    std::vector<std::atomic<int>> times(static_cast<std::size_t>(s.n));
    std::atomic<int> bad_borders = 0;
    pool.run(s.n, s.grain, [&](std::int64_t begin, std::int64_t end) {
      if (begin >= end || begin % s.grain != 0 || (end % s.grain != 0 && end != s.n)) ++bad_borders;
      for (std::int64_t i = begin; i < end; ++i) ++times[static_cast<std::size_t>(i)];
    });
    EXPECT_EQ(bad_borders, 0) << s.n;
    EXPECT_TRUE(std::ranges::all_of(times, [](const auto& t) { return t == 1; }))
        << s.threads << " threads, " << s.n << " by " << s.grain;
  }
}

TEST(ThreadPool, WhatThePartsWroteIsThereAfterTheRun) {
  ThreadPool pool(3);
  std::vector<std::int64_t> numbers(64, 0);  // plain memory: the run itself must order the accesses
  for (std::int64_t round = 1; round <= 20'000; ++round) {
    pool.run(64, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) numbers[static_cast<std::size_t>(i)] += round;
    });
    ASSERT_EQ(std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0}),
              64 * (round * (round + 1) / 2));
  }
}

TEST(ThreadPool, WakesThreadsThatWentToSleep) {
  ThreadPool pool(2);
  for (int round = 0; round < 200; ++round) {
    // Two parts that wait for one another are done only by two threads at once.
    std::atomic<int> begun = 0, met = 0;
    pool.run(2, 1, [&](std::int64_t, std::int64_t) {
      ++begun;
      const auto end = Clock::now() + std::chrono::seconds(20);
      while (begun < 2 && Clock::now() < end) {
      }
      if (begun == 2) ++met;
    });
    ASSERT_EQ(met, 2) << "round " << round;
    // Longer and longer, up to a millisecond: the others spin in the first rounds and sleep in the last.
    const auto end = Clock::now() + std::chrono::microseconds(5 * round);
    while (Clock::now() < end) {
    }
  }
}

TEST(ThreadPool, EndsWhileItsThreadsSpinSleepOrHaveNotEvenBegun) {
  for (int round = 0; round < 300; ++round) {
    ThreadPool pool(3);
    std::atomic<int> done = 0;
    if (round % 3 != 0)
      pool.run(3, 1, [&](std::int64_t begin, std::int64_t end) { done += int(end - begin); });
    EXPECT_EQ(done, round % 3 != 0 ? 3 : 0);
    const auto end = Clock::now() + std::chrono::microseconds(round);
    while (Clock::now() < end) {
    }
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they need address space
/// In a process of its own: no memory for the stacks of so many threads, then a run.
[[noreturn]] void run_without_threads() {
  std::ifstream pages("/proc/self/statm");
  rlim_t n_pages = 0;
  pages >> n_pages;
  const rlim_t limit = n_pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + (2U << 20);
  const rlimit limits{.rlim_cur = limit, .rlim_max = limit};
  if (setrlimit(RLIMIT_AS, &limits) != 0) std::_Exit(2);
  ThreadPool pool(64);  // the C library keeps the stacks of some threads that have ended
  std::atomic<std::int64_t> done = 0;
  pool.run(100, 1, [&](std::int64_t begin, std::int64_t end) { done += end - begin; });
  std::_Exit(pool.size() < 64 && done == 100 ? 0 : 1);
}

TEST(ThreadPool, WorksWithTheThreadsThatTheSystemGives) {
  EXPECT_EXIT(run_without_threads(), testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace inpaint::engine::kernels
