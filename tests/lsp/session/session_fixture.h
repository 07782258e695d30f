// A session with a fake engine and no pipes: what is sent to it, and what it says.
//
// The event loop runs only while a test waits for something, on the test's own thread; the worker's
// thread is the real one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "lsp/session/session.h"
#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/worker/held_engine.h"

namespace inpaint::lsp::test {

class SessionTest : public testing::Test {
 protected:
  /// Fills that the engine gives, most wanted first.
  void set_fills(const std::vector<std::string>& texts) {
    script_.fills.clear();
    for (const std::string& text : texts) script_.fills.push_back(fill_of({set_token(text, 0.9F)}));
  }

  void start(const Json& capabilities = inline_client(), const Json& options = nullptr) {
    make_session();
    const int id = request("initialize", {{"processId", nullptr},
                                          {"rootUri", "file:///w"},
                                          {"capabilities", capabilities},
                                          {"initializationOptions", options}});
    initialize_result_ = wait_for(id)["result"];
    notify("initialized", Json::object());
  }

  virtual std::unique_ptr<engine::Engine> make_engine() {
    return std::make_unique<FakeEngine>(script_, asked_);
  }

  virtual EngineSource engines() {
    return {
        .open = [this](const engine::Loading&) -> engine::Result<std::unique_ptr<engine::Engine>> {
          ++n_opened_;
          if (hold_opening_) hold_opening_->wait();
          if (open_error_) return std::unexpected(*open_error_);
          auto made = make_engine();
          if (!hold_) return made;
          return std::make_unique<HeldEngine>(std::move(made), hold_);
        }};
  }

  void make_session() {
    worker_ = std::make_unique<EngineWorker>(loop_.get_executor(), engines());
    session_ = std::make_unique<Session>(SessionParts{
        .strand = loop_.get_executor(),
        .send =
            [this](const Json& message) {
              if (before_sending_) before_sending_(message);
              sent_.push_back(message);
            },
        .leave = [this](int code) { left_.push_back(code); },
        .watch_process = [this](std::int64_t process) { watched_.push_back(process); },
        .worker = *worker_,
        .log = log_,
        .settings = {.foresight = Foresight::off},  // what is asked is then what a test asks
    });
  }

  void TearDown() override {
    if (hold_) hold_->go.count_down(hold_->go.try_wait() ? 0 : 1);
    if (hold_opening_) hold_opening_->count_down(hold_opening_->try_wait() ? 0 : 1);
    session_.reset();
    worker_.reset();
  }

  static Json inline_client() { return {{"textDocument", {{"inlineCompletion", Json::object()}}}}; }

  int request(const std::string& method, Json params) {
    const int id = ++last_id_;
    const Json json = to_request(id, method, std::move(params));
    session_->on_message(*parse_message(to_text(json)));
    return id;
  }
  void notify(const std::string& method, Json params) {
    session_->on_message(*parse_message(to_text(to_notification(method, std::move(params)))));
  }
  void respond(const Json& id, Json result) {
    session_->on_message(*parse_message(to_text(to_response(id, std::move(result)))));
  }

  void open(std::string_view text, const std::string& uri = "file:///w/a.py") {
    notify(
        "textDocument/didOpen",
        {{"textDocument",
          {{"uri", uri}, {"languageId", "python"}, {"version", 1}, {"text", std::string(text)}}}});
  }
  void type(Position at, const std::string& text, const std::string& uri = "file:///w/a.py") {
    change({at, at}, text, uri);
  }
  void change(Range range, const std::string& text, const std::string& uri = "file:///w/a.py") {
    notify("textDocument/didChange",
           {{"textDocument", {{"uri", uri}, {"version", ++version_}}},
            {"contentChanges", {{{"range", to_json(range)}, {"text", text}}}}});
  }
  int ask(Position at, int trigger = 1, const std::string& uri = "file:///w/a.py") {
    return request("textDocument/inlineCompletion", {{"textDocument", {{"uri", uri}}},
                                                     {"position", to_json(at)},
                                                     {"context", {{"triggerKind", trigger}}}});
  }
  int ask_list(Position at, const std::string& uri = "file:///w/a.py") {
    return request("textDocument/completion",
                   {{"textDocument", {{"uri", uri}}}, {"position", to_json(at)}});
  }

  /// The message that satisfies `wanted`, once it is there. Runs the loop until then.
  Json wait_until(const std::function<bool(const Json&)>& wanted) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (true) {
      const auto found = std::ranges::find_if(sent_, wanted);
      if (found != sent_.end()) return *found;
      loop_.restart();
      loop_.run_one();
    }
  }
  /// Until the engine was asked so often, also by the server of itself.
  void wait_for_requests(std::size_t n_requests) {
    const auto work = boost::asio::make_work_guard(loop_);
    while (asked_->n_requests() < n_requests) {
      loop_.restart();
      loop_.run_one();
    }
  }
  /// Until the engine works on something, which is no event of the loop.
  void wait_for_engine() {
    while (!hold_->entered.try_wait()) {
      loop_.restart();
      loop_.poll();
    }
  }
  Json wait_for(int id) {
    return wait_until([id](const Json& message) {
      return message.value("id", Json()) == id && !message.contains("method");
    });
  }
  Json wait_for_method(const std::string& method) {
    return wait_until([&](const Json& message) { return message.value("method", "") == method; });
  }
  /// The new texts of the items, or "null"/"error <code>".
  std::string items(int id) {
    const Json answer = wait_for(id);
    if (answer.contains("error")) return "error " + answer["error"]["code"].dump();
    if (answer["result"].is_null()) return "null";
    std::string all;
    for (const Json& item : answer["result"]["items"]) {
      const Json& text =
          item.contains("insertText") ? item["insertText"] : item["textEdit"]["newText"];
      all += (all.empty() ? "" : "|") + text.get<std::string>();
    }
    return all;
  }
  bool answered(int id) const {
    return std::ranges::any_of(sent_, [id](const Json& message) {
      return message.value("id", Json()) == id && !message.contains("method");
    });
  }
  std::size_t n_answers(int id) const {
    return static_cast<std::size_t>(std::ranges::count_if(sent_, [id](const Json& message) {
      return message.value("id", Json()) == id && !message.contains("method");
    }));
  }
  std::size_t n_sent(const std::string& method) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        sent_, [&](const Json& message) { return message.value("method", "") == method; }));
  }

  boost::asio::io_context loop_{1};
  std::ostringstream log_text_;
  Log log_{log_text_, {.notes = true, .lines = 1000}};
  Script script_ = script_of({fill_of({set_token("x", 0.9F)})});
  std::shared_ptr<Asked> asked_ = std::make_shared<Asked>();
  std::shared_ptr<HeldEngine::Hold> hold_;
  std::shared_ptr<std::latch> hold_opening_;
  std::optional<engine::Error> open_error_;
  int n_opened_ = 0;
  std::function<void(const Json&)> before_sending_;  // may throw
  std::vector<Json> sent_;
  std::vector<int> left_;
  std::vector<std::int64_t> watched_;
  Json initialize_result_;
  int last_id_ = 0;
  int version_ = 1;
  std::unique_ptr<EngineWorker> worker_;
  std::unique_ptr<Session> session_;
};

}  // namespace inpaint::lsp::test
