// The real program with the model that ships, as an editor uses it: what is accepted is exactly
// what was shown. The model's text depends on the processor, so the test holds none of it.
#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "lsp/document/document.h"
#include "tests/lsp/session/served_binary.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

const std::string kUri = "file:///w/circle.py";
const std::string kSource =
    "import math\n\n\nclass Circle:\n    def __init__(self, radius):\n"
    "        self.radius = radius\n\n    def area(self):\n        return\n\n\n"
    "    def name(self):\n        return 'circle'\n";

/// An editor with one file: what it types is applied on both sides.
class RealEngine : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(tests::source_folder() + "/engine/mini/model.safetensors"));
    server_.initialize();
    // What is shown at all is not the matter here.
    server_.notify("workspace/didChangeConfiguration", {{"settings", {{"gate", false}}}});
    server_.open(kUri, kSource);
  }
  void type(Position at, const std::string& text) {
    const ContentChange change{Range{at, at}, text};
    editor_.apply(change);
    server_.notify("textDocument/didChange",
                   {{"textDocument", {{"uri", kUri}, {"version", ++version_}}},
                    {"contentChanges", {{{"range", to_json(*change.range)}, {"text", text}}}}});
  }
  /// The first item of an answer with any, or null.
  Json item(Position at, int trigger) {
    const Json answer = server_.answer(server_.request("textDocument/inlineCompletion",
                                                       {{"textDocument", {{"uri", kUri}}},
                                                        {"position", to_json(at)},
                                                        {"context", {{"triggerKind", trigger}}}}));
    EXPECT_TRUE(answer.contains("result")) << answer;
    const Json items = answer["result"].value("items", Json::array());
    return items.empty() ? Json() : items[0];
  }
  /// The text with an item accepted.
  std::string accepted(const Json& item) const {
    Document document(Uri(kUri), "python", 1, editor_.text(), PositionEncoding::utf16);
    document.apply({range_from(item["range"]), item["insertText"].get<std::string>()});
    return document.text();
  }

  test::ServedBinary server_{{"serve", "--model", tests::source_folder() + "/engine/mini"}};
  Document editor_{Uri(kUri), "python", 1, kSource, PositionEncoding::utf16};
  int version_ = 1;
};

TEST_F(RealEngine, WhatIsAcceptedIsWhatWasShownAndTypingOnLeadsThereToo) {
  type({8, 14}, " ");
  const Json item = this->item({8, 15}, 1);
  ASSERT_FALSE(item.is_null()) << server_.errors();
  const std::string text = item["insertText"];
  ASSERT_FALSE(text.empty());
  // Only the hole is filled: both sides are as they were.
  const std::string whole = accepted(item);
  const std::size_t cursor = kSource.find("return\n") + 6;
  EXPECT_EQ(whole, kSource.substr(0, cursor) + " " + text + kSource.substr(cursor));

  // A character of it is typed: the rest is answered, and leads to the same text.
  const std::string first = text.substr(0, 1);
  ASSERT_LT(static_cast<unsigned char>(first[0]), 0x80U);
  type({8, 15}, first);
  const Json rest = this->item({8, 16}, 2);
  if (text.size() > 1) {
    ASSERT_FALSE(rest.is_null());
    EXPECT_EQ(accepted(rest), whole);
  }
  server_.answer(server_.request("shutdown", nullptr));
  server_.notify("exit", nullptr);
  EXPECT_EQ(server_.exit_code(), 0);
}

TEST_F(RealEngine, EveryAnswerIsOneThatAClientCanShow) {
  // Blank lines, the middle of a line, the end of the file.
  for (const Position at : {Position{1, 0}, Position{4, 17}, Position{7, 13}, Position{9, 0},
                            Position{13, 0}, Position{6, 0}}) {
    const Json item = this->item(at, 1);
    if (item.is_null()) continue;
    const auto range = range_from(item["range"]);
    ASSERT_TRUE(range.has_value());
    EXPECT_EQ(range->start.line, at.line);
    EXPECT_EQ(range->end.line, at.line);
    const std::size_t begin = editor_.byte(range->start);
    const std::string replaced = editor_.text().substr(begin, editor_.byte(range->end) - begin);
    const std::string filter = item.value("filterText", item["insertText"].get<std::string>());
    EXPECT_TRUE(filter.starts_with(replaced)) << item;
  }
}

struct EndCase {
  const char* name;
  bool shutdown;
  bool exit;  // else its input ends
  int code;
};

const EndCase kEnds[] = {
    {"in good order", true, true, 0},
    {"the input ends after shutdown", true, false, 0},
    {"exit without shutdown", false, true, 1},
    {"the input ends", false, false, 1},
};

// With the engine open the process leaves without letting go of it: nothing may be lost by that.
TEST(RealEngineEnds, EverythingIsAnsweredAndLoggedBeforeItLeaves) {
  for (const EndCase& c : kEnds) {
    SCOPED_TRACE(c.name);
    const test::TemporaryFolder folder;
    const std::string log = (folder.path() / "log").string();
    test::ServedBinary server(
        {"serve", "--model", tests::source_folder() + "/engine/mini", "--log", log});
    server.initialize();
    server.open(kUri, kSource);
    const Json question = {{"textDocument", {{"uri", kUri}}},
                           {"position", to_json(Position{8, 14})},
                           {"context", {{"triggerKind", 1}}}};
    // The first one is answered when the engine is open; the second is under way at the end.
    EXPECT_TRUE(server.answer(server.request("textDocument/inlineCompletion", question))
                    .contains("result"));
    const int last = server.request("textDocument/completion", question);
    const int shutdown = c.shutdown ? server.request("shutdown", nullptr) : 0;
    if (c.exit) server.notify("exit", nullptr);
    else server.stop_writing();
    EXPECT_TRUE(server.answer(last).contains("result"));
    if (c.shutdown) {
      EXPECT_TRUE(server.answer(shutdown).contains("result"));
    }
    EXPECT_EQ(server.read(), nullptr) << "nothing is written after the last answer";
    EXPECT_EQ(server.exit_code(), c.code);
    const std::string lines = test::content_of(log);
    EXPECT_NE(lines.find("the engine is open"), std::string::npos) << lines;
    EXPECT_TRUE(lines.ends_with("leaving with " + std::to_string(c.code) + "\n")) << lines;
  }
}

TEST_F(RealEngine, ALostClientStopsIt) {
  server_.request("textDocument/inlineCompletion", {{"textDocument", {{"uri", kUri}}},
                                                    {"position", to_json(Position{8, 14})},
                                                    {"context", {{"triggerKind", 1}}}});
  server_.stop_writing();
  EXPECT_EQ(server_.exit_code(), 1);
}

}  // namespace
}  // namespace inpaint::lsp
