// The client as the server sees it: somebody to tell things, and to ask.
//
// Only what a client said it can do is used; clients complain about messages that they do not know.
//
// Thread rule: session strand only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "lsp/client/client_capabilities.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

enum class MessageType : int { error = 1, warning = 2, info = 3, log = 4 };

class Client {
 public:
  using Send = std::function<void(const Json&)>;
  using Answered = std::function<void(const Message&)>;

  explicit Client(Send send) : send_(std::move(send)) {}

  ClientCapabilities capabilities;  // known from `initialize` on

  void notify(std::string method, Json params) {
    send_(to_notification(std::move(method), std::move(params)));
  }
  void request(std::string method, Json params, Answered done) {
    const std::int64_t id = ++last_id_;
    asked_.emplace(id, std::move(done));
    send_(to_request(id, std::move(method), std::move(params)));
  }
  void show_message(MessageType type, const std::string& text) {
    notify("window/showMessage", {{"type", static_cast<int>(type)}, {"message", text}});
  }

  /// A response that came in; one to nothing that was asked is ignored.
  void on_response(const Message& response) {
    if (!response.id.is_number_integer()) return;
    const auto found = asked_.find(response.id.get<std::int64_t>());
    if (found == asked_.end()) return;
    const Answered done = std::move(found->second);
    asked_.erase(found);
    done(response);
  }

 private:
  Send send_;
  std::int64_t last_id_ = 0;
  std::map<std::int64_t, Answered> asked_;
};

}  // namespace inpaint::lsp
