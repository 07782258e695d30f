// The thread that owns the engine: what happens on it, and what comes back.
#include "lsp/worker/engine_worker.h"

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

/// What an engine leaves behind.
struct Story {
  std::vector<std::thread::id> threads;  // made, asked, gone
  std::vector<std::string> asked;
  std::atomic<int> refreshed = 0;  // begun
};

/// Answers with one text; a request with the path "long" runs until somebody stops it, and so does the
/// first refresh.
class ToldEngine final : public engine::Engine {
 public:
  ToldEngine(Story& story, std::latch& inside) : story_(story), inside_(inside) { note(); }
  ~ToldEngine() override { note(); }
  ToldEngine(const ToldEngine&) = delete;
  ToldEngine& operator=(const ToldEngine&) = delete;
  const engine::EngineInfo& info() const override { return info_; }

  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    note();
    story_.asked.push_back(request.path);
    if (request.path == "long") {
      inside_.count_down();
      while (!request.stop.stop_requested()) std::this_thread::yield();  // forward after forward
      return engine::failure(engine::ErrorCode::cancelled, "fill", "stopped at a forward");
    }
    engine::FillReply reply;
    const engine::Fill fill = test::fill_of({test::set_token("x", 0.9F)});
    reply.alternatives.push_back({std::vector(request.holes.size(), fill)});
    return reply;
  }

  engine::Result<void> refresh(const std::stop_token& stop) override {
    note();
    if (++story_.refreshed > 1) return {};
    while (!stop.stop_requested()) std::this_thread::yield();
    return engine::failure(engine::ErrorCode::cancelled, "refresh", "stopped at a forward");
  }

 private:
  void note() { story_.threads.push_back(std::this_thread::get_id()); }
  Story& story_;
  std::latch& inside_;
  engine::EngineInfo info_{.model_path = "told"};
};

class EngineWorkerTest : public testing::Test {
 protected:
  EngineWorkerTest() {
    const auto open =
        [this](const engine::Loading&) -> engine::Result<std::unique_ptr<engine::Engine>> {
      if (broken_) return engine::failure(engine::ErrorCode::bad_weights, "model", "cut short");
      return std::make_unique<ToldEngine>(story_, inside_);
    };
    worker_ = std::make_unique<EngineWorker>(loop_.get_executor(), EngineSource{.open = open});
  }

  static CompletionRequest request(const std::string& path) {
    CompletionRequest request;
    request.place.path = path;
    request.place.text = std::make_shared<const std::string>("a = ");
    request.place.cursor = 4;
    request.decoding.gate = false;
    return request;
  }
  void open() {
    worker_->open({}, [this](const engine::Result<OpenedEngine>& opened) {
      answers_.push_back(opened ? "open " + opened->info.model_path : to_string(opened.error()));
    });
  }
  void complete(const std::string& path, std::stop_token stop = {}) {
    CompletionRequest asked = request(path);
    asked.stop = std::move(stop);
    worker_->complete(std::move(asked), [this](const engine::Result<Completion>& completion) {
      EXPECT_EQ(std::this_thread::get_id(), here_) << "answers come on the session's strand";
      answers_.push_back(completion ? completion->candidates.front().text
                                    : to_string(completion.error()));
    });
  }
  void run_until(std::size_t n_answers) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (answers_.size() < n_answers) {
      loop_.restart();
      loop_.run_one();
    }
  }
  void run_until_refreshed(int times) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (story_.refreshed < times) {
      loop_.restart();
      loop_.poll();
      if (story_.refreshed < times) std::this_thread::yield();
    }
  }
  using Words = std::vector<std::string>;

  const std::thread::id here_ = std::this_thread::get_id();
  boost::asio::io_context loop_{1};
  Story story_;
  std::latch inside_{1};
  bool broken_ = false;
  Words answers_;
  std::unique_ptr<EngineWorker> worker_;
};

TEST_F(EngineWorkerTest, OpensAsksAndLetsGoOfTheEngineOnOneThreadOfItsOwn) {
  open();
  complete("a");
  complete("b");
  run_until(3);
  EXPECT_EQ(answers_, (Words{"open told", "x", "x"}));
  worker_.reset();
  ASSERT_EQ(story_.threads.size(), 4U);
  EXPECT_NE(story_.threads.front(), here_);
  for (const std::thread::id id : story_.threads) EXPECT_EQ(id, story_.threads.front());
}

TEST_F(EngineWorkerTest, ServesInTheOrderOfAskingCompletionsAndRewritesAlike) {
  open();
  complete("a");
  worker_->rewrite(
      request("b"),
      [](const Rewriter& rewriter, const CompletionRequest& about) {
        return rewriter.refill(about, {0, 1});
      },
      [this](const engine::Result<Rewriting>& rewriting) {
        answers_.push_back(rewriting ? rewriting->alternatives.front().front().text : "error");
      });
  complete("c");
  run_until(4);
  EXPECT_EQ(story_.asked, (Words{"a", "b", "c"}));
  EXPECT_EQ(answers_, (Words{"open told", "x", "x", "x"}));
}

TEST_F(EngineWorkerTest, WithoutAnEngineItSaysSo) {
  EXPECT_FALSE(worker_->has_engine());
  complete("a");
  broken_ = true;
  open();
  run_until(2);
  EXPECT_EQ(answers_, (Words{"engine: not open", "model: cut short"}));
  EXPECT_FALSE(worker_->has_engine());
  broken_ = false;
  open();
  complete("a");
  run_until(4);
  EXPECT_EQ(answers_.back(), "x");
  EXPECT_TRUE(worker_->has_engine());
  worker_->close();
  complete("a");
  run_until(5);
  EXPECT_EQ(answers_.back(), "engine: not open");
  EXPECT_FALSE(worker_->has_engine());
}

TEST_F(EngineWorkerTest, WhatIsTakenBackWhileItWaitsIsNeverAsked) {
  open();
  std::stop_source running;
  std::stop_source waiting;
  complete("long", running.get_token());
  complete("waiting", waiting.get_token());
  complete("last");
  inside_.wait();
  waiting.request_stop();
  running.request_stop();
  run_until(4);
  EXPECT_EQ(answers_,
            (Words{"open told", "fill: stopped at a forward", "completion: stopped", "x"}));
  EXPECT_EQ(story_.asked, (Words{"long", "last"}));
}

TEST_F(EngineWorkerTest, WhenNobodyAsksTheEngineRefreshesUntilSomebodyDoes) {
  open();
  complete("a");
  run_until(2);
  EXPECT_EQ(story_.refreshed, 0) << "not before a pause";
  run_until_refreshed(1);
  complete("b");  // which stops it, or waits for ever
  run_until(3);
  EXPECT_EQ(answers_.back(), "x");
  run_until_refreshed(2);
  worker_.reset();
  EXPECT_EQ(story_.asked, (Words{"a", "b"}));
  for (const std::thread::id id : story_.threads) EXPECT_EQ(id, story_.threads.front());
}

TEST_F(EngineWorkerTest, ClosingStopsARefresh) {
  open();
  complete("a");
  run_until_refreshed(1);
  worker_.reset();  // or waits for ever
  EXPECT_EQ(story_.refreshed, 1);
}

TEST_F(EngineWorkerTest, ClosingStopsWhatIsServedAndNeverBeginsWhatWaits) {
  open();
  complete("long");  // nobody but the end of the worker stops it
  complete("waiting");
  inside_.wait();
  worker_.reset();
  EXPECT_EQ(story_.asked, Words{"long"});
  loop_.restart();
  loop_.poll();
  EXPECT_TRUE(answers_.empty()) << "nobody is left to be answered";
  ASSERT_EQ(story_.threads.size(), 3U);
  EXPECT_EQ(story_.threads.back(), story_.threads.front());
}

}  // namespace
}  // namespace inpaint::lsp
