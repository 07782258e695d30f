#include "lsp/base/background_thread.h"

#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using engine::Result;

class BackgroundThreadTest : public testing::Test {
 protected:
  /// Has `work` done, and keeps what became of it.
  void run(std::function<Result<int>()> work) {
    thread_->run<int>("work", std::move(work), [this](const Result<int>& result) {
      results_.push_back(result ? std::to_string(*result) : to_string(result.error()));
    });
  }
  void run_until(std::size_t n) {
    const auto guard = boost::asio::make_work_guard(loop_);
    while (results_.size() < n) loop_.run_one();
  }

  boost::asio::io_context loop_{1};
  std::optional<BackgroundThread> thread_{loop_.get_executor()};
  std::vector<std::string> results_;
};

TEST_F(BackgroundThreadTest, ResultsComeInTheOrderOfTheWork) {
  for (int i = 0; i < 3; ++i) run([i] { return i; });
  run_until(3);
  EXPECT_EQ(results_, (std::vector<std::string>{"0", "1", "2"}));
}

TEST_F(BackgroundThreadTest, WorkThatThrowsIsAnErrorAndTheThreadGoesOn) {
  run([]() -> Result<int> { throw std::bad_alloc(); });
  run([]() -> Result<int> { throw std::runtime_error("odd"); });
  run([]() -> Result<int> { throw 7; });
  run([] { return 7; });
  run_until(4);
  EXPECT_EQ(results_[0], "work: out of memory: close what needs much of it");
  EXPECT_TRUE(results_[1].starts_with("work: odd: ")) << results_[1];
  EXPECT_TRUE(results_[2].starts_with("work: an exception")) << results_[2];
  EXPECT_EQ(results_[3], "7");
}

TEST_F(BackgroundThreadTest, NoResultIsCalledOnceItIsGone) {
  run([] { return 1; });
  thread_.reset();
  loop_.run();
  EXPECT_TRUE(results_.empty());
}

}  // namespace
}  // namespace inpaint::lsp
