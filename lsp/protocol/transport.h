// Moves whole messages between us and one client. Framing only: it knows no method names.
//
// Thread rule: one strand; the receiver is called on it, never from within send().
#pragma once

#include <functional>
#include <optional>

#include "engine/base/error.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

/// What a transport hands on. After `closed` nothing more comes.
struct Receiver {
  std::function<void(Message)> message;
  /// A message that was lost; the connection goes on.
  std::function<void(Unreadable)> unreadable;
  /// Without an error: the client has closed its end between two frames.
  std::function<void(std::optional<engine::Error>)> closed;
};

class Transport {
 public:
  virtual ~Transport() = default;
  virtual void start(Receiver receiver) = 0;
  /// Queued, never waited for. A client that reads too little of it loses the connection.
  virtual void send(const Json& message) = 0;
};

}  // namespace inpaint::lsp
