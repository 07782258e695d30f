// The real program with a published model: the embedded one answers until that is read.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/protocol/position.h"
#include "tests/lsp/session/served_binary.h"
#include "tests/published_model.h"

namespace inpaint::lsp {
namespace {

const std::string kUri = "file:///w/settings.py";
const std::string kSource =
    "import json\n\n\ndef load(path):\n    with open(path) as f:\n        return ";

/// An editor with one file and a bar for progress, before a server that begins.
class Editor {
 public:
  explicit Editor(const std::string& model)
      : log_((folder_.path() / "log").string()),
        server_({"serve", "--model", model, "--log", log_}) {
    server_.initialize({{"textDocument", {{"inlineCompletion", Json::object()}}},
                        {"window", {{"workDoneProgress", true}}}});
    server_.notify("workspace/didChangeConfiguration", {{"settings", {{"gate", false}}}});
    server_.open(kUri, kSource);
  }

  int ask() {
    return server_.request("textDocument/inlineCompletion", {{"textDocument", {{"uri", kUri}}},
                                                             {"position", to_json(Position{5, 15})},
                                                             {"context", {{"triggerKind", 1}}}});
  }
  /// The text of the answer to a request; what comes before it is taken in.
  std::string answer(int id) {
    while (true) {
      const Json message = next();
      if (message.is_null()) return "nothing";
      if (message.value("id", Json()) != id || message.contains("method")) continue;
      const Json items = message["result"].value("items", Json::array());
      return items.empty() ? "" : items[0]["insertText"].get<std::string>();
    }
  }
  /// Reads until the bar is over; its last word.
  std::string end_of_progress() {
    while (end_.empty() && !next().is_null()) {
    }
    return end_;
  }
  int leave() {
    server_.answer(server_.request("shutdown", nullptr));
    server_.notify("exit", nullptr);
    return server_.exit_code();
  }

  void cancel() { server_.notify("window/workDoneProgress/cancel", {{"token", token_}}); }
  const std::vector<Json>& reports() const { return reports_; }
  bool is_over() const { return !end_.empty(); }
  bool has_logged(const std::string& words) const {
    return test::content_of(log_).find(words) != std::string::npos;
  }

 private:
  Json next() {
    Json message = server_.read();
    const std::string method = message.is_null() ? "" : message.value("method", "");
    if (method == "window/workDoneProgress/create") {
      token_ = message["params"]["token"];
      server_.send(to_response(message["id"], nullptr));
    } else if (method == "$/progress") {
      const Json& value = message["params"]["value"];
      if (value["kind"] == "report") reports_.push_back(value);
      if (value["kind"] == "end") end_ = value["message"];
    }
    return message;
  }

  test::TemporaryFolder folder_;
  std::string log_;
  test::ServedBinary server_;
  Json token_;
  std::vector<Json> reports_;
  std::string end_;
};

class StandInOfPublishedWeights : public tests::PublishedModel {
 protected:
  void SetUp() override { need(tests::kPublishedQwen); }
};

TEST_F(StandInOfPublishedWeights, AnswersFirstAndTheModelLater) {
  Editor editor(path_.string());
  const std::string first = editor.answer(editor.ask());
  EXPECT_TRUE(editor.has_logged("/mini answers until the model is loaded"));
  EXPECT_FALSE(editor.has_logged("the engine is open")) << "the model is still being read";
  EXPECT_EQ(editor.end_of_progress(), "ready");
  EXPECT_TRUE(editor.has_logged("the engine is open: " + path_.string()));
  const std::string later = editor.answer(editor.ask());
  EXPECT_NE(later, first);
  EXPECT_TRUE(later.starts_with("json.load")) << later;

  ASSERT_GT(editor.reports().size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(
      editor.reports(), {}, [](const Json& report) { return report["percentage"].get<int>(); }));
  EXPECT_EQ(editor.reports().back()["percentage"], 100);
  const std::string last = editor.reports().back()["message"];
  EXPECT_NE(last.find(" MB of "), std::string::npos) << last;
  EXPECT_EQ(editor.leave(), 0);
}

TEST_F(StandInOfPublishedWeights, StaysWhereTheUserCancelsTheLoading) {
  Editor editor(path_.string());
  const std::string before = editor.answer(editor.ask());
  editor.cancel();
  EXPECT_EQ(editor.end_of_progress(), "cancelled");
  EXPECT_EQ(editor.answer(editor.ask()), before);
  EXPECT_EQ(editor.leave(), 0);
}

TEST_F(StandInOfPublishedWeights, AServerThatIsToldToLeaveWhileItLoadsLeavesAtOnce) {
  Editor editor(path_.string());
  editor.answer(editor.ask());
  EXPECT_EQ(editor.leave(), 0);
  EXPECT_FALSE(editor.is_over());
}

TEST(StandIn, GoesOnWhereTheModelCanNotBeRead) {
  const test::TemporaryFolder folder;
  Editor editor(folder.write("cut.gguf", "GGUF"));
  const std::string before = editor.answer(editor.ask());
  EXPECT_EQ(editor.end_of_progress(), "failed");
  EXPECT_EQ(editor.answer(editor.ask()), before);
  EXPECT_EQ(editor.leave(), 0);
}

}  // namespace
}  // namespace inpaint::lsp
