// The table of methods, with handlers that a test writes.
#include "lsp/session/dispatcher.h"

#include <new>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using Phase = Dispatcher::Phase;

/// `{"n": number}`.
struct NumberParams {
  int n = 0;
  static std::expected<NumberParams, std::string> read(const Json& params) {
    if (params.is_null()) throw std::bad_alloc();
    if (!params.is_object() || !params.contains("n")) return std::unexpected("no n");
    return NumberParams{params["n"].get<int>()};
  }
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    dispatcher_.enter(Phase::running);
    dispatcher_.on_request<NumberParams>("double", [](NumberParams params) -> Answer {
      if (params.n < 0) return refuse(RpcErrorCode::content_modified, "too small");
      if (params.n == 7) throw std::runtime_error("not seven");
      return 2 * params.n;
    });
    dispatcher_.on_request<NumberParams>("later", [this](NumberParams params, Reply reply) {
      if (params.n == 7) throw std::bad_alloc();
      held_ = std::move(reply);
      if (params.n == 8) throw std::bad_alloc();
    });
    dispatcher_.on_request<NoParams>(
        "begin", [](NoParams) -> Answer { return "begun"; }, Phase::before_initialize);
    dispatcher_.on_notification<NumberParams>(
        "note",
        [this](NumberParams params) {
          if (params.n == 7) throw std::bad_alloc();
          noted_.push_back(params.n);
        },
        [this](const Json& params, const std::string& why) {
          lost_.push_back(params.dump() + " " + why);
        });
    dispatcher_.on_notification<NoParams>(
        "end", [this](NoParams) { noted_.push_back(-1); }, {}, /*always=*/true);
  }

  /// The answer to a request: its result, or the code and message of its error.
  std::string ask(const std::string& method, Json params) {
    dispatcher_.dispatch({.kind = Message::Kind::request,
                          .id = ++last_id_,
                          .method = method,
                          .params = std::move(params)});
    return answer();
  }
  std::string answer() {
    std::string all;
    for (const Json& sent : std::exchange(sent_, {})) {
      EXPECT_EQ(sent["id"], last_id_);
      if (!all.empty()) all += " and ";
      all += sent.contains("result")
                 ? sent["result"].dump()
                 : sent["error"]["code"].dump() + " " + sent["error"]["message"].get<std::string>();
    }
    return all;
  }
  void note(const std::string& method, Json params) {
    dispatcher_.dispatch(
        {.kind = Message::Kind::notification, .method = method, .params = std::move(params)});
  }

  std::ostringstream log_text_;
  Log log_{log_text_};
  std::vector<Json> sent_;
  int last_id_ = 0;
  std::function<void(const Json&)> send_ = [this](const Json& json) { sent_.push_back(json); };
  PendingRequests pending_{[this](const Json& json) { send_(json); }};
  Dispatcher dispatcher_{[this](const Json& json) { send_(json); }, pending_, log_};
  std::optional<Reply> held_;
  std::vector<int> noted_;
  std::vector<std::string> lost_;
};

TEST_F(DispatcherTest, AHandlerAnswersByWhatItReturns) {
  EXPECT_EQ(ask("double", {{"n", 4}}), "8");
  EXPECT_EQ(ask("double", {{"n", -4}}), "-32801 too small");
}

TEST_F(DispatcherTest, OrLaterThroughItsReply) {
  EXPECT_EQ(ask("later", {{"n", 4}}), "");
  held_->result("done");
  EXPECT_EQ(answer(), "\"done\"");
}

TEST_F(DispatcherTest, ParamsThatCanNotBeReadAreRefused) {
  EXPECT_EQ(ask("double", Json::object()), "-32602 no n");
  EXPECT_EQ(ask("later", Json::array()), "-32602 no n");
}

TEST_F(DispatcherTest, WhatThrowsIsAnsweredOnceWithAnErrorThatNamesTheMethod) {
  EXPECT_TRUE(ask("double", {{"n", 7}}).starts_with("-32603 double: not seven"));
  EXPECT_TRUE(ask("double", {{"n", "x"}}).starts_with("-32603 double: [json.exception"));
  EXPECT_TRUE(ask("double", nullptr).starts_with("-32603 double: out of memory"));
  EXPECT_TRUE(ask("later", {{"n", 7}}).starts_with("-32603 later: an exception ended"));
  EXPECT_TRUE(ask("later", {{"n", 8}}).starts_with("-32603 later: out of memory"));
  held_->result("too late");
  EXPECT_EQ(answer(), "");
  EXPECT_EQ(pending_.n_open(), 0U);
  EXPECT_EQ(ask("double", {{"n", 1}}), "2") << "and the next one is served";
  EXPECT_NE(log_text_.str().find("not seven"), std::string::npos);
}

TEST_F(DispatcherTest, AnAnswerThatCanNotBeSentIsAnError) {
  const auto send = std::exchange(send_, [this, send = send_](const Json& json) {
    if (json.contains("result")) throw std::bad_alloc();
    send(json);
  });
  EXPECT_TRUE(ask("double", {{"n", 1}}).starts_with("-32603 double: "));
}

TEST_F(DispatcherTest, ANotificationThatIsLostIsToldItsOwner) {
  note("note", {{"n", 1}});
  note("note", {{"n", 7}});
  note("note", {{"m", 1}});
  note("note", {{"n", 2}});
  EXPECT_EQ(noted_, (std::vector<int>{1, 2}));
  ASSERT_EQ(lost_.size(), 2U);
  EXPECT_TRUE(lost_[0].starts_with(R"({"n":7} note: out of memory)")) << lost_[0];
  EXPECT_EQ(lost_[1], R"({"m":1} note: no n)");
  dispatcher_.lose({.error = {RpcErrorCode::parse_error, "no JSON", {}},
                    .method = "note",
                    .document = "file:///a"});
  EXPECT_EQ(lost_[2], R"({"textDocument":{"uri":"file:///a"}} no JSON)");
  EXPECT_TRUE(sent_.empty()) << "a notification is never answered";
}

TEST_F(DispatcherTest, UnknownMethodsAreRefusedAndUnknownNotificationsIgnored) {
  EXPECT_EQ(ask("unknown", nullptr), "-32601 there is no method unknown");
  EXPECT_LT(ask(std::string(100'000, 'x'), nullptr).size(), 200U);
  note("unknown", nullptr);
  EXPECT_TRUE(sent_.empty());
}

struct PhaseCase {
  Phase phase;
  const char* begins;
  const char* doubles;
  const char* unknown;
  std::vector<int> noted;
};

const PhaseCase kPhases[] = {
    {Phase::before_initialize,
     "\"begun\"",
     "-32002 initialize comes first",
     "-32002 initialize comes first",
     {-1}},
    {Phase::running,
     "-32600 begin was sent before",
     "2",
     "-32601 there is no method unknown",
     {1, -1}},
    {Phase::after_shutdown,
     "-32600 the server was shut down",
     "-32600 the server was shut down",
     "-32600 the server was shut down",
     {-1}},
};

TEST_F(DispatcherTest, ThePhaseOfTheSessionDecidesWhatIsServed) {
  for (const PhaseCase& c : kPhases) {
    dispatcher_.enter(c.phase);
    noted_.clear();
    EXPECT_EQ(ask("begin", nullptr), c.begins);
    EXPECT_EQ(ask("double", {{"n", 1}}), c.doubles);
    EXPECT_EQ(ask("unknown", nullptr), c.unknown);
    note("note", {{"n", 1}});
    note("end", nullptr);
    EXPECT_EQ(noted_, c.noted);
  }
}

}  // namespace
}  // namespace inpaint::lsp
