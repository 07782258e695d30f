#include "lsp/session/dispatcher.h"

#include <tuple>

#include "engine/base/guarded.h"

namespace inpaint::lsp {
namespace {

/// A name is the client's, and may be of any length.
std::string_view shown(const std::string& method) {
  return std::string_view(method).substr(0, 100);
}

}  // namespace

void Dispatcher::dispatch(Message message) {
  // What handles a failure can fail as well, where there is no memory for a few words.
  std::ignore = engine::guarded(shown(message.method), [&] {
    if (message.kind == Message::Kind::request) serve_request(message);
    else if (message.kind == Message::Kind::notification) serve_notification(message);
  });
}

std::expected<const Dispatcher::RequestMethod*, RpcError>
Dispatcher::find(const std::string& method) const {
  const auto found = requests_.find(method);
  const bool known = found != requests_.end();
  if (known && found->second.phase == phase_) return &found->second;
  if (phase_ == Phase::before_initialize)
    return refuse(RpcErrorCode::server_not_initialized, "initialize comes first");
  if (phase_ == Phase::after_shutdown)
    return refuse(RpcErrorCode::invalid_request, "the server was shut down");
  if (known) return refuse(RpcErrorCode::invalid_request, method + " was sent before");
  return refuse(RpcErrorCode::method_not_found,
                std::string("there is no method ").append(shown(method)));
}

void Dispatcher::serve_request(Message& message) {
  Reply reply;  // out here, so that what is thrown is known before it goes
  std::uint64_t number = 0;
  const auto served = engine::guarded(shown(message.method), [&] {
    reply = pending_.begin(message.id, std::string(shown(message.method)));
    number = reply.number();
    const auto method = find(message.method);
    if (!method) return reply.error(method.error().code, method.error().message);
    (*method)->serve(message.params, reply);
  });
  if (served) return;
  const std::string why = engine::to_string(served.error());
  log_.problem(why);
  if (number != 0) pending_.fail(number, RpcErrorCode::internal_error, why);
  else send_(to_error_response({RpcErrorCode::internal_error, why, message.id}));
}

void Dispatcher::serve_notification(Message& message) {
  const auto found = notifications_.find(message.method);
  if (found == notifications_.end()) return;
  if (phase_ != Phase::running && !found->second.always) return;
  std::string why;
  const auto served = engine::guarded(shown(message.method), [&] {
    const auto read = found->second.serve(message.params);
    if (!read) why = message.method + ": " + read.error();
  });
  if (!served) why = engine::to_string(served.error());
  if (why.empty()) return;
  log_.problem(why);
  if (found->second.lost) found->second.lost(message.params, why);
}

void Dispatcher::lose(const Unreadable& message) {
  const auto found = notifications_.find(message.method);
  if (found == notifications_.end() || phase_ != Phase::running || !found->second.lost) return;
  const Json params = {{"textDocument", {{"uri", message.document}}}};
  found->second.lost(params, message.error.message);
}

}  // namespace inpaint::lsp
