// Each reason for showing nothing, provoked through a session, and what `inpaint/why` says of it.
#include "lsp/feature/why.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

using test::fill_of;
using test::set_token;

class FailingEngine : public test::FakeEngine {
 public:
  using FakeEngine::FakeEngine;
  engine::Result<engine::FillReply> fill(engine::FillRequest /*request*/) override {
    return engine::failure(engine::ErrorCode::not_finite, "logits", "3 are infinite");
  }
};

class WhyTest : public test::SessionTest {
 protected:
  struct Case {
    const char* id;
    const char* words;
    int (*provoke)(WhyTest& test);  // the question that is answered with nothing
  };
  static const std::vector<Case>& cases();

  std::unique_ptr<engine::Engine> make_engine() override {
    if (engine_fails_) return std::make_unique<FailingEngine>(script_, asked_);
    return SessionTest::make_engine();
  }
  Json why() { return wait_for(request("inpaint/why", nullptr))["result"]; }

  void start_with(const Json& options) { start(inline_client(), options); }
  /// At the end of the first line.
  int ask_in(std::string_view text) {
    open(text);
    return ask({0, static_cast<std::uint32_t>(text.substr(0, text.find('\n')).size())});
  }
  int ask_selected(const std::string& item, std::uint32_t at) {
    const Json selected = {{"range", to_json(Range{{0, at}, {0, at}})}, {"text", item}};
    return request("textDocument/inlineCompletion",
                   {{"textDocument", {{"uri", "file:///w/a.py"}}},
                    {"position", to_json(Position{0, at})},
                    {"context", {{"triggerKind", 1}, {"selectedCompletionInfo", selected}}}});
  }
  /// The client's bar is clicked away while the model is read.
  void start_and_cancel_loading() {
    Json client = inline_client();
    client["window"] = {{"workDoneProgress", true}};
    hold_opening_ = std::make_shared<std::latch>(1);
    start(client);
    const Json bar = wait_for_method("window/workDoneProgress/create");
    respond(bar["id"], nullptr);
    notify("window/workDoneProgress/cancel", {{"token", bar["params"]["token"]}});
  }

  bool engine_fails_ = false;
};

const std::vector<WhyTest::Case>& WhyTest::cases() {
  using T = WhyTest;
  static const std::vector<Case> kCases = {
      {"switchedOff", "Inpaint is switched off",
       [](T& t) {
         t.start_with({{"enabled", false}});
         return t.ask_in("return ");
       }},
      {"snoozed", "Inpaint is snoozed",
       [](T& t) {
         t.start_with({{"snooze", 5}});
         return t.ask_in("return ");
       }},
      {"outOfStep", "a change of the document was missed",
       [](T& t) {
         t.start();
         t.open("return ");
         t.notify("textDocument/didChange", {{"textDocument", {{"uri", "file:///w/a.py"}}}});
         return t.ask({0, 7});
       }},
      {"hugeFile", "the file is too large: 5000001 bytes of at most 5000000",
       [](T& t) {
         t.start();
         return t.ask_in(std::string(5'000'001, 'x'));
       }},
      {"languageOff", "the language is switched off: python",
       [](T& t) {
         t.start_with({{"languagesOff", {"python"}}});
         return t.ask_in("return ");
       }},
      {"excludedFile", "the file is excluded by a pattern: a.p*",
       [](T& t) {
         t.start_with({{"excludedFiles", {"b.*", "a.p*"}}});
         return t.ask_in("return ");
       }},
      {"secretFile", "it holds secrets, which no model is shown",
       [](T& t) {
         t.start();
         t.open("KEY=", "file:///w/.env");
         return t.ask({0, 4}, 1, "file:///w/.env");
       }},
      {"unmodified", "nothing was changed since the file was opened",
       [](T& t) {
         t.start();
         t.open("return ");
         return t.ask({0, 7}, 2);
       }},
      {"deletion", "text was deleted here just now",
       [](T& t) {
         t.start();
         t.open("return x");
         t.change({{0, 7}, {0, 8}}, "");
         return t.ask({0, 7}, 2);
       }},
      {"selectedLines", "the item that the menu has selected is of several lines",
       [](T& t) {
         t.start();
         t.open("x\r\n");
         return t.ask_selected("y\r", 1);
       }},
      {"noItems", "suggestions are not offered in the menu",
       [](T& t) {
         t.start();
         t.open("return ");
         return t.ask_list({0, 7});
       }},
      {"noModel", "there is no model: model.gguf: cut short",
       [](T& t) {
         t.open_error_ = engine::Error{engine::ErrorCode::bad_weights, "model.gguf", "cut short"};
         t.start();
         return t.ask_in("return ");
       }},
      {"loadingCancelled", "loading the model was cancelled",
       [](T& t) {
         t.start_and_cancel_loading();
         t.open("return ");
         t.type({0, 0}, "z");
         const int id = t.ask({0, 8}, 2);
         t.hold_opening_->count_down();
         return id;
       }},
      {"loading", "the model is being loaded",
       [](T& t) {
         t.hold_opening_ = std::make_shared<std::latch>(1);
         t.start(Json::object(), {{"completionDeadlineMs", 1}});
         t.open("return ");
         return t.ask_list({0, 7});
       }},
      {"failed", "the suggestion could not be made: logits: 3 are infinite",
       [](T& t) {
         t.engine_fails_ = true;
         t.start();
         return t.ask_in("return ");
       }},
      {"superseded", "the next key, or the editor, took the question back",
       [](T& t) {
         t.hold_ = std::make_shared<test::HeldEngine::Hold>();
         t.start();
         t.open("return ");
         const int id = t.ask({0, 6});
         t.wait_for_engine();
         t.ask({0, 7});
         return id;
       }},
      {"late", "the suggestion was not ready in time: 1 ms",
       [](T& t) {
         t.hold_ = std::make_shared<test::HeldEngine::Hold>();
         t.start_with({{"completionItems", "on"}, {"completionDeadlineMs", 1}});
         t.open("return ");
         t.ask({0, 6});  // is in the engine's hands for as long as it takes
         t.wait_for_engine();
         return t.ask_list({0, 7});
       }},
      {"deadline", "the model was stopped at the deadline: 77 ms",
       [](T& t) {
         t.script_.fills = {fill_of({})};
         t.script_.deadline_reached = true;
         t.start_with({{"deadlineMs", 77}});
         return t.ask_in("return ");
       }},
      {"nothingWritten", "the model would write nothing here",
       [](T& t) {
         t.script_.fills = {fill_of({})};
         t.start();
         return t.ask_in("return ");
       }},
      {"repeats", "what was written stands beside the cursor already",
       [](T& t) {
         t.set_fills({"return total"});
         t.start();
         return t.ask_in("\nreturn total\n");
       }},
      {"unparsable", "with what was written the file would not parse",
       [](T& t) {
         t.set_fills({"a]"});
         t.start();
         t.open("x = f()\n");
         return t.ask({0, 6});
       }},
      {"improbable", "not probable enough: 0.",
       [](T& t) {
         t.script_.fills = {fill_of({set_token("x", 0.001F)})};
         t.start();
         t.open("x = ");
         t.type({0, 0}, "z");
         return t.ask({0, 5}, 2);
       }},
      {"offLine", "what was written would change more than an editor shows here",
       [](T& t) {
         t.start();
         t.open("    ");
         return t.ask_selected("  ", 4);  // the fill has less white space than the item
       }},
  };
  return kCases;
}

class EveryReason : public WhyTest, public testing::WithParamInterface<int> {
 public:
  static int n_cases() { return static_cast<int>(cases().size()); }
  static std::string id(int number) { return cases()[static_cast<std::size_t>(number)].id; }
};

TEST_P(EveryReason, IsTheOneThatIsTold) {
  const Case& c = cases()[static_cast<std::size_t>(GetParam())];
  EXPECT_EQ(words_of(static_cast<SilenceReason>(GetParam())).id, c.id);
  const std::string nothing = items(c.provoke(*this));
  EXPECT_TRUE(nothing.empty() || nothing == "null" || nothing == "error -32603") << nothing;
  const Json told = why();
  ASSERT_EQ(told["questions"].size(), 1U) << told;
  const Json& question = told["questions"][0];
  EXPECT_EQ(question["id"], c.id);
  EXPECT_EQ(question["times"], 1);
  EXPECT_EQ(question["line"], 1);
  const std::string words = question["words"];
  EXPECT_TRUE(words.starts_with(c.words)) << words;
  const std::string text = told["text"];
  EXPECT_NE(text.find(question["file"].get<std::string>() + ":1, "), std::string::npos) << text;
  EXPECT_NE(text.find(": " + words + "\n    " + question["remedy"].get<std::string>() + "\n"),
            std::string::npos)
      << text;
}

INSTANTIATE_TEST_SUITE_P(Why, EveryReason, testing::Range(0, EveryReason::n_cases()),
                         [](const auto& one) { return EveryReason::id(one.param); });

TEST(SilenceWords, AreOfEachReasonAndNoTwoAlike) {
  EXPECT_EQ(EveryReason::n_cases(), kSilenceReasons) << "a reason that no test provokes";
  std::set<std::string_view> ids;
  std::set<std::string_view> words;
  for (int reason = 0; reason < kSilenceReasons; ++reason) {
    const SilenceWords& of = words_of(static_cast<SilenceReason>(reason));
    EXPECT_TRUE(ids.insert(of.id).second) << of.id;
    EXPECT_TRUE(words.insert(of.words).second) << of.words;
    EXPECT_FALSE(of.remedy.empty()) << of.id;
  }
}

TEST_F(WhyTest, SaysSoWhereEveryQuestionHadAnAnswer) {
  start();
  EXPECT_EQ(items(ask_in("return ")), "x");
  const Json told = why();
  EXPECT_EQ(told["questions"], Json::array());
  EXPECT_EQ(told["silence"], nullptr);
  EXPECT_EQ(told["text"], "no question was answered with nothing so far\n");
}

TEST_F(WhyTest, SaysThatTheModelIsLoadedWhileQuestionsWait) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start();
  const int id = ask_in("return ");
  const Json told = why();
  EXPECT_EQ(told["silence"]["id"], "loading");
  EXPECT_TRUE(told["text"].get<std::string>().starts_with("now: the model is being loaded\n"));
  EXPECT_FALSE(answered(id));
}

TEST_F(WhyTest, KeysThatArePressedWhileTheModelIsLoadedAreNotCalledTheReason) {
  hold_opening_ = std::make_shared<std::latch>(1);
  start();
  open("return ");
  const int first = ask({0, 6});
  ask({0, 7});
  EXPECT_EQ(items(first), "null");
  EXPECT_EQ(why()["questions"][0]["id"], "loading");
}

TEST_F(WhyTest, AStormOfKeysLeavesTheOtherReasonsThere) {
  script_.fills = {fill_of({set_token("x", 0.001F)})};
  start();
  open("x = ");
  type({0, 0}, "z");
  EXPECT_EQ(items(ask({0, 5}, 2)), "");
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  for (int key = 0; key < 200; ++key) {
    type({0, 5}, "\n");
    const int id = ask({1, 0}, 2);
    notify("$/cancelRequest", {{"id", id}});
  }
  const Json told = why()["questions"];
  ASSERT_EQ(told.size(), 2U) << told;
  EXPECT_EQ(told[0]["id"], "superseded");
  EXPECT_EQ(told[0]["times"], 200);
  EXPECT_EQ(told[0]["line"], 2);
  EXPECT_EQ(told[1]["id"], "improbable");
}

TEST_F(WhyTest, KeepsTheLastOnesOnly) {
  start();
  for (std::size_t file = 0; file < Silences::kKept + 10; ++file) {
    const std::string uri = "file:///w/" + std::to_string(file) + ".py";
    open("return ", uri);
    ask({0, 7}, 2, uri);
  }
  const Json told = why()["questions"];
  ASSERT_EQ(told.size(), Silences::kKept);
  EXPECT_EQ(told.front()["file"], std::to_string(Silences::kKept + 9) + ".py");
  EXPECT_EQ(told.back()["file"], "10.py");
}

TEST_F(WhyTest, HoldsNoTextOfABufferNorTheFolderOfAFile) {
  set_fills({"zebra(giraffe]"});
  start(inline_client(), {{"completionItems", "on"}});
  for (const char* name : {"a.py", ".env"}) {
    const std::string uri = "file:///stable/" + std::string(name);
    open("zebra = giraffe(okapi)\n", uri);
    for (const int trigger : {1, 2})
      for (const std::uint32_t character : {0U, 8U, 16U})
        wait_for(ask({0, character}, trigger, uri));
    wait_for(ask_list({0, 16}, uri));
  }
  const std::string told = why().dump();
  EXPECT_NE(told.find("unparsable"), std::string::npos) << told;
  for (const char* word : {"zebra", "giraffe", "okapi", "stable"})
    EXPECT_EQ(told.find(word), std::string::npos) << told;
}

TEST_F(WhyTest, AClientThatShowsItIsToldTheNewestReasonOnceEach) {
  Json client = inline_client();
  client["experimental"] = {{"inpaintStatus", true}};
  start(client);
  open("return ");
  for (int time = 0; time < 3; ++time) ask({0, 7}, 2);
  EXPECT_EQ(n_sent("inpaint/status"), 1U);
  const Json nothing = wait_for_method("inpaint/status")["params"]["nothing"];
  EXPECT_EQ(nothing["id"], "unmodified");
  EXPECT_EQ(nothing["words"], "nothing was changed since the file was opened");
  EXPECT_EQ(nothing["remedy"], "type, or ask by hand");
  EXPECT_EQ(items(ask({0, 7})), "x");
  EXPECT_EQ(sent_.back()["params"], (Json{{"nothing", nullptr}}));
  EXPECT_EQ(n_sent("inpaint/status"), 2U);
}

TEST_F(WhyTest, OtherClientsAreToldNothingThatTheyDidNotAskFor) {
  start();
  open("return ");
  ask({0, 7}, 2);
  EXPECT_EQ(n_sent("inpaint/status"), 0U);
}

}  // namespace
}  // namespace inpaint::lsp
