#include "lsp/protocol/message.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

#include "lsp/protocol/json_repair.h"
#include "lsp/protocol/loose_json.h"
#include "lsp/protocol/message_skimmer.h"

namespace inpaint::lsp {
namespace {

bool is_id(const Json& value) { return value.is_string() || whole_number(value).has_value(); }

std::unexpected<Unreadable> refused(const Json& object, std::string why) {
  const Json& id = member(object, "id");
  return std::unexpected(Unreadable{
      .error = {RpcErrorCode::invalid_request, std::move(why), is_id(id) ? id : Json()},
      .method = text_of(member(object, "method")).value_or(""),
      .document = text_of(member(object, {"params", "textDocument", "uri"})).value_or("")});
}

std::unexpected<Unreadable> skimmed(RpcErrorCode code, std::string why, std::string_view text) {
  MessageSkimmer skimmer;
  skimmer.feed(text);
  return std::unexpected(unreadable(code, std::move(why), skimmer.seen()));
}

/// Values are copied and compared by recursion, so no message may nest without bound.
constexpr std::size_t kMostLevels = 256;

bool nests_too_deep(std::string_view text) {
  const auto is_opener = [](char c) { return c == '[' || c == '{'; };
  if (static_cast<std::size_t>(std::ranges::count_if(text, is_opener)) <= kMostLevels) return false;
  std::size_t level = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_text = !in_text;
    else if (text[i] == '\\') ++i;
    else if (!in_text && is_opener(text[i]) && ++level > kMostLevels) return true;
    else if (!in_text && (text[i] == ']' || text[i] == '}') && level > 0) --level;
  }
  return false;
}

std::expected<Message, Unreadable> parse_text(std::string_view text) {
  if (nests_too_deep(text)) {
    return skimmed(RpcErrorCode::invalid_request,
                   "the message nests deeper than " + std::to_string(kMostLevels) + " levels",
                   text);
  }
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) json = Json::parse(repair_json(text), nullptr, false);
  if (json.is_discarded()) {
    return skimmed(RpcErrorCode::parse_error, "the message is no JSON", text);
  }
  if (!json.is_object()) return refused(json, "the message is no JSON object");
  if (member(json, "jsonrpc") != "2.0") return refused(json, "jsonrpc is not \"2.0\"");

  Message message;
  // A null id stands in the answers to what could not be read; it asks for nothing.
  message.id = member(json, "id");
  if (!message.id.is_null() && !is_id(message.id)) {
    return refused(json, "the id is neither a whole number nor a string");
  }
  const auto method = json.find("method");
  if (method == json.end()) {
    if (!json.contains("result") && !json.contains("error")) {
      return refused(json, "neither a method nor a result");
    }
    message.kind = Message::Kind::response;
    if (json.contains("result")) message.result = std::move(json["result"]);
    if (json.contains("error")) message.error = std::move(json["error"]);
    return message;
  }
  if (!method->is_string()) return refused(json, "the method is no string");
  message.kind = message.id.is_null() ? Message::Kind::notification : Message::Kind::request;
  message.method = method->get<std::string>();
  if (const auto params = json.find("params"); params != json.end()) {
    if (!params->is_structured() && !params->is_null()) {
      return refused(json, "params is neither an object nor an array");
    }
    message.params = std::move(*params);
  }
  return message;
}

}  // namespace

Unreadable unreadable(RpcErrorCode code, std::string why, const SkimmedMessage& seen) {
  // Of a text that breaks off the id is null, by JSON-RPC: it may be another one's.
  if (!seen.whole && code == RpcErrorCode::invalid_request) code = RpcErrorCode::parse_error;
  return {.error = {code, std::move(why), seen.whole && is_id(seen.id) ? seen.id : Json()},
          .method = seen.method,
          .document = seen.document,
          .is_notification = code != RpcErrorCode::parse_error && seen.whole && seen.id.is_null() &&
                             !seen.method.empty()};
}

std::expected<Message, Unreadable> parse_message(std::string_view text) {
  try {
    return parse_text(text);
  } catch (const std::exception&) {  // all of the text is copied, maybe twice
    return skimmed(RpcErrorCode::internal_error, "no memory for the message", text);
  }
}

Json to_response(const Json& id, Json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json to_error_response(const RpcError& error) {
  return {{"jsonrpc", "2.0"},
          {"id", error.id},
          {"error", {{"code", static_cast<int>(error.code)}, {"message", error.message}}}};
}

Json to_notification(std::string method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", std::move(method)}, {"params", std::move(params)}};
}

Json to_request(Json id, std::string method, Json params) {
  return {{"jsonrpc", "2.0"},
          {"id", std::move(id)},
          {"method", std::move(method)},
          {"params", std::move(params)}};
}

std::string to_text(const Json& message) {
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace inpaint::lsp
