#include "lsp/command/interrupt.h"

#include <csignal>
#include <future>

#include <unistd.h>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

TEST(Interrupt, AsksTheWorkToStop) {
  Interrupt interrupt(STDOUT_FILENO);
  std::promise<void> stopped;
  const std::stop_callback on_stop(interrupt.token(), [&] { stopped.set_value(); });
  interrupt.begin_work();
  ::kill(::getpid(), SIGINT);
  stopped.get_future().wait();
  EXPECT_TRUE(interrupt.token().stop_requested());
}

TEST(Interrupt, LeavesTheSignalsAsTheyWere) {
  {
    const Interrupt interrupt(STDOUT_FILENO);
  }
  sigset_t blocked;
  sigemptyset(&blocked);
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGINT), 0);
  EXPECT_EQ(sigismember(&blocked, SIGTERM), 0);
}

/// Raises a signal and waits for the end that it must bring.
[[noreturn]] void end_by(int signal) {
  ::kill(::getpid(), signal);
  while (true) ::pause();
}

TEST(InterruptDeathTest, EndsTheProcessWhileNothingLooksAtTheToken) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        Interrupt interrupt(STDOUT_FILENO);
        end_by(SIGINT);
      },
      testing::ExitedWithCode(130), "");
}

TEST(InterruptDeathTest, EndsTheProcessWhenAskedTwice) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        Interrupt interrupt(STDOUT_FILENO);
        interrupt.begin_work();
        std::promise<void> stopped;
        const std::stop_callback on_stop(interrupt.token(), [&] { stopped.set_value(); });
        ::kill(::getpid(), SIGINT);
        stopped.get_future().wait();
        end_by(SIGTERM);
      },
      testing::ExitedWithCode(143), "");
}

}  // namespace
}  // namespace inpaint::lsp
