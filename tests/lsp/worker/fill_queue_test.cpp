// Which question is served next and how each ends, with a worker whose engine a test holds.
#include "lsp/worker/fill_queue.h"

#include <latch>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/worker/held_engine.h"

namespace inpaint::lsp {
namespace {

class FillQueueTest : public testing::Test {
 protected:
  FillQueueTest()
      : worker_(loop_.get_executor(), {.open = [this](const engine::Loading&) {
                  test::Script script;
                  script.fills = {test::fill_of({test::set_token(fill_, 0.9F)})};
                  for (int i = 0; shows_steps_ && i < 3; ++i)
                    script.steps.push_back({.forward = i + 1, .tokens = script.fills[0].tokens});
                  return std::make_unique<test::HeldEngine>(
                      std::make_unique<test::FakeEngine>(script, asked_), hold_);
                }}) {}
  void TearDown() override { let_go(); }

  void open_engine() {
    worker_.open({}, [this](const engine::Result<OpenedEngine>&) {
      queue_.engine_opened();
      is_open_ = true;
    });
  }
  void wait_for_engine() {
    open_engine();
    while (!is_open_) {
      loop_.restart();
      loop_.poll();
    }
  }
  void let_go() { hold_->go.count_down(hold_->go.try_wait() ? 0 : 1); }
  /// Until the engine works on something, which is no event of the loop.
  void poll_until_served() {
    while (!hold_->entered.try_wait()) {
      loop_.restart();
      loop_.poll();
    }
  }

  static FillQuestion question(const std::string& uri, const std::string& text,
                               Face face = Face::ghost_text, int alternatives = 1) {
    FillQuestion asked{.uri = Uri(uri), .face = face, .request = {}};
    asked.request.place.path = uri;
    asked.request.place.text = std::make_shared<const std::string>(text);
    asked.request.place.cursor = text.size();
    asked.request.decoding.gate = false;
    asked.request.decoding.alternatives = alternatives;
    return asked;
  }
  /// Asks, and notes under `name` how it ends: "a: x" answered, "a: superseded", "a: unanswered", or why it failed.
  FillQueue::Ticket ask(const std::string& name, FillQuestion asked) {
    return queue_.ask(std::move(asked), [this, name](const FillAnswer& answer) {
      using enum FillAnswer::End;
      std::string end = answer.end == superseded   ? "superseded"
                        : answer.end == unanswered ? "unanswered"
                        : answer.end == failed     ? answer.error.why
                                                   : "";
      for (const std::string& text : answer.fills.texts) end += text;
      ends_.push_back(name + ": " + end);
    });
  }
  void run_until(std::size_t n_ends) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (ends_.size() < n_ends) {
      loop_.restart();
      loop_.run_one();
    }
  }
  bool knows(const FillQuestion& asked) {
    const Place& place = asked.request.place;
    return queue_.known({asked.uri, place.text, place.cursor}).has_value();
  }
  void run_until_known(const FillQuestion& asked) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (!knows(asked)) {
      loop_.restart();
      loop_.run_one();
    }
  }
  /// The paths that the engine was asked about, in its order.
  std::vector<std::string> served() const {
    std::vector<std::string> paths;
    for (const engine::FillRequest& request : asked_->requests) paths.push_back(request.path);
    return paths;
  }
  using Words = std::vector<std::string>;

  boost::asio::io_context loop_{1};
  std::ostringstream log_text_;
  Log log_{log_text_};
  std::shared_ptr<test::Asked> asked_ = std::make_shared<test::Asked>();
  std::shared_ptr<test::HeldEngine::Hold> hold_ = std::make_shared<test::HeldEngine::Hold>();
  std::string fill_ = "x";
  bool shows_steps_ = false;
  bool is_open_ = false;
  TypeThroughCache cache_;
  EngineWorker worker_;
  FillQueue queue_{worker_, cache_, log_};
  Words ends_;
};

TEST_F(FillQueueTest, QuestionsWaitForTheEngineAndTheNewestIsServedFirst) {
  ask("a", question("a", "1"));
  ask("b", question("b", "2"));
  EXPECT_TRUE(ends_.empty());
  let_go();
  open_engine();
  run_until(2);
  EXPECT_EQ(ends_, (Words{"b: x", "a: x"}));
  EXPECT_EQ(served(), (Words{"b", "a"}));
}

TEST_F(FillQueueTest, OneAnswerIsForAllWhoAskAboutOnePlace) {
  ask("ghost", question("a", "1", Face::ghost_text, 3));
  ask("list", question("a", "1", Face::completion_item, 1));
  let_go();
  open_engine();
  run_until(2);
  EXPECT_EQ(ends_, (Words{"ghost: x", "list: x"}));
  EXPECT_EQ(served(), Words{"a"});
  EXPECT_EQ(asked_->requests.front().decoding.alternatives, 3);
}

TEST_F(FillQueueTest, OneWithFewerAlternativesThanAreWantedIsNotEnough) {
  ask("list", question("a", "1", Face::completion_item, 1));
  ask("ghost", question("a", "1", Face::ghost_text, 3));
  let_go();
  open_engine();
  run_until(2);
  // The list's question is covered by the answer to the greater one, which is the newer.
  EXPECT_EQ(ends_, (Words{"ghost: x", "list: x"}));
  EXPECT_EQ(served(), Words{"a"});
}

TEST_F(FillQueueTest, ANewQuestionEndsTheOlderOneOfItsDocumentAndFace) {
  ask("older", question("a", "1"));
  ask("list", question("a", "1", Face::completion_item));
  ask("other", question("b", "1"));
  ask("newer", question("a", "12"));
  EXPECT_EQ(ends_, Words{"older: superseded"});
  let_go();
  open_engine();
  run_until(4);
  EXPECT_EQ(ends_, (Words{"older: superseded", "newer: x", "other: x", "list: x"}));
}

TEST_F(FillQueueTest, WhatRunsForNobodyIsStopped) {
  open_engine();
  ask("taken back", question("a", "1"));
  poll_until_served();
  const FillQueue::Ticket ticket = ask("again", question("a", "1"));
  EXPECT_EQ(ends_, Words{"taken back: superseded"});
  queue_.take_back(ticket);
  ask("next", question("b", "1"));
  let_go();
  run_until(2);
  EXPECT_EQ(ends_, (Words{"taken back: superseded", "next: x"}));
  EXPECT_EQ(served(), Words{"b"}) << "the first was stopped before its first forward";
}

TEST_F(FillQueueTest, ADocumentThatClosesAndASessionThatEndsTakeTheirQuestionsWithThem) {
  ask("a", question("a", "1"));
  ask("b", question("b", "1"));
  ask("c", question("c", "1"));
  queue_.forget(Uri("b"));
  EXPECT_EQ(ends_, Words{"b: superseded"});
  queue_.clear();
  EXPECT_EQ(ends_, (Words{"b: superseded", "c: superseded", "a: superseded"}));
}

TEST_F(FillQueueTest, NoMoreThanAFewWaitAndTheOldestGoes) {
  for (int i = 0; i < 17; ++i) {
    const std::string name = std::to_string(i);
    ask(name, question(name, "1"));
  }
  EXPECT_EQ(ends_, Words{"0: superseded"});
}

TEST_F(FillQueueTest, WithoutAnEngineAQuestionEndsUnansweredButNotFromWithinAsk) {
  queue_.engine_failed();
  ask("a", question("a", "1"));
  EXPECT_TRUE(ends_.empty());
  run_until(1);
  EXPECT_EQ(ends_, Words{"a: unanswered"});
  queue_.engine_awaited();
  ask("b", question("b", "1"));
  let_go();
  open_engine();
  run_until(2);
  EXPECT_EQ(ends_.back(), "b: x");
}

TEST_F(FillQueueTest, AnAnswerServesThoseWhoHaveTypedOnMeanwhile) {
  fill_ = "xy";
  open_engine();
  ask("first", question("a", "return "));
  poll_until_served();
  FillQuestion typed = question("a", "return x", Face::completion_item);
  ask("typed", typed);
  let_go();
  run_until(2);
  EXPECT_EQ(ends_, (Words{"first: xy", "typed: xy"}));
  EXPECT_EQ(asked_->requests.size(), 1U);
  EXPECT_TRUE(cache_.find({Uri("a"), std::make_shared<const std::string>("return "), 7, 1}));
}

TEST_F(FillQueueTest, WhatIsTakenBackBeforeTheNextKeyIsWrittenAllTheSame) {
  fill_ = "xyz";
  open_engine();
  const FillQueue::Ticket first = ask("first", question("a", "return "));
  poll_until_served();
  queue_.take_back(first);  // as editors do, before they ask again
  ask("next", question("a", "return x"));
  let_go();
  run_until(1);
  EXPECT_EQ(ends_, Words{"next: xyz"});
  EXPECT_EQ(asked_->requests.size(), 1U);
}

struct TypedOnCase {
  const char* name;
  std::vector<std::string> typed;  // behind "return ", one question after the other
  std::vector<std::string> ends;
  std::size_t served;  // fills that were begun
};

class FillQueueWhileTyping : public FillQueueTest,
                             public testing::WithParamInterface<TypedOnCase> {};

TEST_P(FillQueueWhileTyping, WorkGoesOnWhileWhatIsTypedMayBeWhatIsWritten) {
  fill_ = "xyz";
  shows_steps_ = true;
  open_engine();
  ask("first", question("a", "return "));
  poll_until_served();
  for (std::size_t i = 0; i < GetParam().typed.size(); ++i)
    ask(std::to_string(i), question("a", "return " + GetParam().typed[i]));
  let_go();
  run_until(GetParam().ends.size());
  EXPECT_EQ(ends_, GetParam().ends);
  EXPECT_EQ(asked_->requests.size(), GetParam().served);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FillQueueWhileTyping,
    testing::Values(
        TypedOnCase{
            "it_is_typed", {"x", "xy"}, {"first: superseded", "0: superseded", "1: xyz"}, 1},
        // The first fill is stopped after a step; what is typed is no end of the second one.
        TypedOnCase{"something_else_is_typed", {"b"}, {"first: superseded", "0: xyz"}, 2},
        TypedOnCase{"it_is_typed_and_then_something_else",
                    {"x", "xb"},
                    {"first: superseded", "0: superseded", "1: xyz"},
                    2},
        TypedOnCase{"it_is_typed_and_taken_back",
                    {"x", ""},
                    {"first: superseded", "0: superseded", "1: xyz"},
                    1},
        TypedOnCase{"a_line_further_on", {"x\n"}, {"first: superseded", "0: xyz"}, 1}),
    [](const auto& test) { return test.param.name; });

TEST_F(FillQueueTest, WhatWasForeseenAnswersAtOnce) {
  open_engine();
  let_go();
  ask("a", question("file:///a", "a"));
  run_until(1);
  queue_.foresee(question("file:///a", "ax\n"));
  run_until_known(question("file:///a", "ax\n"));
  EXPECT_EQ(asked_->requests.size(), 2U);
  EXPECT_FALSE(knows(question("file:///a", "ay\n")));
}

TEST_F(FillQueueTest, WhoAsksWhatIsBeingForeseenSharesTheAnswer) {
  wait_for_engine();
  queue_.foresee(question("file:///a", "ax\n"));
  poll_until_served();
  ask("a", question("file:///a", "ax\n"));
  let_go();
  run_until(1);
  EXPECT_EQ(ends_, Words{"a: x"});
  EXPECT_EQ(asked_->requests.size(), 1U);
}

TEST_F(FillQueueTest, WhatIsForeseenWaitsForTheEngineAndIsForeseenAnewByTheNextOne) {
  const FillQuestion about = question("file:///a", "ax\n");
  queue_.foresee(about);
  let_go();
  open_engine();
  run_until_known(about);
  queue_.engine_changed();
  EXPECT_FALSE(knows(about));
  run_until_known(about);
  EXPECT_EQ(asked_->requests.size(), 2U);
  ask("b", question("file:///b", "b"));
  run_until(1);
  queue_.engine_changed();
  ask("c", question("file:///c", "c"));
  run_until(2);
  EXPECT_EQ(served(), (Words{"file:///a", "file:///a", "file:///b", "file:///c"}))
      << "somebody has asked since";
}

TEST_F(FillQueueTest, OfWhatIsForeseenBeforeThereIsAnEngineTheLastIsAnswered) {
  queue_.foresee(question("file:///a", "a"));
  queue_.foresee(question("file:///b", "b"));
  queue_.forget(Uri("file:///c"));
  queue_.foresee(question("file:///d", "d"));
  queue_.give_way();
  const FillQuestion last = question("file:///e", "e");
  queue_.foresee(last);
  let_go();
  open_engine();
  run_until_known(last);
  EXPECT_EQ(served(), Words{"file:///e"});
}

TEST_F(FillQueueTest, ForesightGivesWayToAPerson) {
  wait_for_engine();
  queue_.foresee(question("file:///a", "ax\n"));
  poll_until_served();
  queue_.end_older(Uri("file:///a"), Face::ghost_text);
  ask("a", question("file:///a", "ab"));
  let_go();
  run_until(1);
  EXPECT_EQ(ends_, Words{"a: x"});
  const FillQuestion next = question("file:///a", "ax\n");
  EXPECT_FALSE(queue_.known({next.uri, next.request.place.text, 3})) << "it was stopped";
  queue_.foresee(question("file:///b", "b"));
  queue_.forget(Uri("file:///b"));
  ask("b", question("file:///b", "b"));
  run_until(2);
}

TEST_F(FillQueueTest, ForesightGivesWayToWhoeverElseWaitsForTheEngine) {
  wait_for_engine();
  queue_.foresee(question("file:///a", "ax\n"));
  poll_until_served();
  queue_.give_way();
  let_go();
  ask("b", question("file:///b", "b"));
  run_until(1);
  const FillQuestion next = question("file:///a", "ax\n");
  EXPECT_FALSE(queue_.known({next.uri, next.request.place.text, 3}));
}

}  // namespace
}  // namespace inpaint::lsp
