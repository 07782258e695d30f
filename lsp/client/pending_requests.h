// The promise that every request is answered exactly once.
//
// A request becomes a Reply, which is handed to whoever works on it. Answering uses it up; letting
// go of it without an answer answers for it, with an internal error. So a forgotten path in a
// feature, or an exception, is a bug that a client can live with, instead of an editor that waits
// for ever.
//
// A client may take any request back: that answers it, and whoever works on it is told if it asked
// to be. The Reply in its hands is used up then.
//
// Thread rule: session strand only; replies as well.
// Source: Language Server Protocol 3.17, "Response Message" and "Cancellation Support".
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "engine/base/error.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

/// What a handler returns that answers at once; the id of an error is for others to fill in.
using Answer = std::expected<Json, RpcError>;

inline std::unexpected<RpcError> refuse(RpcErrorCode code, std::string message) {
  return std::unexpected(RpcError{code, std::move(message), {}});
}

class PendingRequests;

/// The right, and the duty, to answer one request.
class Reply {
 public:
  Reply() = default;
  Reply(Reply&& other) noexcept
      : pending_(std::exchange(other.pending_, nullptr)), number_(other.number_) {}
  Reply& operator=(Reply&& other) noexcept;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply();

  /// Nothing happens where it is answered already.
  void result(Json result);
  void error(RpcErrorCode code, std::string message);
  /// What was asked for could not be made: an internal error that names the method.
  void failed(const engine::Error& error);

  /// False once it was answered.
  bool open() const;
  /// Tells the requests of a session apart, whose ids a client may use twice; never 0.
  std::uint64_t number() const { return number_; }
  /// `cancelled` is called when the client takes the request back, or the session ends, and only
  /// then.
  void on_cancel(std::function<void()> cancelled);

 private:
  friend class PendingRequests;
  Reply(PendingRequests& pending, std::uint64_t number) : pending_(&pending), number_(number) {}

  PendingRequests* pending_ = nullptr;
  std::uint64_t number_ = 0;  // of the request
};

class PendingRequests {
 public:
  /// `send` gets each answer.
  explicit PendingRequests(std::function<void(Json)> send) : send_(std::move(send)) {}
  PendingRequests(const PendingRequests&) = delete;
  PendingRequests& operator=(const PendingRequests&) = delete;

  /// `method` is for the words of an error.
  Reply begin(Json id, std::string method);

  /// False where no request of this id is open.
  bool cancel(const Json& id);
  /// Takes back all that are open, but for the one of this number.
  void cancel_all(std::uint64_t but = 0);
  /// Answers in the place of whoever has the reply, where it is open.
  void fail(std::uint64_t number, RpcErrorCode code, std::string message);
  std::size_t n_open() const { return open_.size(); }

 private:
  friend class Reply;
  struct Open {
    Json id;
    std::string method;
    std::function<void()> cancelled;
  };
  using Requests = std::map<std::uint64_t, Open>;
  void cancel(Requests::iterator request, std::string why);

  std::function<void(Json)> send_;
  Requests open_;  // by number, in the order of arrival
  std::uint64_t last_number_ = 0;
};

}  // namespace inpaint::lsp
