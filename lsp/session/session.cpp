#include "lsp/session/session.h"

#include <utility>

#include "engine/base/version.h"

namespace inpaint::lsp {
namespace {

constexpr int kIncremental = 2;  // TextDocumentSyncKind

std::string_view shown(std::string_view method) { return method.substr(0, 100); }

Json completion_options() {
  return {{"triggerCharacters", {".", "(", "[", "{", ",", "=", ":"}}, {"resolveProvider", false}};
}

Json server_capabilities(const ClientCapabilities& client, PositionEncoding encoding, bool items) {
  Json capabilities = {
      {"textDocumentSync",
       {{"openClose", true}, {"change", kIncremental}, {"save", {{"includeText", false}}}}},
      {"inlineCompletionProvider", Json::object()},
  };
  // Clients from before 3.17 know UTF-16 only, and no such member.
  if (!client.encodings.empty()) capabilities["positionEncoding"] = to_string(encoding);
  if (items) capabilities["completionProvider"] = completion_options();
  if (Json actions = CodeActions::options(client); !actions.is_null())
    capabilities["codeActionProvider"] = std::move(actions);
  return capabilities;
}

}  // namespace

Session::Session(SessionParts parts)
    : parts_(std::move(parts)),
      pending_([this](const Json& answer) { parts_.send(answer); }),
      client_(parts_.send),
      parser_(parts_.strand),
      documents_(parser_, parts_.log, parts_.languages),
      queue_(parts_.worker, cache_, parts_.log),
      engine_(parts_.worker, queue_, client_, parts_.log),
      completion_({parts_.strand, documents_, client_, engine_, queue_, cache_, parts_.log}),
      actions_({documents_, client_, engine_, parts_.worker, parts_.log}),
      initial_(parts_.settings),
      settings_(parts_.settings) {}

Session::~Session() { end_all(); }

void Session::on_message(Message message) {
  if (state_ == State::over) return;
  switch (message.kind) {
    case Message::Kind::request: return on_request(std::move(message));
    case Message::Kind::notification: return on_notification(message);
    case Message::Kind::response: return client_.on_response(message);
  }
}

void Session::on_unreadable(const RpcError& error) {
  parts_.log.problem("a message that can not be read: " + error.message);
  parts_.send(to_error_response(error));
}

void Session::on_request(Message message) {
  Reply reply = pending_.begin(std::move(message.id));
  const std::string& method = message.method;
  if (method == "initialize") {
    if (state_ != State::new_born) {
      return reply.error(RpcErrorCode::invalid_request, "initialize was sent before");
    }
    return reply.result(initialize(message.params));
  }
  if (state_ == State::new_born) {
    return reply.error(RpcErrorCode::server_not_initialized, "initialize comes first");
  }
  if (state_ == State::shut_down) {
    return reply.error(RpcErrorCode::invalid_request, "the server was shut down");
  }
  if (method == "shutdown") {
    shut_down();
    return reply.result(nullptr);
  }
  const Json params = message.params.is_object() ? std::move(message.params) : Json::object();
  if (method == "textDocument/inlineCompletion") {
    return completion_.inline_completion(params, std::move(reply));
  }
  if (method == "textDocument/completion") return completion_.completion(params, std::move(reply));
  if (method == "textDocument/codeAction") return actions_.list(params, std::move(reply));
  if (method == "codeAction/resolve") return actions_.resolve(params, std::move(reply));
  reply.error(RpcErrorCode::method_not_found, "there is no method " + std::string(shown(method)));
}

void Session::on_notification(const Message& message) {
  const std::string& method = message.method;
  if (method == "exit") return leave(state_ == State::shut_down ? 0 : 1);
  if (state_ != State::running) return;
  const Json& params = message.params;
  if (method == "initialized") return initialized();
  if (method == "textDocument/didOpen") {
    completion_.did_close(uri_of(params));  // a client may open twice; the older text is gone
    return documents_.did_open(params);
  }
  if (method == "textDocument/didChange") return documents_.did_change(params);
  if (method == "textDocument/didSave") return documents_.did_save(params);
  if (method == "textDocument/didClose") {
    const std::string uri = documents_.did_close(params);
    if (!uri.empty()) completion_.did_close(uri);
    return;
  }
  if (!params.is_object()) return;
  if (method == "$/cancelRequest") {
    const Json id = params.value("id", Json());
    if (!completion_.cancel(id)) actions_.cancel(id);
  } else if (method == "workspace/didChangeConfiguration") {
    // A client that can be asked sends null here, or not all of it.
    if (client_.capabilities.pulls_settings) pull_settings();
    else if (const Json settings = params.value("settings", Json()); !settings.is_null())
      set_settings(settings, initial_);
    register_items();
  } else if (method == "window/workDoneProgress/cancel") {
    engine_.on_progress_cancel(params.value("token", Json()));
  }
}

Json Session::initialize(const Json& params) {
  state_ = State::running;
  const Json object = params.is_object() ? params : Json::object();
  client_.capabilities = client_capabilities_from(object.value("capabilities", Json()));
  set_settings(object.value("initializationOptions", Json()), initial_);
  initial_ = settings_;
  const PositionEncoding encoding = choose_encoding(client_.capabilities, settings_.encoding);
  documents_.set_encoding(encoding);
  completion_.set_workspace(workspace_folders_from(object));
  actions_.set_workspace(workspace_folders_from(object));
  const Json process = object.value("processId", Json());
  if (process.is_number_integer() && parts_.watch_process) {
    parts_.watch_process(process.get<std::int64_t>());
  }
  has_items_ = completion_.offers_items();
  return {{"capabilities", server_capabilities(client_.capabilities, encoding, has_items_)},
          {"serverInfo", {{"name", "inpaint"}, {"version", engine::kVersion}}}};
}

void Session::initialized() {
  for (const std::string& problem : std::exchange(parts_.problems, {}))
    client_.show_message(MessageType::warning, problem);
  if (client_.capabilities.pulls_settings) pull_settings();
  if (client_.capabilities.registers_settings) {
    const Json registration = {{"id", "inpaint/settings"},
                               {"method", "workspace/didChangeConfiguration"},
                               {"registerOptions", {{"section", "inpaint"}}}};
    client_.request("client/registerCapability", {{"registrations", {registration}}},
                    [](const Message&) {});
  }
  engine_.want(/*in_person=*/false);
}

/// A setting may offer completion items, or take them back, after the client was told otherwise. What
/// was offered by `initialize` stays offered, and has no items then.
void Session::register_items() {
  if (!client_.capabilities.registers_completion) return;
  const bool offers = completion_.offers_items();
  Json registration = {{"id", "inpaint/completion"}, {"method", "textDocument/completion"}};
  if (offers && !has_items_) {
    registration["registerOptions"] = completion_options();
    registration["registerOptions"]["documentSelector"] = nullptr;  // the client's own
    client_.request("client/registerCapability", {{"registrations", {registration}}},
                    [](const Message&) {});
  } else if (!offers && has_items_ && registered_items_) {
    // The misspelling is the protocol's.
    client_.request("client/unregisterCapability", {{"unregisterations", {registration}}},
                    [](const Message&) {});
  } else {
    return;
  }
  has_items_ = registered_items_ = offers;
}

void Session::pull_settings() {
  client_.request("workspace/configuration", {{"items", {{{"section", "inpaint"}}}}},
                  [this](const Message& response) {
                    if (!response.result.is_array() || response.result.empty()) return;
                    set_settings(response.result.front(), initial_);
                    register_items();
                  });
}

void Session::set_settings(const Json& given, const Settings& base) {
  SettingsChange change = change_settings(base, given);
  settings_ = std::move(change.settings);
  completion_.set_settings(settings_);
  actions_.set_settings(settings_);
  for (const std::string& line : change.not_taken) parts_.log.note("settings: " + line);
  for (const std::string& problem : change.problems) {
    parts_.log.problem("settings: " + problem);
    client_.show_message(MessageType::warning, problem);
  }
}

void Session::shut_down() {
  state_ = State::shut_down;
  end_all();
}

void Session::end_all() {
  completion_.end_all();
  actions_.end_all();
}

void Session::on_closed(const std::optional<engine::Error>& error) {
  if (error) parts_.log.problem("the connection is lost: " + engine::to_string(*error));
  leave(!error && state_ == State::shut_down ? 0 : 1);
}

void Session::leave(int exit_code) {
  if (std::exchange(state_, State::over) == State::over) return;
  end_all();
  parts_.leave(exit_code);
}

}  // namespace inpaint::lsp
