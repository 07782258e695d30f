// JSON-RPC messages as values: what came in, and the shapes of what goes out.
//
// Only the envelope is read here; what `params` must hold is for the feature that is asked. A batch
// (an array of messages) is refused: LSP has none.
//
// Text from outside is repaired rather than refused where only its characters are wrong: bytes that
// are no UTF-8, and escapes that are half of a surrogate pair, become U+FFFD. An editor that sends
// one half of a pair would otherwise lose the whole change, and its document would drift from ours.
// One half is one UTF-16 unit and so is U+FFFD, so positions stay right.
//
// What can not be read is lost, and nothing else is: it is answered where it was a request, and it
// says which document it was about, because that one has missed something.
//
// Errors: -32700 for what is no JSON, -32600 for JSON that is no message, -32603 where memory runs
// out.
// Source: JSON-RPC 2.0; Language Server Protocol 3.17, "Base Protocol".
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace inpaint::lsp {

using Json = nlohmann::json;

/// The codes that we send; the names are those of the specifications.
enum class RpcErrorCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
  request_cancelled = -32800,
  content_modified = -32801,
};

struct RpcError {
  RpcErrorCode code = RpcErrorCode::internal_error;
  std::string message;
  Json id;  // of the request, as far as it could be read; else null
};

/// A message that can not be read, and what can be told of it all the same.
struct Unreadable {
  RpcError error;
  std::string method;            // empty where it is not known
  std::string document;          // params.textDocument.uri; empty where it is not known
  bool is_notification = false;  // certainly one: nobody waits for an answer
};

struct SkimmedMessage;
Unreadable unreadable(RpcErrorCode code, std::string why, const SkimmedMessage& seen);

struct Message {
  enum class Kind { request, notification, response };
  Kind kind = Kind::notification;
  Json id;             // a whole number or a string, as it came; null for a notification
  std::string method;  // empty for a response
  Json params;         // null where there are none
  Json result;         // of a response
  Json error;          // of a response; null where it succeeded
};

/// One message from the text of one frame. Does not throw.
std::expected<Message, Unreadable> parse_message(std::string_view text);

Json to_response(const Json& id, Json result);
Json to_error_response(const RpcError& error);
Json to_notification(std::string method, Json params);
Json to_request(Json id, std::string method, Json params);

/// The text of a message. Bytes that are no UTF-8 become U+FFFD.
std::string to_text(const Json& message);

}  // namespace inpaint::lsp
