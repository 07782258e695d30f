#include "lsp/protocol/message.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "lsp/protocol/json_repair.h"

namespace inpaint::lsp {
namespace {

bool is_id(const Json& value) { return value.is_number_integer() || value.is_string(); }

Json id_of(const Json& object) {
  const auto found = object.find("id");
  return found != object.end() && is_id(*found) ? *found : Json();
}

std::unexpected<RpcError> invalid(const Json& object, std::string why) {
  return std::unexpected(RpcError{RpcErrorCode::invalid_request, std::move(why), id_of(object)});
}

/// Values are copied and compared by recursion, so no message may nest without bound.
bool nests_too_deep(std::string_view text) {
  constexpr std::size_t kMostLevels = 256;
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

Json parse_text(std::string_view text) {
  if (nests_too_deep(text)) return Json(Json::value_t::discarded);
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_discarded()) return json;
  return Json::parse(repair_json(text), nullptr, /*allow_exceptions=*/false);
}

}  // namespace

std::expected<Message, RpcError> parse_message(std::string_view text) {
  Json json = parse_text(text);
  if (json.is_discarded()) {
    return std::unexpected(RpcError{RpcErrorCode::parse_error, "the message is no JSON", {}});
  }
  if (!json.is_object()) {
    return std::unexpected(
        RpcError{RpcErrorCode::invalid_request, "the message is no JSON object", {}});
  }
  const auto version = json.find("jsonrpc");
  if (version == json.end() || *version != "2.0") return invalid(json, "jsonrpc is not \"2.0\"");

  Message message;
  const auto id = json.find("id");
  // A null id stands in the answers to what could not be read; it asks for nothing.
  if (id != json.end() && !id->is_null() && !is_id(*id)) {
    return invalid(json, "the id is neither a whole number nor a string");
  }
  message.id = id_of(json);
  const auto method = json.find("method");
  if (method == json.end()) {
    if (!json.contains("result") && !json.contains("error")) {
      return invalid(json, "neither a method nor a result");
    }
    message.kind = Message::Kind::response;
    if (json.contains("result")) message.result = std::move(json["result"]);
    if (json.contains("error")) message.error = std::move(json["error"]);
    return message;
  }
  if (!method->is_string()) return invalid(json, "the method is no string");
  message.kind = message.id.is_null() ? Message::Kind::notification : Message::Kind::request;
  message.method = method->get<std::string>();
  if (const auto params = json.find("params"); params != json.end()) {
    if (!params->is_structured() && !params->is_null()) {
      return invalid(json, "params is neither an object nor an array");
    }
    message.params = std::move(*params);
  }
  return message;
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
