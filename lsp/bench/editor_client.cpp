#include "lsp/bench/editor_client.h"

#include <algorithm>
#include <utility>

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::Result;

/// Longer than any answer; only a server that hangs reaches it.
constexpr std::chrono::seconds kPatience{120};
constexpr auto kEncoding = PositionEncoding::utf8;

Json range_of(std::string_view text, grammar::ByteRange bytes) {
  const LineIndex lines(text);
  return to_json(Range{lines.position(text, bytes.begin, kEncoding),
                       lines.position(text, bytes.end, kEncoding)});
}

std::optional<Suggestion> first_item(const Json& result, std::string_view text) {
  if (!result.is_object() || !result.contains("items") || result["items"].empty()) return {};
  const Json& item = result["items"].front();
  const std::optional<Range> range = range_from(item.value("range", Json()));
  if (!range || !item.contains("insertText") || !item["insertText"].is_string()) return {};
  const LineIndex lines(text);
  return Suggestion{
      {lines.byte(text, range->start, kEncoding), lines.byte(text, range->end, kEncoding)},
      item["insertText"].get<std::string>()};
}

}  // namespace

Result<EditorClient> EditorClient::start(const std::vector<std::string>& words, bool foresight) {
  EditorClient client(words);
  if (!client.server_->running())
    return engine::failure(ErrorCode::unavailable, words.front(),
                           "the program could not be started");
  const Json capabilities = {{"general", {{"positionEncodings", {"utf-8"}}}},
                             {"window", {{"workDoneProgress", true}}},
                             {"textDocument", {{"inlineCompletion", Json::object()}}}};
  const auto answer = client.answer_to(
      "initialize", {{"processId", nullptr},
                     {"rootUri", nullptr},
                     {"capabilities", capabilities},
                     {"initializationOptions", {{"foresight", foresight ? "on" : "off"}}}});
  if (!answer) return std::unexpected(answer.error());
  if (!answer->error.is_null())
    return engine::failure(ErrorCode::io_failed, "the server", "refuses to be initialized");
  if (Result<void> sent = client.notify("initialized", Json::object()); !sent)
    return std::unexpected(sent.error());
  return client;
}

Result<void> EditorClient::wait_for_model() {
  // The server asks for a bar before it answers the first question, and begins it before it answers the
  // second, unless the model is open by then.
  for (int i = 0; i < 2; ++i)
    if (const auto answer = answer_to("inpaint/nothing", nullptr); !answer)
      return std::unexpected(answer.error());
  const auto until = Clock::now() + kPatience;
  while (model_is_opening_ && Clock::now() < until) {
    const auto message = read(until);
    if (!message) return std::unexpected(message.error());
    if (*message)
      if (Result<void> taken = take(**message); !taken) return taken;
  }
  return {};
}

Result<void> EditorClient::open(std::string uri, std::string_view language, std::string_view text) {
  uri_ = std::move(uri);
  version_ = 1;
  return notify(
      "textDocument/didOpen",
      {{"textDocument",
        {{"uri", uri_}, {"languageId", language}, {"version", version_}, {"text", text}}}});
}

Result<void> EditorClient::close() {
  return notify("textDocument/didClose", {{"textDocument", {{"uri", uri_}}}});
}

Result<void> EditorClient::change(std::string_view before, grammar::ByteRange replaced,
                                  std::string_view text) {
  return notify("textDocument/didChange",
                {{"textDocument", {{"uri", uri_}, {"version", ++version_}}},
                 {"contentChanges", {{{"range", range_of(before, replaced)}, {"text", text}}}}});
}

Result<std::int64_t> EditorClient::ask(std::string_view text, std::size_t cursor) {
  constexpr int kAutomatic = 2;
  const Json position = to_json(LineIndex(text).position(text, cursor, kEncoding));
  const Result<void> sent = send(to_request(++last_id_, "textDocument/inlineCompletion",
                                            {{"textDocument", {{"uri", uri_}}},
                                             {"position", position},
                                             {"context", {{"triggerKind", kAutomatic}}}}));
  if (!sent) return std::unexpected(sent.error());
  return last_id_;
}

Result<void> EditorClient::cancel(std::int64_t question) {
  return notify("$/cancelRequest", {{"id", question}});
}

Result<std::optional<SuggestionAnswer>> EditorClient::answer(std::string_view text,
                                                             Clock::time_point until) {
  while (true) {
    const auto message = read(until);
    if (!message) return std::unexpected(message.error());
    if (!*message) return std::nullopt;
    if ((*message)->kind == Message::Kind::response && (*message)->id.is_number_integer())
      return SuggestionAnswer{(*message)->id.get<std::int64_t>(),
                              first_item((*message)->result, text)};
    if (Result<void> taken = take(**message); !taken) return std::unexpected(taken.error());
  }
}

Result<void> EditorClient::leave() {
  if (const auto answer = answer_to("shutdown", nullptr); !answer)
    return std::unexpected(answer.error());
  if (Result<void> sent = notify("exit", nullptr); !sent) return sent;
  if (server_->end(kPatience) != 0)
    return engine::failure(ErrorCode::io_failed, "the server", "did not end in good order");
  return {};
}

Result<void> EditorClient::send(const Json& message) {
  if (server_->write(to_frame(to_text(message)))) return {};
  return engine::failure(ErrorCode::io_failed, "the server", "takes nothing any more");
}

Result<void> EditorClient::notify(std::string method, Json params) {
  return send(to_notification(std::move(method), std::move(params)));
}

/// Nothing where none comes in time.
Result<std::optional<Message>> EditorClient::read(Clock::time_point until) {
  while (true) {
    if (const auto frame = frames_.next()) {
      const auto message = *frame ? parse_message(**frame) : std::unexpected(frame->error());
      if (!message)
        return engine::failure(ErrorCode::io_failed, "the server", message.error().error.message);
      return *message;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(until - Clock::now(), Clock::duration::zero()));
    const std::string bytes = server_->read(left);
    if (bytes.empty() && server_->is_over())
      return engine::failure(ErrorCode::io_failed, "the server", "has ended");
    if (bytes.empty()) return std::nullopt;
    frames_.feed(bytes);
  }
}

Result<Message> EditorClient::answer_to(const std::string& method, Json params) {
  const std::int64_t id = ++last_id_;
  if (Result<void> sent = send(to_request(id, method, std::move(params))); !sent)
    return std::unexpected(sent.error());
  const auto until = Clock::now() + kPatience;
  while (true) {
    const auto message = read(until);
    if (!message) return std::unexpected(message.error());
    if (!*message)
      return engine::failure(ErrorCode::io_failed, "the server", "gives no answer to " + method);
    if ((*message)->kind == Message::Kind::response && (*message)->id == id) return **message;
    if (Result<void> taken = take(**message); !taken) return std::unexpected(taken.error());
  }
}

/// What is no answer that somebody waits for.
Result<void> EditorClient::take(const Message& message) {
  if (message.kind == Message::Kind::request) return send(to_response(message.id, nullptr));
  if (message.method != "$/progress" || !message.params.is_object()) return {};
  const Json value = message.params.value("value", Json::object());
  const std::string kind = value.is_object() ? value.value("kind", "") : "";
  if (kind == "begin") model_is_opening_ = true;
  if (kind == "end") model_is_opening_ = false;
  return {};
}

}  // namespace inpaint::lsp
