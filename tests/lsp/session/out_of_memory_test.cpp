// Each allocation of a session fails once, one after the other: whatever it was for, every request
// is answered once, and the session goes on.
#include <chrono>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/session/failing_allocation.h"
#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

using test::FailingAllocation;

const std::string kUri = "file:///w/a.py";

class OutOfMemory : public test::SessionTest {
 protected:
  static Json everything() {
    Json client = inline_client();
    client["textDocument"]["codeAction"] = {{"dataSupport", true},
                                            {"codeActionLiteralSupport", Json::object()},
                                            {"resolveSupport", {{"properties", {"edit"}}}}};
    client["workspace"] = {{"configuration", true}};
    return client;
  }
  static Message notification(const std::string& method, Json params) {
    return *parse_message(to_text(to_notification(method, std::move(params))));
  }
  Message question(const std::string& method, Json params) {
    ids_.push_back(++last_id_);
    params["textDocument"] = {{"uri", kUri}};
    return *parse_message(to_text(to_request(last_id_, method, std::move(params))));
  }
  static Message opening(const std::string& text) {
    return notification(
        "textDocument/didOpen",
        {{"textDocument",
          {{"uri", kUri}, {"languageId", "python"}, {"version", 1}, {"text", text}}}});
  }
  static Message typing(std::uint32_t character, const std::string& text) {
    const Position at{0, character};
    return notification(
        "textDocument/didChange",
        {{"textDocument", {{"uri", kUri}, {"version", 2}}},
         {"contentChanges", {{{"range", to_json(Range{at, at})}, {"text", text}}}}});
  }

  /// What an editor says in a second.
  std::vector<Message> conversation() {
    std::vector<Message> messages;
    messages.push_back(opening("x = f(1)\nreturn"));
    messages.push_back(
        question("textDocument/inlineCompletion", {{"position", to_json(Position{1, 6})}}));
    messages.push_back(typing(8, " "));
    messages.push_back(
        question("textDocument/inlineCompletion", {{"position", to_json(Position{0, 9})}}));
    messages.push_back(
        question("textDocument/completion", {{"position", to_json(Position{0, 9})}}));
    messages.push_back(
        question("textDocument/codeAction", {{"range", to_json(Range{{0, 6}, {0, 7}})}}));
    messages.push_back(question("unknown", Json::object()));
    messages.push_back(notification("$/cancelRequest", {{"id", last_id_ - 3}}));
    messages.push_back(
        question("textDocument/inlineCompletion", {{"position", to_json(Position{0, 8})}}));
    messages.push_back(notification("workspace/didChangeConfiguration",
                                    {{"settings", {{"inpaint", {{"maxTokens", 9}}}}}}));
    messages.push_back(notification("textDocument/didSave", {{"textDocument", {{"uri", kUri}}}}));
    return messages;
  }

  std::vector<int> ids_;
};

TEST_F(OutOfMemory, EveryRequestIsAnsweredOnceWhicheverAllocationFails) {
  start(everything(), {{"completionItems", "on"}, {"completionDeadlineMs", 10'000}});
  std::size_t n_failed = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE("allocation " + std::to_string(n));
    ids_.clear();
    std::vector<Message> messages = conversation();
    bool has_failed = false;
    {
      const FailingAllocation failing(n);
      for (Message& message : messages) session_->on_message(std::move(message));
      has_failed = FailingAllocation::left() == 0;
    }
    for (const int id : ids_) wait_for(id);
    for (const int id : ids_) ASSERT_EQ(n_answers(id), 1U) << id;
    // What it was does not matter: the next ones are served as if nothing had happened.
    session_->on_message(opening("return "));
    ASSERT_EQ(items(ask({0, 7}, 2)), "") << "nothing was changed yet";
    ASSERT_EQ(items(ask({0, 7})), "x");
    sent_.clear();
    if (!has_failed) break;
    ++n_failed;
  }
  EXPECT_GT(n_failed, 100U);
  RecordProperty("allocations", static_cast<int>(n_failed));
}

// Of the session's thread alone, and of a session that is new each time: its engine is to be opened.
// An answer that is lost makes no event that a test could wait for, so this is where one has a limit.
TEST_F(OutOfMemory, SoItIsWhileAnswersComeBack) {
  constexpr std::chrono::seconds kLost{10};
  std::size_t n_failed = 0;
  for (std::size_t n = 1;; ++n) {
    SCOPED_TRACE("allocation " + std::to_string(n));
    session_.reset();
    worker_.reset();
    sent_.clear();
    start();
    open("return ");
    const int id = ask({0, 7});
    const auto work = boost::asio::make_work_guard(loop_);
    std::size_t left = n;
    while (!answered(id)) {
      loop_.restart();
      const FailingAllocation failing(left);
      try {
        ASSERT_EQ(loop_.run_one_for(kLost), 1U) << "no answer, and nothing that could bring one";
      } catch (const std::bad_alloc&) {  // run_server goes on with the loop as well
      }
      left = FailingAllocation::left();
    }
    ASSERT_EQ(n_answers(id), 1U);
    ASSERT_EQ(items(ask({0, 7})), "x") << "the next one is served as if nothing had happened";
    if (left > 0) break;
    ++n_failed;
  }
  EXPECT_GT(n_failed, 10U);
  RecordProperty("allocations", static_cast<int>(n_failed));
}

TEST_F(OutOfMemory, ADocumentWhoseChangeFailsIsOutOfStepAndNoOther) {
  start();
  open("return ");
  open("return ", "file:///w/b.py");
  Message change = typing(7, std::string(1UL << 20, 'x'));
  {
    const FailingAllocation failing(1, 1UL << 20);
    session_->on_message(std::move(change));
    EXPECT_EQ(FailingAllocation::left(), 0U);
  }
  EXPECT_EQ(items(ask({0, 7})), "");
  EXPECT_EQ(items(ask({0, 7}, 1, "file:///w/b.py")), "x");
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
  type({0, 7}, "y");
  EXPECT_EQ(items(ask({0, 8})), "") << "that is on top of a change that is missing";
  EXPECT_EQ(n_sent("window/showMessage"), 1U) << "said once";
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
}

}  // namespace
}  // namespace inpaint::lsp
