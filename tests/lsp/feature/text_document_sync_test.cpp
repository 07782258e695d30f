// Documents through a whole session: under which names they are known, and what becomes of one that
// has missed something.
#include "lsp/feature/text_document_sync.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

const std::string kUri = "file:///w/a.py";

class TextDocumentSyncTest : public test::SessionTest {
 protected:
  void SetUp() override { start(); }

  /// Anew, with an engine that answers when it is let go.
  void start_held() {
    TearDown();
    hold_ = std::make_shared<test::HeldEngine::Hold>();
    start();
  }
  /// A message as it arrives, be it one or not.
  void receive(const std::string& text) {
    auto message = parse_message(text);
    if (message) session_->on_message(std::move(*message));
    else session_->on_unreadable(message.error());
  }
  /// How often the user was told something.
  std::size_t n_told() const { return n_sent("window/showMessage"); }
};

TEST_F(TextDocumentSyncTest, ADocumentIsOneHoweverItIsSpelled) {
  const std::pair<const char*, const char*> spellings[] = {
      {"file:///w/%5Bslug%5D/page.py", "file:///w/[slug]/page.py"},
      {"file:///w/%5Bslug%5D/page.py", "file:///w/%5bslug%5d/page.py"},
      {"file:///c%3A/w/main.py", "file:///C:/w/main.py"},
      {"file:///w/my%20app/a.py", "file://localhost/w/my app//./a.py"},
  };
  for (const auto& [opened, asked] : spellings) {
    open("return ", opened);
    EXPECT_EQ(items(ask({0, 7}, 1, asked)), "x") << asked;
    type({0, 7}, "y", asked);
    EXPECT_EQ(items(ask({0, 8}, 1, opened)), "x") << asked;
    EXPECT_EQ(asked_->requests.back().text, "return y") << asked;
    notify("textDocument/didClose", {{"textDocument", {{"uri", asked}}}});
    EXPECT_EQ(items(ask({0, 7}, 1, opened)), "error -32602") << asked;
  }
  EXPECT_EQ(log_text_.str().find("not open"), std::string::npos) << log_text_.str();
}

TEST_F(TextDocumentSyncTest, TheLogSaysWhereThereIsNoGrammar) {
  open("x = ", "file:///w/a.py");
  EXPECT_EQ(log_text_.str().find("grammar"), std::string::npos) << log_text_.str();
  notify("textDocument/didOpen", {{"textDocument",
                                   {{"uri", "file:///w/Rentals.cs"},
                                    {"languageId", "csharp"},
                                    {"version", 1},
                                    {"text", "var x = "}}}});
  EXPECT_NE(log_text_.str().find(
                "file:///w/Rentals.cs has no grammar: it is completed line by line, unchecked"),
            std::string::npos)
      << log_text_.str();
  EXPECT_EQ(items(ask({0, 8}, 1, "file:///w/Rentals.cs")), "x") << "it completes all the same";
}

TEST_F(TextDocumentSyncTest, ANewQuestionEndsTheOlderOneUnderAnotherSpelling) {
  start_held();
  open("return ", "file:///w/%5Ba%5D.py");
  const int older = ask({0, 6}, 1, "file:///w/%5ba%5d.py");
  const int newer = ask({0, 7}, 1, "file:///w/[a].py");
  EXPECT_EQ(items(older), "null");
  hold_->go.count_down();
  EXPECT_EQ(items(newer), "x");
}

struct LostCase {
  const char* name;
  std::string message;
};

const std::string kChange =
    R"({"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":)"
    R"({"uri":"file:///w/a.py","version":2},"contentChanges":)";

const LostCase kLost[] = {
    {"no JSON", kChange + R"([{"text": tru}]}})"},
    {"one that breaks off", kChange + R"([{"text":")"},
    {"deep nesting", kChange + std::string(500, '[') + std::string(500, ']') + "}}"},
    {"changes that are no list", kChange + "7}}"},
    {"no changes", kChange + "null}}"},
    {"a change without a text", kChange + R"([{"range":null}]}})"},
    {"a range that is none", kChange + R"([{"range":{"start":-1},"text":"x"}]}})"},
};

TEST_F(TextDocumentSyncTest, AChangeThatIsLostSilencesItsDocumentUntilItComesWhole) {
  for (const LostCase& c : kLost) {
    open("return ");
    open("return ", "file:///w/b.py");
    const std::size_t told = n_told();
    receive(c.message);
    EXPECT_EQ(items(ask({0, 7})), "") << c.name;
    EXPECT_EQ(items(ask({0, 7}, 1, "file:///w/b.py")), "x") << c.name << ": no other";
    type({0, 7}, "y");
    receive(c.message);
    EXPECT_EQ(items(ask({0, 8})), "") << c.name << ": what was typed is on top of what is missing";
    EXPECT_EQ(n_told(), told + 1) << c.name << ": once";
    notify("textDocument/didChange", {{"textDocument", {{"uri", kUri}, {"version", 9}}},
                                      {"contentChanges", {{{"text", "z = "}}}}});
    EXPECT_EQ(items(ask({0, 4})), "x") << c.name;
    EXPECT_EQ(asked_->requests.back().text, "z = ") << c.name;
  }
}

TEST_F(TextDocumentSyncTest, ATextThatIsLostWhenItIsOpenedIsAskedAboutInVain) {
  receive(R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":)"
          R"({"uri":"file:///w/a.py","languageId":"python","version":1,"text":)" +
          std::string(500, '[') + std::string(500, ']') + "}}}");
  EXPECT_EQ(n_told(), 1U);
  type({0, 0}, "y");
  EXPECT_EQ(items(ask({0, 1})), "") << "and not an error: it is open";
  EXPECT_EQ(items(ask({0, 1}, 1, "file:///w/unknown.py")), "error -32602");
  EXPECT_EQ(wait_for(request("textDocument/codeAction",
                             {{"textDocument", {{"uri", kUri}}},
                              {"range", to_json(Range{{0, 0}, {0, 0}})}}))["result"],
            Json::array());
  notify("textDocument/didClose", {{"textDocument", {{"uri", kUri}}}});
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
}

TEST_F(TextDocumentSyncTest, AQuestionThatIsOpenEndsWhenItsDocumentFallsOutOfStep) {
  start_held();
  open("return ");
  const int id = ask({0, 7});
  receive(kLost[0].message);
  EXPECT_EQ(items(id), "null");
}

TEST_F(TextDocumentSyncTest, ADocumentThatIsOutOfStepIsNobodysNeighbour) {
  open("return ");
  open("b = 1", "file:///w/b.py");
  receive(R"({"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":)"
          R"({"uri":"file:///w/b.py"},"contentChanges":7}})");
  EXPECT_EQ(items(ask({0, 7})), "x");
  EXPECT_TRUE(asked_->requests.back().neighbours->empty());
}

TEST_F(TextDocumentSyncTest, AChangeOfWhatIsNotOpenIsNoNews) {
  receive(kLost[0].message);
  EXPECT_EQ(n_told(), 0U);
  EXPECT_EQ(items(ask({0, 7})), "error -32602");
}

TEST_F(TextDocumentSyncTest, ListsAndNumbersAreReadByTheirMeaning) {
  open("return");
  notify("textDocument/didChange", {{"textDocument", {{"uri", kUri}, {"version", 2.0}}},
                                    {"contentChanges",
                                     {{"range",
                                       {{"start", {{"line", 0.0}, {"character", 6.0}}},
                                        {"end", {{"line", 0.0}, {"character", 6.0}}}}},
                                      {"text", " "}}}});
  notify("textDocument/didChange",
         {{"textDocument", {{"uri", kUri}, {"version", 3}}}, {"contentChanges", Json::object()}});
  EXPECT_EQ(items(ask({0, 7}, 2)), "x");
  EXPECT_EQ(asked_->requests.back().text, "return ");
}

}  // namespace
}  // namespace inpaint::lsp
