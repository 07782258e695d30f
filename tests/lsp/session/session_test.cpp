// The life of a session, and what it says to clients of each kind.
#include "lsp/session/session.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

class SessionLife : public test::SessionTest {
 protected:
  int error_of(int id) { return wait_for(id)["error"]["code"].get<int>(); }
};

TEST_F(SessionLife, NothingButInitializeComesFirst) {
  make_session();
  EXPECT_EQ(error_of(request("textDocument/inlineCompletion", Json::object())), -32002);
  EXPECT_EQ(error_of(request("shutdown", nullptr)), -32002);
  notify("textDocument/didOpen", {{"textDocument", {{"uri", "u"}, {"text", ""}}}});
  EXPECT_TRUE(wait_for(request("initialize", Json::object())).contains("result"));
  EXPECT_EQ(error_of(request("initialize", Json::object())), -32600);
}

TEST_F(SessionLife, EndsWithShutdownAndExit) {
  start();
  EXPECT_EQ(wait_for(request("shutdown", nullptr))["result"], nullptr);
  EXPECT_EQ(error_of(request("shutdown", nullptr)), -32600);
  EXPECT_EQ(error_of(ask({0, 0})), -32600);
  EXPECT_TRUE(left_.empty());
  notify("exit", nullptr);
  EXPECT_EQ(left_, std::vector<int>{0});
  notify("exit", nullptr);
  request("shutdown", nullptr);
  EXPECT_EQ(left_.size(), 1U);
}

TEST_F(SessionLife, EndsBadlyWithoutShutdown) {
  start();
  notify("exit", nullptr);
  EXPECT_EQ(left_, std::vector<int>{1});
}

TEST_F(SessionLife, ALostConnectionIsGoodOnlyAfterShutdown) {
  start();
  session_->on_closed(std::nullopt);
  EXPECT_EQ(left_, std::vector<int>{1});
}

TEST_F(SessionLife, AClosedConnectionAfterShutdownIsGood) {
  start();
  request("shutdown", nullptr);
  session_->on_closed(std::nullopt);
  EXPECT_EQ(left_, std::vector<int>{0});
}

TEST_F(SessionLife, UnknownRequestsAreRefusedAndUnknownNotificationsIgnored) {
  start();
  EXPECT_EQ(error_of(request("textDocument/hover", Json::object())), -32601);
  EXPECT_EQ(error_of(request("$/unknown", Json::object())), -32601);
  const std::size_t before = sent_.size();
  for (const char* method : {"$/setTrace", "$/unknown", "textDocument/didSave", "x"}) {
    notify(method, {{"value", "off"}});
  }
  EXPECT_EQ(sent_.size(), before);
}

TEST_F(SessionLife, AMessageThatCanNotBeReadIsAnswered) {
  start();
  session_->on_unreadable(parse_message("{").error());
  EXPECT_EQ(sent_.back()["error"]["code"], -32700);
  EXPECT_EQ(sent_.back()["id"], nullptr);
}

TEST_F(SessionLife, ARequestThatCanNotBeReadIsAnsweredByItsId) {
  start();
  const std::string deep = std::string(500, '[') + std::string(500, ']');
  session_->on_unreadable(
      parse_message(R"({"jsonrpc":"2.0","id":"a","method":"m","params":)" + deep + "}").error());
  EXPECT_EQ(sent_.back()["id"], "a");
  EXPECT_EQ(sent_.back()["error"]["code"], -32600);
  const std::size_t before = sent_.size();
  session_->on_unreadable(
      parse_message(R"({"jsonrpc":"2.0","method":"m","params":)" + deep + "}").error());
  EXPECT_EQ(sent_.size(), before) << "a notification is never answered";
}

TEST_F(SessionLife, WrongParamsAreRefused) {
  start();
  open("x");
  const Json document = {{"uri", "file:///w/a.py"}};
  for (const Json& params :
       {Json(nullptr), Json::array(), Json{{"textDocument", document}},
        Json{{"textDocument", document}, {"position", {{"line", "x"}, {"character", 0}}}},
        Json{{"textDocument", 3}, {"position", {{"line", 0}, {"character", 0}}}}}) {
    EXPECT_EQ(error_of(request("textDocument/inlineCompletion", params)), -32602) << params;
    EXPECT_EQ(error_of(request("textDocument/completion", params)), -32602) << params;
  }
  EXPECT_EQ(error_of(ask({0, 0}, 1, "file:///unknown")), -32602);
}

TEST_F(SessionLife, WatchesTheClientsProcess) {
  make_session();
  request("initialize", {{"processId", 42}, {"capabilities", Json::object()}});
  EXPECT_EQ(watched_, std::vector<std::int64_t>{42});
}

TEST_F(SessionLife, CompletionItemsAreOfferedWhereThereIsNoGhostText) {
  start(Json::object());
  EXPECT_TRUE(initialize_result_["capabilities"].contains("completionProvider"));
  EXPECT_FALSE(initialize_result_["capabilities"].contains("positionEncoding"));
}

TEST_F(SessionLife, GhostTextTakesTheirPlace) {
  start();
  EXPECT_FALSE(initialize_result_["capabilities"].contains("completionProvider"));
  EXPECT_TRUE(initialize_result_["capabilities"].contains("inlineCompletionProvider"));
  EXPECT_EQ(initialize_result_["capabilities"]["textDocumentSync"]["change"], 2);
}

TEST_F(SessionLife, ASettingOffersBoth) {
  start(inline_client(), {{"completionItems", "on"}});
  EXPECT_TRUE(initialize_result_["capabilities"].contains("completionProvider"));
}

TEST_F(SessionLife, ALaterSettingRegistersAndUnregistersCompletionItems) {
  Json client = inline_client();
  client["textDocument"]["completion"] = {{"dynamicRegistration", true}};
  start(client);
  const auto set = [&](const char* value) {
    notify("workspace/didChangeConfiguration",
           {{"settings", {{"inpaint", {{"completionItems", value}}}}}});
  };
  set("on");
  set("on");
  EXPECT_EQ(n_sent("client/registerCapability"), 1U);
  set("off");
  set("auto");
  EXPECT_EQ(n_sent("client/unregisterCapability"), 1U);
  set("on");
  EXPECT_EQ(n_sent("client/registerCapability"), 2U);
}

TEST_F(SessionLife, TheAgreedEncodingIsTheOneThatIsUsed) {
  Json client = inline_client();
  client["general"] = {{"positionEncodings", {"utf-8"}}};
  start(client);
  EXPECT_EQ(initialize_result_["capabilities"]["positionEncoding"], "utf-8");
  open("'\xF0\x9F\x98\x80' + ");
  const Json answer = wait_for(ask({0, 9}));
  ASSERT_EQ(answer["result"]["items"].size(), 1U) << answer;
  EXPECT_EQ(answer["result"]["items"][0]["range"]["start"]["character"], 9);
}

TEST_F(SessionLife, SettingsArePulledFromClientsThatHaveThem) {
  Json client = inline_client();
  client["workspace"] = {{"configuration", true},
                         {"didChangeConfiguration", {{"dynamicRegistration", true}}}};
  start(client);
  EXPECT_EQ(n_sent("client/registerCapability"), 1U);
  const Json pull = wait_for_method("workspace/configuration");
  EXPECT_EQ(pull["params"]["items"], Json::parse(R"([{"section":"inpaint"}])"));
  respond(pull["id"], {{{"enabled", false}}});
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "");
  EXPECT_TRUE(asked_->requests.empty());
  notify("workspace/didChangeConfiguration", {{"settings", nullptr}});
  EXPECT_EQ(n_sent("workspace/configuration"), 2U);
}

TEST_F(SessionLife, WrongSettingsAreShownAndTheRestIsTaken) {
  start(inline_client(), {{"maxTokens", -1}, {"mode", "diffusion"}});
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
  open("return ");
  items(ask({0, 7}));
  ASSERT_EQ(asked_->requests.size(), 1U);
  EXPECT_EQ(asked_->requests[0].decoding.mode, engine::Mode::diffusion);
  EXPECT_EQ(asked_->requests[0].decoding.max_tokens, 64);
}

TEST_F(SessionLife, ASettingThatIsWrongIsToldOnce) {
  start();
  const auto set = [&](const Json& settings) {
    notify("workspace/didChangeConfiguration", {{"settings", {{"inpaint", settings}}}});
  };
  set({{"maxTokens", -1}});
  set({{"maxTokens", -1}, {"gate", false}});
  EXPECT_EQ(n_sent("window/showMessage"), 1U);
  set({{"maxTokens", -2}});
  EXPECT_EQ(n_sent("window/showMessage"), 2U);
}

TEST_F(SessionLife, NothingSetIsNothingSaid) {
  Json client = inline_client();
  client["workspace"] = {{"configuration", true}};
  for (const char* nothing : {"null", "{}", "[]", R"({"inpaint":[]})"}) {
    sent_.clear();
    start(client, Json::parse(nothing));
    const Json pull = wait_for_method("workspace/configuration");
    for (const char* answer : {"[null]", "[[]]", "[{}]", "[]", "null", "{}"})
      respond(pull["id"], Json::parse(answer));
    EXPECT_EQ(n_sent("window/showMessage"), 0U) << nothing;
    TearDown();
  }
}

TEST_F(SessionLife, TheLogHoldsNoCode) {
  start();
  open("secret_word = ");
  items(ask({0, 14}));
  change({{9, 9}, {9, 9}}, "secret_word", "file:///other.py");
  notify("textDocument/didChange", {{"textDocument", {{"uri", "file:///w/a.py"}, {"version", 0}}},
                                    {"contentChanges", {{{"secret_word", 1}}, "secret_word"}}});
  EXPECT_NE(log_text_.str().find("not open"), std::string::npos);
  EXPECT_EQ(log_text_.str().find("secret_word"), std::string::npos) << log_text_.str();
}

}  // namespace
}  // namespace inpaint::lsp
