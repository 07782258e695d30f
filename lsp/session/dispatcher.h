// The table of methods: which handler a message goes to, and what becomes of it whatever the
// handler does.
//
// A method is a name, the type of its parameters, and a handler:
//
//   to.on_request<HoverParams>("textDocument/hover", [](HoverParams params) -> Answer { ... });
//   to.on_request<FillParams>("textDocument/fill", [](FillParams params, Reply reply) { ... });
//   to.on_notification<SaveParams>("textDocument/didSave", [](SaveParams params) { ... });
//
// The first kind answers by what it returns, the second when it has got to it; neither can answer
// twice or forget to (client/pending_requests.h). Parameters say how they are read, once for each
// type:
//
//   static std::expected<HoverParams, std::string> read(const Json& params);  // or why not
//
// (or Json&, where a long text is to be moved out rather than copied).
//
// This is also the barrier: a handler that throws, also for want of memory, has ended its own
// request, which is answered with an error that names the method, and nothing else. And the rules
// of the session's life are here, so that no handler knows them.
//
// Errors: server_not_initialized, invalid_request (after `shutdown`; a second `initialize`),
//         method_not_found, invalid_params, internal_error.
// Thread rule: session strand only.
// Source: Language Server Protocol 3.17, "Lifecycle Messages"; JSON-RPC 2.0.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "lsp/client/log.h"
#include "lsp/client/pending_requests.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

/// Of methods that have no parameters, or need none of them.
struct NoParams {
  static std::expected<NoParams, std::string> read(const Json& /*params*/) { return {}; }
};

class Dispatcher {
 public:
  enum class Phase : std::uint8_t { before_initialize, running, after_shutdown };
  /// What to do about a notification that was lost: it could not be read, or its handler threw.
  using Lost = std::function<void(const Json& params, const std::string& why)>;

  Dispatcher(std::function<void(const Json&)> send, PendingRequests& pending, Log& log)
      : send_(std::move(send)), pending_(pending), log_(log) {}

  /// `phase`: the one in which the method is served.
  template <class Params, class Handler>
  void on_request(std::string method, Handler handler, Phase phase = Phase::running) {
    auto serve = [handler = std::move(handler)](Json& json, Reply& reply) mutable {
      auto params = Params::read(json);
      if (!params) return reply.error(RpcErrorCode::invalid_params, std::move(params.error()));
      if constexpr (std::is_invocable_v<Handler&, Params, Reply>) {
        handler(std::move(*params), std::move(reply));
      } else {
        Answer answer = handler(std::move(*params));
        if (answer) reply.result(std::move(*answer));
        else reply.error(answer.error().code, std::move(answer.error().message));
      }
    };
    requests_[std::move(method)] = {std::move(serve), phase};
  }

  /// Served while the session is running; with `always` in every phase.
  template <class Params, class Handler>
  void on_notification(std::string method, Handler handler, Lost lost = {}, bool always = false) {
    auto serve = [handler =
                      std::move(handler)](Json& json) mutable -> std::expected<void, std::string> {
      auto params = Params::read(json);
      if (!params) return std::unexpected(std::move(params.error()));
      handler(std::move(*params));
      return {};
    };
    notifications_[std::move(method)] = {std::move(serve), std::move(lost), always};
  }

  /// A feature that has a name (kMethod), Params, and is called with them; it outlives this.
  template <class Feature>
  void serve(Feature& feature) {
    using Params = typename Feature::Params;
    if constexpr (std::is_invocable_v<Feature&, Params, Reply>) {
      on_request<Params>(Feature::kMethod, [&feature](Params&& params, Reply reply) {
        feature(std::move(params), std::move(reply));
      });
    } else if constexpr (std::is_same_v<std::invoke_result_t<Feature&, Params>, Answer>) {
      on_request<Params>(Feature::kMethod,
                         [&feature](Params&& params) { return feature(std::move(params)); });
    } else {
      on_notification<Params>(Feature::kMethod,
                              [&feature](Params&& params) { feature(std::move(params)); });
    }
  }

  void enter(Phase phase) { phase_ = phase; }
  Phase phase() const { return phase_; }

  /// A request or a notification. Does not throw.
  void dispatch(Message message);
  /// A notification that could not even be read.
  void lose(const Unreadable& message);

 private:
  struct RequestMethod {
    std::function<void(Json&, Reply&)> serve;  // the reply is the dispatcher's until it is moved
    Phase phase = Phase::running;
  };
  struct NotificationMethod {
    std::function<std::expected<void, std::string>(Json&)> serve;
    Lost lost;
    bool always = false;
  };

  void serve_request(Message& message);
  void serve_notification(Message& message);
  std::expected<const RequestMethod*, RpcError> find(const std::string& method) const;

  std::function<void(const Json&)> send_;
  PendingRequests& pending_;
  Log& log_;
  Phase phase_ = Phase::before_initialize;
  std::map<std::string, RequestMethod, std::less<>> requests_;
  std::map<std::string, NotificationMethod, std::less<>> notifications_;
};

}  // namespace inpaint::lsp
