// Who answers while a model is loaded, and what becomes of both in every way in which that can end.
#include <atomic>
#include <functional>
#include <latch>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "lsp/worker/engine_keeper.h"
#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

using test::FakeEngine;
using test::HeldEngine;

constexpr std::uint64_t kAll = 400'000'000;
constexpr int kSteps = 4;

/// An engine that notes on which thread it is let go of.
class MortalEngine final : public FakeEngine {
 public:
  MortalEngine(test::Script script, std::shared_ptr<test::Asked> asked,
               std::atomic<std::thread::id>& gone_on)
      : FakeEngine(std::move(script), std::move(asked)), gone_on_(gone_on) {}
  ~MortalEngine() override { gone_on_ = std::this_thread::get_id(); }
  MortalEngine(const MortalEngine&) = delete;
  MortalEngine& operator=(const MortalEngine&) = delete;

 private:
  std::atomic<std::thread::id>& gone_on_;
};

/// The stand-in answers "s", the wanted model "w", which is loaded in steps that a test allows.
class StandInTest : public test::SessionTest {
 protected:
  enum class End : std::uint8_t { ready, fails, throws, never };

  EngineSource engines() override {
    return {.open = [this](const engine::Loading& loading) { return load(loading); },
            .open_stand_in = [this] { return open_stand_in(); }};
  }

  engine::Result<std::unique_ptr<engine::Engine>> open_stand_in() {
    worker_thread_ = std::this_thread::get_id();
    if (hold_stand_in_) hold_stand_in_->wait();
    if (!has_stand_in_) return nullptr;
    if (broken_stand_in_)
      return engine::failure(engine::ErrorCode::bad_weights, "mini", "cut short", "install again");
    auto made = std::make_unique<MortalEngine>(scripted("s", "/m/mini"), asked_, stand_in_gone_);
    if (!hold_) return made;
    return std::make_unique<HeldEngine>(std::move(made), hold_);
  }

  engine::Result<std::unique_ptr<engine::Engine>> load(const engine::Loading& loading) {
    load_thread_ = std::this_thread::get_id();
    gives_way_ = loading.gives_way;
    ++n_loads_;
    const auto ended = std::shared_ptr<void>(nullptr, [this](void*) { ++n_ended_; });
    for (std::uint64_t step = 0; end_ == End::never || step <= kSteps; ++step) {
      if (end_ != End::never) steps_.acquire();
      const std::uint64_t read = end_ == End::never ? 0 : step * kAll / kSteps;
      if (!loading.progress(read, kAll))
        return engine::failure(engine::ErrorCode::cancelled, "big.gguf", "stopped");
      if (end_ == End::never) std::this_thread::yield();
    }
    if (end_ == End::throws) throw std::runtime_error("odd");
    if (end_ == End::fails)
      return engine::failure(engine::ErrorCode::bad_weights, "big.gguf", "cut short",
                             "fetch it again");
    return std::make_unique<FakeEngine>(scripted("w", "/m/big.gguf"), asked_);
  }

  static test::Script scripted(const char* text, const char* path) {
    test::Script script = test::script_of({test::fill_of({test::set_token(text, 0.9F)})});
    script.info.model_path = path;
    return script;
  }

  void let_load() { steps_.release(kSteps + 1); }
  /// With an editor that shows progress, and a document.
  void begin() {
    Json client = inline_client();
    client["window"] = {{"workDoneProgress", true}};
    start(client);
    const Json create = wait_for_method("window/workDoneProgress/create");
    respond(create["id"], nullptr);
    token_ = create["params"]["token"];
    open("return");
    type({0, 6}, " ");
  }
  Json end_of_progress() {
    return wait_until([](const Json& message) {
      return message.value("method", "") == "$/progress" &&
             message["params"]["value"]["kind"] == "end";
    })["params"]["value"]["message"];
  }
  void goes_on_and_it_is_told(const std::string& why) {
    begin();
    EXPECT_EQ(items(ask({0, 7}, 1)), "s");
    let_load();
    EXPECT_EQ(end_of_progress(), "failed");
    const std::string told = wait_for_method("window/showMessage")["params"]["message"];
    EXPECT_TRUE(told.starts_with(why)) << told;
    EXPECT_TRUE(told.ends_with("the embedded model completes")) << told;
    EXPECT_NE(log_text_.str().find("the model can not be loaded: "), std::string::npos);
    open("x =", "file:///w/b.py");
    type({0, 3}, " ", "file:///w/b.py");
    EXPECT_EQ(items(ask({0, 4}, 2, "file:///w/b.py")), "s");
    EXPECT_EQ(n_sent("window/showMessage"), 1U);
    EXPECT_EQ(n_loads_, 1) << "nor is it tried again";
  }
  void cancel() { notify("window/workDoneProgress/cancel", {{"token", token_}}); }
  /// Until a condition holds that is no event of the loop.
  void poll_until(const std::function<bool()>& holds) {
    while (!holds()) {
      loop_.restart();
      loop_.poll();
      std::this_thread::yield();
    }
  }
  void TearDown() override {
    if (hold_stand_in_) hold_stand_in_->count_down(hold_stand_in_->try_wait() ? 0 : 1);
    let_load();
    SessionTest::TearDown();
  }

  End end_ = End::ready;
  bool has_stand_in_ = true;
  bool broken_stand_in_ = false;
  std::shared_ptr<std::latch> hold_stand_in_;
  std::counting_semaphore<100> steps_{0};
  std::atomic<int> n_loads_ = 0, n_ended_ = 0;  // begun, over
  std::atomic<bool> gives_way_ = false;
  std::atomic<std::thread::id> worker_thread_, load_thread_, stand_in_gone_;
  Json token_;
};

TEST_F(StandInTest, ItAnswersWhileTheModelIsLoadedAlsoWhoAsksInPerson) {
  begin();
  EXPECT_EQ(items(ask({0, 7}, 2)), "s");
  open("x = ", "file:///w/b.py");
  EXPECT_EQ(items(ask({0, 4}, 1, "file:///w/b.py")), "s");
  poll_until([&] { return n_loads_ == 1; });
  EXPECT_EQ(n_ended_, 0) << "nobody has waited for it";
  EXPECT_TRUE(gives_way_);
  EXPECT_NE(load_thread_.load(), worker_thread_.load());
}

TEST_F(StandInTest, TheModelTakesItsPlaceAndNothingOfItsAnswersIsSaidAgain) {
  begin();
  EXPECT_EQ(items(ask({0, 7}, 1)), "s");
  let_load();
  EXPECT_EQ(end_of_progress(), "ready");
  EXPECT_EQ(stand_in_gone_.load(), worker_thread_.load()) << "its memory is free";
  EXPECT_EQ(items(ask({0, 7}, 1)), "w") << "the document is still there";
  EXPECT_NE(log_text_.str().find("/m/mini answers until the model is loaded"), std::string::npos);
  EXPECT_NE(log_text_.str().find("the engine is open: /m/big.gguf"), std::string::npos);
  EXPECT_EQ(n_sent("window/showMessage"), 0U);
  EXPECT_EQ(n_loads_, 1);
}

TEST_F(StandInTest, WhatRunsOnItEndsOnIt) {
  hold_ = std::make_shared<HeldEngine::Hold>();
  begin();
  const int running = ask({0, 7}, 1);
  wait_for_engine();
  let_load();
  poll_until([&] { return n_ended_ == 1; });
  EXPECT_FALSE(answered(running));
  hold_->go.count_down();
  EXPECT_EQ(items(running), "s");
  EXPECT_EQ(end_of_progress(), "ready");
  EXPECT_EQ(items(ask({0, 7}, 1)), "w");
}

TEST_F(StandInTest, ProgressIsReportedByBytes) {
  begin();
  let_load();
  EXPECT_EQ(end_of_progress(), "ready");
  std::string told;
  for (const Json& message : sent_) {
    if (message.value("method", "") != "$/progress") continue;
    const Json& value = message["params"]["value"];
    told += value["kind"].get<std::string>();
    if (value.contains("percentage")) told += " " + value["percentage"].dump();
    if (value.contains("message")) told += " " + value["message"].get<std::string>();
    told += "\n";
  }
  EXPECT_EQ(told, "begin 0\n"
                  "report 25 100 MB of 400 MB\n"
                  "report 50 200 MB of 400 MB\n"
                  "report 75 300 MB of 400 MB\n"
                  "report 100 400 MB of 400 MB\n"
                  "end ready\n");
}

TEST_F(StandInTest, AFileThatIsNoGoodIsToldOnceAndItGoesOn) {
  end_ = End::fails;
  goes_on_and_it_is_told("Inpaint: big.gguf: cut short: fetch it again; ");
}

TEST_F(StandInTest, ALoadingThatThrowsIsToldOnceAndItGoesOn) {
  end_ = End::throws;
  goes_on_and_it_is_told("Inpaint: engine: odd");
}

TEST_F(StandInTest, WhoCancelsTheLoadingKeepsIt) {
  end_ = End::never;  // but for being stopped
  begin();
  poll_until([&] { return n_loads_ == 1; });
  cancel();
  EXPECT_EQ(end_of_progress(), "cancelled");
  poll_until([&] { return n_ended_ == 1; });
  EXPECT_EQ(items(ask({0, 7}, 1)), "s") << "also who insists";
  EXPECT_EQ(items(ask({0, 6}, 1)), "s");
  EXPECT_EQ(n_loads_, 1);
  EXPECT_EQ(n_sent("window/showMessage"), 0U);
  EXPECT_NE(log_text_.str().find("loading the model was cancelled"), std::string::npos);
}

TEST_F(StandInTest, CancelledAfterTheLastByteTheModelIsLetGoOf) {
  hold_ = std::make_shared<HeldEngine::Hold>();  // the worker is busy: the model can not take over
  begin();
  const int running = ask({0, 7}, 1);
  wait_for_engine();
  let_load();
  poll_until([&] { return n_ended_ == 1; });
  cancel();
  hold_->go.count_down();
  EXPECT_EQ(items(running), "s");
  EXPECT_EQ(items(ask({0, 6}, 1)), "s");
  EXPECT_EQ(end_of_progress(), "cancelled");
  EXPECT_EQ(log_text_.str().find("the engine is open"), std::string::npos);
}

TEST_F(StandInTest, CancelledBeforeItIsOpenItAnswersAndNothingIsLoaded) {
  hold_stand_in_ = std::make_shared<std::latch>(1);
  begin();
  cancel();
  hold_stand_in_->count_down();
  poll_until([&] { return log_text_.str().find("/m/mini answers") != std::string::npos; });
  EXPECT_EQ(items(ask({0, 7}, 2)), "s");
  EXPECT_EQ(n_loads_, 0);
}

TEST_F(StandInTest, AWorkerThatEndsStopsTheLoading) {
  end_ = End::never;
  begin();
  EXPECT_EQ(items(ask({0, 7}, 1)), "s");
  poll_until([&] { return n_loads_ == 1; });
  session_.reset();
  worker_.reset();  // or waits for ever
  EXPECT_EQ(n_ended_, 1);
  EXPECT_EQ(stand_in_gone_.load(), worker_thread_.load());
  loop_.restart();
  loop_.poll();  // reports that are still on their way find nobody
}

TEST_F(StandInTest, OneThatCanNotBeOpenedIsANoteAndNoMore) {
  broken_stand_in_ = true;
  begin();
  const int waiting = ask({0, 7}, 1);
  poll_until([&] { return n_loads_ == 1; });
  EXPECT_FALSE(answered(waiting));
  let_load();
  EXPECT_EQ(items(waiting), "w");
  EXPECT_EQ(end_of_progress(), "ready");
  EXPECT_FALSE(gives_way_) << "somebody waits for it";
  EXPECT_EQ(load_thread_.load(), worker_thread_.load());
  EXPECT_EQ(n_sent("window/showMessage"), 0U);
  EXPECT_NE(log_text_.str().find("the embedded model can not be opened: mini: cut short"),
            std::string::npos);
}

TEST_F(StandInTest, AModelThatOpensAsFastNeedsNone) {
  has_stand_in_ = false;
  let_load();
  begin();
  EXPECT_EQ(items(ask({0, 7}, 1)), "w");
  EXPECT_EQ(load_thread_.load(), worker_thread_.load());
  EXPECT_EQ(n_loads_, 1);
}

}  // namespace
}  // namespace inpaint::lsp
