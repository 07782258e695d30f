// One engine for several threads.
#include "lsp/evaluation/engine_thread.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using Reply = engine::Result<engine::FillReply>;
using Serve = std::function<Reply(const engine::FillRequest&)>;

engine::FillRequest named(std::string path) { return {.path = std::move(path)}; }

/// A reply that says which request it answers.
engine::FillReply reply_to(const engine::FillRequest& request) {
  return {.alternatives = {{.fills = {{.text = request.path}}}}};
}
std::string answer_of(const Reply& reply) { return reply->alternatives.front().fills.front().text; }

class ServingEngine final : public engine::Engine {
 public:
  ServingEngine(Serve serve, std::function<void()> gone)
      : serve_(std::move(serve)), gone_(std::move(gone)) {}
  ~ServingEngine() override { gone_(); }
  ServingEngine(const ServingEngine&) = delete;
  ServingEngine& operator=(const ServingEngine&) = delete;
  const engine::EngineInfo& info() const override { return info_; }
  Reply fill(engine::FillRequest request) override { return serve_(request); }

 private:
  Serve serve_;
  std::function<void()> gone_;
  engine::EngineInfo info_{.family = "fake"};
};

std::unique_ptr<engine::Engine> started(Serve serve, std::function<void()> gone = [] {}) {
  auto engine = EngineThread::start([&]() -> engine::Result<std::unique_ptr<engine::Engine>> {
    return std::make_unique<ServingEngine>(std::move(serve), std::move(gone));
  });
  EXPECT_TRUE(engine);
  return std::move(*engine);
}

TEST(EngineThread, OpensServesAndClosesOnOneThreadOfItsOwn) {
  std::vector<std::thread::id> threads;
  const auto note = [&] { threads.push_back(std::this_thread::get_id()); };
  {
    const auto engine = started(
        [&](const engine::FillRequest& request) -> Reply {
          note();
          return reply_to(request);
        },
        note);
    EXPECT_EQ(engine->info().family, "fake");
    EXPECT_EQ(answer_of(engine->fill(named("a"))), "a");
  }
  ASSERT_EQ(threads.size(), 2U);
  EXPECT_NE(threads.front(), std::this_thread::get_id());
  EXPECT_EQ(threads.front(), threads.back());
}

TEST(EngineThread, AnErrorOfOpeningIsTheErrorOfStart) {
  const auto engine = EngineThread::start([]() -> engine::Result<std::unique_ptr<engine::Engine>> {
    return engine::failure(engine::ErrorCode::bad_weights, "model.safetensors", "truncated");
  });
  ASSERT_FALSE(engine);
  EXPECT_EQ(to_string(engine.error()), "model.safetensors: truncated");
}

TEST(EngineThread, ManyThreadsGetTheirOwnAnswersOneAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  const auto engine = started([&](const engine::FillRequest& request) -> Reply {
    most = std::max<int>(most, ++inside);
    --inside;
    return reply_to(request);
  });
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const std::string name = std::to_string(t) + "/" + std::to_string(i);
          if (answer_of(engine->fill(named(name))) != name) ++wrong;
        }
      });
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(most, 1);
}

TEST(EngineThread, ARequestCancelledWhileItWaitsIsNeverServed) {
  std::vector<std::string> served;
  std::latch serving(1);
  std::stop_source first_stop;
  std::stop_source second_stop;
  const auto engine = started([&](const engine::FillRequest& request) -> Reply {
    served.push_back(request.path);
    serving.count_down();
    while (!request.stop.stop_requested()) std::this_thread::yield();  // forward after forward
    return engine::failure(engine::ErrorCode::cancelled, "fill", "stopped at a forward");
  });
  const auto ask = [&](const char* name, const std::stop_source& stop) {
    engine::FillRequest request = named(name);
    request.stop = stop.get_token();
    return std::async(std::launch::async, [&engine, request = std::move(request)]() mutable {
      return engine->fill(std::move(request));
    });
  };
  auto first = ask("first", first_stop);
  serving.wait();
  auto second = ask("second", second_stop);
  second_stop.request_stop();
  first_stop.request_stop();
  EXPECT_EQ(first.get().error().why, "stopped at a forward");
  EXPECT_EQ(second.get().error().why, "cancelled by the caller");
  EXPECT_EQ(served, std::vector<std::string>{"first"});
}

}  // namespace
}  // namespace inpaint::lsp
