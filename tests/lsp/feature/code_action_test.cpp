// Code actions through a whole session: what is offered where, and the edit that comes of it.

#include "lsp/feature/code_action.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

/// As VS Code, Neovim and eglot say it.
Json resolving_client(bool versioned = true) {
  return {{"workspace", {{"workspaceEdit", {{"documentChanges", versioned}}}}},
          {"textDocument",
           {{"codeAction",
             {{"dataSupport", true},
              {"resolveSupport", {{"properties", {"edit"}}}},
              {"codeActionLiteralSupport",
               {{"codeActionKind", {{"valueSet", {"refactor.rewrite"}}}}}}}}}}};
}

class CodeActionsTest : public test::SessionTest {
 protected:
  int ask_actions(Range range, const Json& context = Json::object(),
                  const std::string& uri = "file:///w/a.py") {
    return request(
        "textDocument/codeAction",
        {{"textDocument", {{"uri", uri}}}, {"range", to_json(range)}, {"context", context}});
  }
  Json actions(Range range, const Json& context = Json::object()) {
    return wait_for(ask_actions(range, context))["result"];
  }
  static std::string titles(const Json& actions) {
    std::string all;
    for (const Json& action : actions)
      all += (all.empty() ? "" : "|") + action["title"].get<std::string>();
    return all;
  }
  Json resolved(const Json& action) { return wait_for(request("codeAction/resolve", action)); }
  /// The new text of the only edit.
  static std::string new_text(const Json& response) {
    const Json& edits = response["result"]["edit"]["documentChanges"][0]["edits"];
    return edits.size() == 1 ? edits[0]["newText"].get<std::string>() : edits.dump();
  }
};

TEST_F(CodeActionsTest, AreOfferedToClientsThatCanWaitForTheEdit) {
  start(resolving_client());
  EXPECT_EQ(initialize_result_["capabilities"]["codeActionProvider"]["resolveProvider"], true);
}

TEST_F(CodeActionsTest, AndToNoOthers) {
  start();
  EXPECT_FALSE(initialize_result_["capabilities"].contains("codeActionProvider"));
  open("x = 1\n");
  EXPECT_EQ(actions({{0, 0}, {0, 5}}), Json::array());
}

struct OfferCase {
  const char* name;
  const char* text;
  Range range;
  const char* titles;
};

const OfferCase kOffers[] = {
    {"nothing to do", "x = 1\n", {{0, 2}, {0, 2}}, ""},
    {"a selection", "x = 1\n", {{0, 0}, {0, 5}}, "Inpaint: write the selection anew"},
    {"of white space alone", "x  = 1\n", {{0, 1}, {0, 3}}, ""},
    {"a mark", "x = …\n", {{0, 4}, {0, 4}}, "Inpaint: fill this hole"},
    {"a body", "def f():\n    pass\n", {{1, 6}, {1, 6}}, "Inpaint: fill this body"},
    {"a mark elsewhere", "x = …\ny = 1\n", {{1, 0}, {1, 0}}, ""},
    {"all marks", "x = …\ny = …\nz\n", {{2, 0}, {2, 0}}, "Inpaint: fill all 2 marked holes"},
    {"this one, or all",
     "x = …\ny = …\n",
     {{0, 5}, {0, 5}},
     "Inpaint: fill this hole|Inpaint: fill all 2 marked holes"},
};

TEST_F(CodeActionsTest, SayWhatCanBeWritten) {
  start(resolving_client());
  for (const OfferCase& c : kOffers) {
    open(c.text);
    EXPECT_EQ(titles(actions(c.range)), c.titles) << c.name;
  }
  EXPECT_TRUE(asked_->requests.empty());  // a list costs no forward
}

TEST_F(CodeActionsTest, AreThoseOfTheTextAsItIsNow) {
  start(resolving_client());
  const Range begin{{0, 0}, {0, 0}};
  open("x = …\ny = …\n");
  EXPECT_EQ(titles(actions(begin)), "Inpaint: fill all 2 marked holes");
  EXPECT_EQ(titles(actions(begin)), "Inpaint: fill all 2 marked holes") << "asked again";
  change({{2, 0}, {2, 0}}, "z = …\n");
  EXPECT_EQ(titles(actions(begin)), "Inpaint: fill all 3 marked holes");
  notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///w/a.py"}}}});
  open("x = 1\n");  // its revision is the one that the first text had
  EXPECT_EQ(titles(actions(begin)), "");
}

TEST_F(CodeActionsTest, KeepToWhatTheClientWants) {
  start(resolving_client());
  open("x = 1\n");
  const Range all{{0, 0}, {0, 5}};
  const auto n_of = [&](const char* kind) { return actions(all, {{"only", {kind}}}).size(); };
  EXPECT_EQ(n_of("refactor"), 1U);
  EXPECT_EQ(n_of("refactor.rewrite"), 1U);
  EXPECT_EQ(n_of("quickfix"), 0U);
  EXPECT_EQ(n_of("refactor.re"), 0U);
  EXPECT_EQ(n_of("source"), 0U);
}

TEST_F(CodeActionsTest, AreSilentWhereInpaintKeepsAway) {
  start(resolving_client());
  open("x = 1\n", "file:///w/.env");
  const int id = ask_actions({{0, 0}, {0, 5}}, Json::object(), "file:///w/.env");
  EXPECT_EQ(wait_for(id)["result"], Json::array());
}

TEST_F(CodeActionsTest, ASelectionBecomesAnEditOfThisVersion) {
  set_fills({"2"});
  start(resolving_client());
  open("x = f(1)\n");
  const Json response = resolved(actions({{0, 6}, {0, 7}})[0]);
  const Json& change = response["result"]["edit"]["documentChanges"][0];
  EXPECT_EQ(change["textDocument"], (Json{{"uri", "file:///w/a.py"}, {"version", 1}}));
  EXPECT_EQ(change["edits"],
            Json::array({{{"range", to_json(Range{{0, 6}, {0, 7}})}, {"newText", "2"}}}));
  EXPECT_EQ(response["result"]["title"], "Inpaint: write the selection anew");
}

TEST_F(CodeActionsTest, AClientWithoutVersionsGetsPlainChanges) {
  set_fills({"2"});
  start(resolving_client(/*versioned=*/false));
  open("x = f(1)\n");
  const Json response = resolved(actions({{0, 6}, {0, 7}})[0]);
  EXPECT_EQ(response["result"]["edit"]["changes"]["file:///w/a.py"][0]["newText"], "2");
}

TEST_F(CodeActionsTest, EachRepetitionGivesAnotherText) {
  set_fills({"2", "3", "4"});
  start(resolving_client());
  open("x = f(1)\n");
  const Range place{{0, 6}, {0, 7}};
  EXPECT_EQ(new_text(resolved(actions(place)[0])), "2");
  change(place, "2");
  EXPECT_EQ(new_text(resolved(actions(place)[0])), "3");
  change(place, "3");
  EXPECT_EQ(new_text(resolved(actions(place)[0])), "4");
  EXPECT_EQ(asked_->requests[0].decoding.seed, 0U);
  EXPECT_EQ(asked_->requests[2].decoding.seed, 2U);
}

TEST_F(CodeActionsTest, AllMarksAreFilledAtOnce) {
  set_fills({"7"});
  start(resolving_client());
  open("x = …\ny = …\n");
  const Json response = resolved(actions({{0, 5}, {0, 5}})[1]);
  const Json& edits = response["result"]["edit"]["documentChanges"][0]["edits"];
  EXPECT_EQ(edits, Json::array({{{"range", to_json(Range{{0, 4}, {0, 5}})}, {"newText", "7"}},
                                {{"range", to_json(Range{{1, 4}, {1, 5}})}, {"newText", "7"}}}));
}

TEST_F(CodeActionsTest, TextThatMovedOnIsNotTouched) {
  start(resolving_client());
  open("x = f(1)\n");
  const Json action = actions({{0, 6}, {0, 7}})[0];
  type({0, 0}, "y");
  EXPECT_EQ(resolved(action)["error"]["code"], -32801);
  EXPECT_TRUE(asked_->requests.empty());
}

TEST_F(CodeActionsTest, AlsoWhenItMovesWhileTheEngineWrites) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start(resolving_client());
  open("x = f(1)\n");
  const int id = request("codeAction/resolve", actions({{0, 6}, {0, 7}})[0]);
  wait_for_engine();
  type({0, 0}, "y");
  hold_->go.count_down();
  EXPECT_EQ(wait_for(id)["error"]["code"], -32801);
}

TEST_F(CodeActionsTest, CanBeTakenBack) {
  hold_ = std::make_shared<test::HeldEngine::Hold>();
  start(resolving_client());
  open("x = f(1)\n");
  const int id = request("codeAction/resolve", actions({{0, 6}, {0, 7}})[0]);
  wait_for_engine();
  notify("$/cancelRequest", {{"id", id}});
  EXPECT_EQ(wait_for(id)["error"]["code"], -32800);
}

TEST_F(CodeActionsTest, WhereNothingFitsTheUserIsTold) {
  set_fills({"("});
  start(resolving_client());
  open("x = f(1)\n");
  const Json response = resolved(actions({{0, 6}, {0, 7}})[0]);
  EXPECT_EQ(response["result"]["edit"]["documentChanges"][0]["edits"], Json::array());
  const Json told =
      wait_until([](const Json& m) { return m.value("method", "") == "window/showMessage"; });
  EXPECT_EQ(told["params"]["message"], "Inpaint found nothing that fits there");
}

TEST_F(CodeActionsTest, AnswerWrongQuestionsWithErrors) {
  start(resolving_client());
  open("x = f(1)\n");
  EXPECT_EQ(
      wait_for(ask_actions({{0, 0}, {0, 1}}, Json::object(), "file:///w/b.py"))["error"]["code"],
      -32602);
  EXPECT_EQ(resolved({{"title", "x"}})["error"]["code"], -32602);
  EXPECT_EQ(resolved({{"title", "x"}, {"data", 7}})["error"]["code"], -32602);
  Json action = actions({{0, 6}, {0, 7}})[0];
  action["data"]["end"] = 10'000;
  EXPECT_EQ(resolved(action)["error"]["code"], -32602);
  action["data"]["end"] = -1;
  EXPECT_EQ(resolved(action)["error"]["code"], -32602);
}

}  // namespace
}  // namespace inpaint::lsp
