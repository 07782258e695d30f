// The promise that every request is answered exactly once.
//
// A request becomes a Reply, which is handed to whoever works on it. Answering uses it up; letting go
// of it without an answer answers for it, with an internal error. So a forgotten path in a feature is
// a bug that a client can live with, instead of an editor that waits for ever.
//
// Thread rule: session strand only; replies as well.
// Source: Language Server Protocol 3.17, "Response Message" and "Cancellation Support".
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "lsp/protocol/message.h"

namespace inpaint::lsp {

class PendingRequests;

/// The right, and the duty, to answer one request.
class Reply {
 public:
  Reply() = default;
  Reply(Reply&& other) noexcept
      : pending_(std::exchange(other.pending_, nullptr)), id_(std::move(other.id_)) {}
  Reply& operator=(Reply&& other) noexcept;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply();

  void result(Json result);
  void error(RpcErrorCode code, std::string message);

  /// False once it was answered.
  bool open() const { return pending_ != nullptr; }
  const Json& id() const { return id_; }

 private:
  friend class PendingRequests;
  Reply(PendingRequests& pending, Json id) : pending_(&pending), id_(std::move(id)) {}
  void answer(Json message);

  PendingRequests* pending_ = nullptr;
  Json id_;
};

class PendingRequests {
 public:
  /// `send` gets each answer.
  explicit PendingRequests(std::function<void(Json)> send) : send_(std::move(send)) {}
  /// Nobody may hold a Reply any more: checked.
  ~PendingRequests();
  PendingRequests(const PendingRequests&) = delete;
  PendingRequests& operator=(const PendingRequests&) = delete;

  Reply begin(Json id) {
    ++n_open_;
    return {*this, std::move(id)};
  }
  std::size_t n_open() const { return n_open_; }

 private:
  friend class Reply;
  std::function<void(Json)> send_;
  std::size_t n_open_ = 0;
};

}  // namespace inpaint::lsp
