// Both faces of a fill, through a whole session: who is answered when, and with what.
#include "lsp/feature/fill_questions.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "grammar/check/hole_constraint.h"
#include "grammar/check/promise.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

using FillQuestionsTest = test::SessionTest;

TEST_F(FillQuestionsTest, AsksTheEngineAboutTheWholeTextOfTheDocument) {
  start();
  open("def f():\n    return ");
  EXPECT_EQ(items(ask({1, 11})), "x");
  ASSERT_EQ(asked_->requests.size(), 1U);
  EXPECT_EQ(asked_->requests[0].text, "def f():\n    return ");
  EXPECT_EQ(asked_->requests[0].path, "a.py");
  EXPECT_EQ(asked_->requests[0].decoding.alternatives, 3);
}

TEST_F(FillQuestionsTest, AskedByTheClientItselfOneFillSuffices) {
  set_fills({"x", "y"});
  start();
  open("return");
  type({0, 6}, " ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "x");
  EXPECT_EQ(asked_->requests[0].decoding.alternatives, 1);
  EXPECT_EQ(items(ask({0, 7}, 1)), "x|y");
}

TEST_F(FillQuestionsTest, WhatIsImprobableIsShownToWhoAsksInPerson) {
  script_.fills = {test::fill_of({test::set_token("x", 0.001F)})};
  start();
  open("return");
  type({0, 6}, " ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "");
  EXPECT_EQ(items(ask({0, 7}, 1)), "x");
}

TEST_F(FillQuestionsTest, TypingOnNeedsNoEngine) {
  set_fills({"x + y"});
  start();
  open("return");
  type({0, 6}, " ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "x + y");
  type({0, 7}, "x");
  EXPECT_EQ(items(ask({0, 8}, 2)), " + y");
  type({0, 8}, " +");
  EXPECT_EQ(items(ask({0, 10}, 2)), " y");
  EXPECT_EQ(asked_->requests.size(), 1U);
  type({0, 10}, "z");
  EXPECT_EQ(items(ask({0, 11}, 2)), "x + y") << "another text is another question";
  EXPECT_EQ(asked_->requests.size(), 2U);
}

TEST_F(FillQuestionsTest, ANewQuestionEndsTheOlderOneOfTheSameDocumentAndFace) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start(inline_client(), {{"completionItems", "on"}, {"completionDeadlineMs", 10000}});
  open("return ");
  open("return ", "file:///w/b.py");
  const int running = ask({0, 6});
  wait_for_engine();
  const int other_document = ask({0, 7}, 1, "file:///w/b.py");
  const int other_face = ask_list({0, 7});
  const int newest = ask({0, 7});
  EXPECT_EQ(items(running), "null");
  EXPECT_FALSE(answered(other_document) || answered(other_face) || answered(newest));
  hold_->go.count_down();
  EXPECT_EQ(items(newest), "x");
  EXPECT_EQ(items(other_document), "x");
  EXPECT_EQ(items(other_face), "x");
  // One for the first that was stopped in the engine's hands; one for both faces of the same place.
  EXPECT_EQ(asked_->requests.size(), 2U);
}

TEST_F(FillQuestionsTest, SoDoesOneThatNeedsNoEngine) {
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
  type({0, 0}, "a");
  const int older = ask({0, 3});
  change({{0, 0}, {0, 1}}, "");
  EXPECT_EQ(items(ask({0, 7})), "x") << "from the cache";
  EXPECT_EQ(items(older), "null");
  type({0, 0}, "b");
  const int second = ask({0, 3});
  notify("workspace/didChangeConfiguration", {{"settings", {{"enabled", false}}}});
  EXPECT_EQ(items(ask({0, 3})), "");
  EXPECT_EQ(items(second), "null");
}

TEST_F(FillQuestionsTest, OpeningADocumentAgainEndsTheQuestionsAboutTheOlderText) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start();
  open("return ");
  const int id = ask({0, 7});
  open("another text");
  EXPECT_EQ(items(id), "null");
  hold_->go.count_down();
}

TEST_F(FillQuestionsTest, ACancelledQuestionIsAnsweredAtOnce) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start();
  open("return ");
  const int id = ask({0, 7});
  notify("$/cancelRequest", {{"id", id}});
  EXPECT_EQ(items(id), "error -32800");
  notify("$/cancelRequest", {{"id", id}});
  notify("$/cancelRequest", {{"id", 12345}});
  notify("$/cancelRequest", Json::object());
  hold_->go.count_down();
  EXPECT_EQ(items(ask({0, 6})), "x");
  EXPECT_EQ(n_answers(id), 1U);
}

TEST_F(FillQuestionsTest, WhatWasTypedMeanwhileIsTakenIntoAccount) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  set_fills({"x + y"});
  start();
  open("return ");
  const int id = ask({0, 7});
  type({0, 7}, "x");
  hold_->go.count_down();
  EXPECT_EQ(items(id), " + y");
  EXPECT_EQ(wait_for(id)["result"]["items"][0]["range"]["start"]["character"], 8);
}

TEST_F(FillQuestionsTest, AnAnswerForATextThatMovedElsewhereIsDropped) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start();
  open("return ");
  const int id = ask({0, 7});
  type({0, 0}, "a");
  hold_->go.count_down();
  EXPECT_EQ(items(id), "null");
}

TEST_F(FillQuestionsTest, ClosingADocumentEndsItsQuestions) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start();
  open("return ");
  const int id = ask({0, 7});
  notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///w/a.py"}}}});
  EXPECT_EQ(items(id), "null");
  hold_->go.count_down();
}

TEST_F(FillQuestionsTest, ShutdownAnswersWhatIsOpen) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start();
  open("return ");
  const int id = ask({0, 7});
  const int shutdown = request("shutdown", nullptr);
  EXPECT_EQ(items(id), "null");
  EXPECT_EQ(wait_for(shutdown)["result"], nullptr);
  hold_->go.count_down();
}

TEST_F(FillQuestionsTest, AListIsNotKeptWaiting) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start(Json::object(), {{"completionDeadlineMs", 1}});
  open("return ");
  const int first = ask_list({0, 7});
  const Json answer = wait_for(first);
  EXPECT_EQ(answer["result"], Json::parse(R"({"isIncomplete":true,"items":[]})"));
  hold_->go.count_down();
  // The work goes on, and is there when the client asks again.
  while (items(ask_list({0, 7})).empty()) {
  }
  EXPECT_EQ(asked_->requests.size(), 1U);
}

TEST_F(FillQuestionsTest, AClientWithGhostTextGetsNoItemsUnlessItWantsThem) {
  start();
  open("return ");
  EXPECT_EQ(items(ask_list({0, 7})), "");
  EXPECT_TRUE(asked_->requests.empty());
}

TEST_F(FillQuestionsTest, TheSelectedItemIsPartOfTheText) {
  set_fills({"(2)"});
  start();
  open("x.ar");
  const int id = request("textDocument/inlineCompletion",
                         {{"textDocument", {{"uri", "file:///w/a.py"}}},
                          {"position", to_json(Position{0, 4})},
                          {"context",
                           {{"triggerKind", 1},
                            {"selectedCompletionInfo",
                             {{"range", to_json(Range{{0, 2}, {0, 4}})}, {"text", "area"}}}}}});
  EXPECT_EQ(items(id), "area(2)");
  EXPECT_EQ(asked_->requests[0].text, "x.area");
}

TEST_F(FillQuestionsTest, NothingFitsBehindASelectedItemOfSeveralLines) {
  start();
  open("x\r\n");
  const int id = request("textDocument/inlineCompletion",
                         {{"textDocument", {{"uri", "file:///w/a.py"}}},
                          {"position", to_json(Position{0, 1})},
                          {"context",
                           {{"triggerKind", 1},
                            {"selectedCompletionInfo",
                             {{"range", to_json(Range{{0, 1}, {0, 1}})}, {"text", "y\r"}}}}}});
  EXPECT_EQ(items(id), "");
}

TEST_F(FillQuestionsTest, SilentFilesAreAnsweredWithNothing) {
  start();
  open("KEY=", "file:///w/.env");
  EXPECT_EQ(items(ask({0, 4}, 1, "file:///w/.env")), "");
  open("return ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "") << "nothing was changed yet";
  EXPECT_TRUE(asked_->requests.empty());
}

TEST_F(FillQuestionsTest, AFillIsMeasuredAgainstTheVersionBeforeItsPlaceWasOpened) {
  set_fills({"1)"});
  start();
  const std::string above =
      "def broken():\n    return = 1\n\n\ndef area(r):\n    a = r\n    b = a\n";
  const std::string below = "\n    return b\n";
  const std::string typed = "    x = f(";
  const Position at{7, static_cast<std::uint32_t>(typed.size())};
  const auto promise_at = [&](const std::string& uri) {
    EXPECT_EQ(items(ask(at, 1, uri)), "1)");
    const auto& constraint = asked_->requests.back().holes[0].constraint;
    return dynamic_cast<grammar::HoleConstraint&>(*constraint).promise();
  };
  // Of a text that was opened as it is nothing is known, so that it is searched for.
  open(above + typed + below, "file:///w/whole.py");
  const std::size_t n_searched = promise_at("file:///w/whole.py")->n_parses();
  // On a slow machine a tree may come from the background, and too late: then the place is not
  // known, and another document is opened.
  bool known = false;
  for (int i = 0; i < 20 && !known; ++i) {
    const std::string uri = "file:///w/a" + std::to_string(i) + ".py";
    open(above + below, uri);
    for (std::uint32_t key = 0; key < typed.size(); ++key)
      type({7, key}, std::string(1, typed[key]), uri);
    const auto promise = promise_at(uri);
    known = promise->n_parses() < n_searched;
    if (!known) continue;
    const auto before =
        grammar::SyntaxTree::parse(*grammar::language_by_name("python"), above + below)->errors();
    EXPECT_EQ(promise->baseline(), before);
    EXPECT_GT(before.nodes, 0U);
  }
  EXPECT_TRUE(known);
}

TEST_F(FillQuestionsTest, ATextThatBeginsWithAByteOrderMark) {
  start();
  open("\xEF\xBB\xBFy = 1 + ");
  EXPECT_EQ(items(ask({0, 8})), "x");
  open("\xEF\xBB\xBFy = 1", "file:///w/b.py");
  EXPECT_EQ(items(ask({0, 0}, 1, "file:///w/b.py")), "x");
}

TEST_F(FillQuestionsTest, EveryQuestionIsAnsweredOnceInAStorm) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  start(inline_client(), {{"completionItems", "on"}, {"completionDeadlineMs", 1}});
  open("return a + b\nreturn ");
  open("x = ", "file:///w/b.py");
  std::vector<int> ids;
  for (int step = 0; step < 1000; ++step) {
    const std::string uri = random() % 2 == 0 ? "file:///w/a.py" : "file:///w/b.py";
    const Position at{static_cast<std::uint32_t>(random() % 3),
                      static_cast<std::uint32_t>(random() % 9)};
    switch (random() % 5) {
      case 0: type(at, random() % 2 == 0 ? "x" : "\n", uri); break;
      case 1: notify("$/cancelRequest", {{"id", last_id_ - static_cast<int>(random() % 5)}}); break;
      case 2: ids.push_back(ask_list(at, uri)); break;
      default: ids.push_back(ask(at, 1 + static_cast<int>(random() % 2), uri)); break;
    }
    if (random() % 8 == 0) loop_.poll();
  }
  for (const int id : ids) wait_for(id);
  int n_silent = 0;
  for (const int id : ids) {
    EXPECT_EQ(n_answers(id), 1U) << id;
    const std::string shown = items(id);
    n_silent += shown.empty() || shown == "null" || shown.starts_with("error") ? 1 : 0;
  }
  const Json told = wait_for(request("inpaint/why", nullptr))["result"];
  int n_reasons = 0;
  for (const Json& question : told["questions"]) n_reasons += question["times"].get<int>();
  EXPECT_EQ(n_reasons, n_silent) << "each has one reason";
}

TEST_F(FillQuestionsTest, TheNextLineIsWrittenAheadWhileNobodyTypes) {
  set_fills({"x"});
  start(inline_client(), {{"foresight", "on"}});
  open("def f():\n    return\n");
  type({1, 10}, " ");
  EXPECT_EQ(items(ask({1, 11}, 2)), "x");
  wait_for_requests(2);
  // It is taken, Enter is pressed, and the editor indents: whether that came before or after the answer, it is
  // asked no more.
  type({1, 11}, "x\n    ");
  EXPECT_EQ(items(ask({2, 4}, 2)), "x");
  ASSERT_EQ(asked_->requests.size(), 2U);
  EXPECT_EQ(asked_->requests[1].text, "def f():\n    return x\n\n");
  EXPECT_EQ(asked_->requests[1].decoding, asked_->requests[0].decoding);
}

TEST_F(FillQuestionsTest, AFileIsReadBeforeItsFirstKey) {
  set_fills({"xy"});
  start(inline_client(), {{"foresight", "on"}});
  open("return ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "") << "nothing was changed yet";
  wait_for_requests(1);
  type({0, 7}, "x");
  EXPECT_EQ(items(ask({0, 8}, 2)), "y");
  EXPECT_EQ(asked_->requests.size(), 1U);
}

TEST_F(FillQuestionsTest, ALineThatIsForeseenIsMeasuredAsOneThatEnterBegins) {
  // Nothing is known of the file before that line was there; the brace that the line above opens is not its to close.
  set_fills({""});
  start(inline_client(), {{"foresight", "on"}});
  const std::string uri = "file:///w/a.cpp";
  notify("textDocument/didOpen",
         {{"textDocument",
           {{"uri", uri}, {"languageId", "cpp"}, {"version", 1}, {"text", "int f() {\n  \n"}}}});
  type({1, 2}, "while (x) {", uri);
  EXPECT_EQ(items(ask({1, 13}, 2, uri)), "");
  wait_for_requests(2);
  type({1, 13}, "\n    ",
       uri);  // its answer is there before anybody looks at what it was measured by
  EXPECT_EQ(items(ask({2, 4}, 2, uri)), "");
  ASSERT_EQ(asked_->requests.size(), 2U);
  const auto constraint =
      std::dynamic_pointer_cast<grammar::HoleConstraint>(asked_->requests[1].holes[0].constraint);
  ASSERT_NE(constraint, nullptr);
  EXPECT_TRUE(constraint->promise()->holds("g(x);"));
}

TEST_F(FillQuestionsTest, WhatWasWithheldIsShownToWhoAsksInPerson) {
  script_.fills = {test::fill_of({test::set_token("x", 0.001F)})};
  start(inline_client(), {{"alternatives", 1}});
  open("return");
  type({0, 6}, " ");
  EXPECT_EQ(items(ask({0, 7}, 2)), "");
  EXPECT_EQ(items(ask({0, 7}, 1)), "x");
}

}  // namespace
}  // namespace inpaint::lsp
