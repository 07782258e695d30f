#include "engine/service/local_engine.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <new>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Reply = Result<FillReply>;

FillRequest named(const char* path) { return {.path = path}; }

/// A reply that says which request it answers.
FillReply reply_to(const FillRequest& request) {
  return {.alternatives = {{.fills = {{.text = request.path}}}}};
}

std::unique_ptr<LocalEngine> started(LocalEngine::Serve serve) {
  auto engine = LocalEngine::start([serve = std::move(serve)] {
    return Result<std::pair<EngineInfo, LocalEngine::Serve>>({EngineInfo{.family = "fake"}, serve});
  });
  EXPECT_TRUE(engine);
  return std::unique_ptr<LocalEngine>(static_cast<LocalEngine*>(engine->release()));
}

std::future<Reply> ask(LocalEngine& engine, FillRequest request) {
  return std::async(std::launch::async, [&engine, request = std::move(request)]() mutable {
    return engine.fill(std::move(request));
  });
}

/// Until so many requests stand in line.
void wait_for_line(const LocalEngine& engine, std::size_t n) {
  while (engine.waiting() != n) std::this_thread::yield();
}

TEST(LocalEngine, OpensServesAndClosesOnOneThreadOfItsOwn) {
  std::vector<std::thread::id> threads;
  struct Weights {
    std::vector<std::thread::id>* threads;
    explicit Weights(std::vector<std::thread::id>* t) : threads(t) {}
    ~Weights() { threads->push_back(std::this_thread::get_id()); }
  };
  {
    auto engine = LocalEngine::start([&] {
      threads.push_back(std::this_thread::get_id());
      auto weights = std::make_shared<Weights>(&threads);
      return Result<std::pair<EngineInfo, LocalEngine::Serve>>(
          {EngineInfo{.family = "fake"}, [&threads, weights](const FillRequest& request) -> Reply {
             threads.push_back(std::this_thread::get_id());
             return reply_to(request);
           }});
    });
    ASSERT_TRUE(engine);
    EXPECT_EQ((*engine)->info().family, "fake");
    const Reply reply = (*engine)->fill(named("a"));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->alternatives[0].fills[0].text, "a");
  }
  ASSERT_EQ(threads.size(), 3U);
  EXPECT_NE(threads[0], std::this_thread::get_id());
  EXPECT_THAT(threads, testing::Each(threads[0]));
}

TEST(LocalEngine, AnErrorOfOpenIsTheErrorOfStart) {
  const auto engine = LocalEngine::start([] {
    return Result<std::pair<EngineInfo, LocalEngine::Serve>>(
        failure(ErrorCode::bad_weights, "model.safetensors", "truncated", "fetch it again"));
  });
  ASSERT_FALSE(engine);
  EXPECT_EQ(to_string(engine.error()), "model.safetensors: truncated: fetch it again");
}

TEST(LocalEngine, AnErrorOfOneRequestIsAnsweredAndTheNextIsServed) {
  const auto engine = started([](const FillRequest& request) -> Reply {
    if (request.path == "bad") return failure(ErrorCode::not_finite, "model", "bad");
    return reply_to(request);
  });
  EXPECT_EQ(engine->fill(named("bad")).error().code, ErrorCode::not_finite);
  EXPECT_TRUE(engine->fill(named("good")));
}

TEST(LocalEngine, AnExceptionInARequestIsItsErrorAndTheNextIsServed) {
  const auto engine = started([](const FillRequest& request) -> Reply {
    if (request.path == "memory") throw std::bad_alloc();
    if (request.path == "mistake") throw std::runtime_error("odd");
    return reply_to(request);
  });
  EXPECT_EQ(engine->fill(named("memory")).error().why, "out of memory");
  EXPECT_EQ(engine->fill(named("mistake")).error().why, "odd");
  EXPECT_TRUE(engine->fill(named("good")));
}

TEST(LocalEngine, AnExceptionWhileItOpensIsTheErrorOfStart) {
  const auto engine = LocalEngine::start(
      []() -> Result<std::pair<EngineInfo, LocalEngine::Serve>> { throw std::bad_alloc(); });
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, ErrorCode::internal);
}

TEST(LocalEngine, ServesInTheOrderOfAsking) {
  std::vector<std::string> served;
  std::latch serving(1), go_on(1);
  const auto engine = started([&](const FillRequest& request) -> Reply {
    served.push_back(request.path);
    if (request.path == "first") {
      serving.count_down();
      go_on.wait();
    }
    return reply_to(request);
  });
  std::vector<std::future<Reply>> replies;
  replies.push_back(ask(*engine, named("first")));
  serving.wait();
  for (const char* name : {"a", "b", "c"}) {
    replies.push_back(ask(*engine, named(name)));
    wait_for_line(*engine, replies.size() - 1);
  }
  go_on.count_down();
  std::vector<std::string> answers;
  for (auto& reply : replies) answers.push_back(reply.get()->alternatives[0].fills[0].text);
  EXPECT_THAT(answers, ElementsAre("first", "a", "b", "c"));
  EXPECT_EQ(served, answers);
  EXPECT_EQ(engine->waiting(), 0U);
}

TEST(LocalEngine, ManyThreadsGetTheirOwnAnswersOneAtATime) {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  const auto engine = started([&](const FillRequest& request) -> Reply {
    most = std::max<int>(most, ++inside);
    --inside;
    return reply_to(request);
  });
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string name = std::to_string(t) + "/" + std::to_string(i);
        const Reply reply = engine->fill(named(name.c_str()));
        if (!reply || reply->alternatives[0].fills[0].text != name) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(most, 1);
}

TEST(LocalEngine, ARequestCancelledWhileItWaitsIsNeverServed) {
  std::vector<std::string> served;
  std::latch serving(1), go_on(1);
  const auto engine = started([&](const FillRequest& request) -> Reply {
    served.push_back(request.path);
    serving.count_down();
    go_on.wait();
    return reply_to(request);
  });
  auto first = ask(*engine, named("first"));
  serving.wait();
  std::stop_source stop;
  FillRequest waiting = named("waiting");
  waiting.stop = stop.get_token();
  auto second = ask(*engine, std::move(waiting));
  wait_for_line(*engine, 1);
  stop.request_stop();
  go_on.count_down();
  EXPECT_TRUE(first.get());
  EXPECT_EQ(second.get().error().code, ErrorCode::cancelled);
  EXPECT_THAT(served, ElementsAre("first"));
}

TEST(LocalEngine, TheCallersStopReachesTheRequestThatIsServed) {
  std::latch serving(1);
  const auto engine = started([&](const FillRequest& request) -> Reply {
    serving.count_down();
    while (!request.stop.stop_requested())
      std::this_thread::yield();  // one forward after the other
    return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
  });
  std::stop_source stop;
  FillRequest request = named("long");
  request.stop = stop.get_token();
  auto reply = ask(*engine, std::move(request));
  serving.wait();
  stop.request_stop();
  EXPECT_EQ(reply.get().error().code, ErrorCode::cancelled);
}

TEST(LocalEngine, ClosingStopsWhatIsServedAndRefusesWhatWaits) {
  std::vector<std::string> served;
  std::latch serving(1);
  auto engine = started([&](const FillRequest& request) -> Reply {
    served.push_back(request.path);
    serving.count_down();
    // As a model without an end: nobody but the closing engine stops this request.
    while (!request.stop.stop_requested()) std::this_thread::yield();
    return failure(ErrorCode::cancelled, "fill", "stopped at a forward");
  });
  std::vector<std::future<Reply>> replies;
  replies.push_back(ask(*engine, named("served")));
  serving.wait();
  for (const char* name : {"a", "b"}) replies.push_back(ask(*engine, named(name)));
  wait_for_line(*engine, 2);
  engine.reset();
  for (auto& reply : replies) EXPECT_EQ(reply.get().error().code, ErrorCode::cancelled);
  EXPECT_THAT(served, ElementsAre("served"));
}

TEST(LocalEngine, ClosesAtOnceWhenNobodyAsks) {
  for (int i = 0; i < 20; ++i)
    started([](const FillRequest& request) -> Reply { return reply_to(request); });
}

}  // namespace
}  // namespace inpaint::engine
