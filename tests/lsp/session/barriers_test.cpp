// What throws at any door ends the request, the parse or the callback that it is thrown in; the
// session and its other requests live on.
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "lsp/session/server.h"
#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/session/session_fixture.h"

namespace inpaint::lsp {
namespace {

using Thrower = std::function<void()>;

struct ThrowCase {
  const char* name;
  Thrower thrower;
  const char* why;
};

const ThrowCase kThrows[] = {
    {"no memory", [] { throw std::bad_alloc(); }, "out of memory"},
    {"a mistake", [] { throw std::runtime_error("odd"); }, "odd"},
    {"no exception", [] { throw 7; }, "an exception of an unknown type"},
};

/// Throws when it is asked, as long as there is something to throw.
class ThrowingEngine : public test::FakeEngine {
 public:
  ThrowingEngine(test::Script script, std::shared_ptr<test::Asked> asked, const Thrower& thrower)
      : FakeEngine(std::move(script), std::move(asked)), thrower_(thrower) {}
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override {
    if (thrower_) thrower_();
    return FakeEngine::fill(std::move(request));
  }

 private:
  const Thrower& thrower_;  // the test's own: changed only while the engine is not asked
};

class Barriers : public test::SessionTest {
 protected:
  std::unique_ptr<engine::Engine> make_engine() override {
    if (at_opening_) at_opening_();
    return std::make_unique<ThrowingEngine>(script_, asked_, at_filling_);
  }
  std::string error_of(int id) {
    const Json answer = wait_for(id);
    return answer.contains("error") ? answer["error"]["code"].dump() + " " +
                                          answer["error"]["message"].get<std::string>()
                                    : "none: " + answer.dump();
  }
  static Json everything() {
    Json client = inline_client();
    client["textDocument"]["codeAction"] = {{"dataSupport", true},
                                            {"codeActionLiteralSupport", Json::object()},
                                            {"resolveSupport", {{"properties", {"edit"}}}}};
    return client;
  }

  Thrower at_opening_;
  Thrower at_filling_;
};

TEST_F(Barriers, AFillThatThrowsAnswersItsRequestAndTheNextIsServed) {
  start();
  open("return ");
  for (const ThrowCase& c : kThrows) {
    at_filling_ = c.thrower;
    const std::string error = error_of(ask({0, 7}));
    EXPECT_TRUE(error.starts_with("-32603 textDocument/inlineCompletion: ")) << error;
    EXPECT_NE(error.find(c.why), std::string::npos) << c.name << ": " << error;
  }
  at_filling_ = nullptr;
  EXPECT_EQ(items(ask({0, 7})), "x");
}

TEST_F(Barriers, SoDoesOneForTheListOfItems) {
  start(Json::object(), {{"completionDeadlineMs", 10'000}});
  open("return ");
  for (const ThrowCase& c : kThrows) {
    at_filling_ = c.thrower;
    const std::string error = error_of(ask_list({0, 7}));
    EXPECT_TRUE(error.starts_with("-32603 textDocument/completion: ")) << error;
  }
  at_filling_ = nullptr;
  EXPECT_EQ(items(ask_list({0, 7})), "x");
}

TEST_F(Barriers, SoDoesACodeAction) {
  start(everything());
  open("x = f(1)\n");
  const auto action = [&] {
    return wait_for(
        request("textDocument/codeAction", {{"textDocument", {{"uri", "file:///w/a.py"}}},
                                            {"range", to_json(Range{{0, 6}, {0, 7}})},
                                            {"context", Json::object()}}))["result"][0];
  };
  for (const ThrowCase& c : kThrows) {
    at_filling_ = c.thrower;
    const std::string error = error_of(request("codeAction/resolve", action()));
    EXPECT_TRUE(error.starts_with("-32603 codeAction/resolve: ")) << error;
  }
  at_filling_ = nullptr;
  EXPECT_TRUE(wait_for(request("codeAction/resolve", action()))["result"].contains("edit"));
}

TEST_F(Barriers, AnEngineThatThrowsWhileItOpensIsToldAndTheSessionLivesOn) {
  at_opening_ = [] { throw std::bad_alloc(); };
  start();
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "");
  const Json told = wait_for_method("window/showMessage");
  EXPECT_NE(told["params"]["message"].get<std::string>().find("out of memory"), std::string::npos);
  EXPECT_EQ(wait_for(request("shutdown", nullptr))["result"], nullptr);
}

TEST_F(Barriers, ARequestWhoseAnswerCanNotBeSentIsAnsweredWithAnError) {
  bool throws = true;
  before_sending_ = [&](const Json& message) {
    if (message.contains("result") && std::exchange(throws, false)) throw std::bad_alloc();
  };
  start();
  const int id = last_id_;
  EXPECT_TRUE(error_of(id).starts_with("-32603 initialize: "));
  EXPECT_TRUE(wait_for(request("initialize", Json::object())).contains("result"))
      << "it was not initialized, so it can be";
}

TEST_F(Barriers, AnAnswerOfTheClientThatThrowsEndsNothing) {
  Json client = inline_client();
  client["workspace"] = {{"configuration", true}};
  start(client);
  const Json pull = wait_for_method("workspace/configuration");
  before_sending_ = [](const Json& message) {
    if (message.value("method", "") == "window/showMessage") throw std::bad_alloc();
  };
  respond(pull["id"], {{{"maxTokens", "many"}}});
  before_sending_ = nullptr;
  open("return ");
  EXPECT_EQ(items(ask({0, 7})), "x");
}

/// Runs a server until it ends by itself; what it has written, and its exit code in front.
class ServedHere {
 public:
  std::string run(const std::vector<Json>& messages, ServerOptions options = {}) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    EXPECT_EQ(::pipe(in.data()), 0);
    EXPECT_EQ(::pipe(out.data()), 0);
    for (const Json& message : messages) {
      const std::string frame = to_frame(to_text(message));
      EXPECT_EQ(::write(in[1], frame.data(), frame.size()), static_cast<ssize_t>(frame.size()));
    }
    options.in = in[0];
    options.out = out[1];
    const int code = run_server(options, log);
    std::array<char, 1 << 16> bytes;
    const ssize_t n = ::read(out[0], bytes.data(), bytes.size());
    for (const int descriptor : {in[0], in[1], out[0], out[1]}) ::close(descriptor);
    return std::to_string(code) + " " +
           std::string(bytes.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  }
  std::ostringstream log_text;
  Log log{log_text, {.notes = true, .lines = 1000}};
};

TEST(ServerBarriers, AnEngineThatThrowsIsNotItsEnd) {
  ServedHere here;
  ServerOptions options;
  options.engines.open =
      [](const engine::Loading&) -> engine::Result<std::unique_ptr<engine::Engine>> {
    throw std::runtime_error("odd");
  };
  const std::string said =
      here.run({to_request(1, "initialize", {{"capabilities", Json::object()}}),
                to_notification("initialized", Json::object()), to_request(2, "shutdown", nullptr),
                to_notification("exit", nullptr)},
               options);
  EXPECT_TRUE(said.starts_with("0 ")) << said;
  EXPECT_NE(said.find("\"id\":2"), std::string::npos) << said;
}

}  // namespace
}  // namespace inpaint::lsp
