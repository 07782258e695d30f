#include "lsp/session/session.h"

#include <tuple>
#include <utility>

#include "engine/base/guarded.h"
#include "engine/base/version.h"
#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

/// Of `$/cancelRequest`.
struct CancelParams {
  Json id;
  static std::expected<CancelParams, std::string> read(const Json& params) {
    return CancelParams{member(params, "id")};
  }
};

/// Of `window/workDoneProgress/cancel`.
struct ProgressParams {
  Json token;
  static std::expected<ProgressParams, std::string> read(const Json& params) {
    return ProgressParams{member(params, "token")};
  }
};

}  // namespace

struct Session::InitializeParams {
  ClientCapabilities capabilities;
  Json options;
  std::vector<std::filesystem::path> folders;
  std::optional<std::int64_t> process;

  static std::expected<InitializeParams, std::string> read(const Json& params) {
    return InitializeParams{client_capabilities_from(member(params, "capabilities")),
                            member(params, "initializationOptions"), workspace_folders_from(params),
                            whole_number(member(params, "processId"))};
  }
};

Session::Session(SessionParts parts)
    : parts_(std::move(parts)),
      pending_([this](const Json& answer) { parts_.send(answer); }),
      dispatcher_(parts_.send, pending_, parts_.log),
      client_(parts_.send),
      configuration_(parts_.settings, client_, parts_.log,
                     [this](const Settings& before) {
                       questions_.on_settings(before);
                       if (dispatcher_.phase() == Phase::running) list_completion_.on_settings();
                     }),
      parser_(parts_.strand),
      documents_(parser_, parts_.log, parts_.languages),
      queue_(parts_.worker, cache_, parts_.log),
      engine_(parts_.worker, queue_, client_, parts_.log),
      silences_(client_),
      questions_({parts_.strand, documents_, engine_, queue_, cache_, silences_,
                  configuration_.current(), folders_}),
      inline_completion_(documents_, configuration_.current(), questions_),
      list_completion_({documents_, configuration_.current(), client_, questions_}),
      code_action_(documents_, configuration_.current(), client_.capabilities),
      code_action_resolve_({documents_, configuration_.current(), folders_, client_, engine_,
                            parts_.worker, queue_, parts_.log}),
      sync_({documents_, questions_, client_, parts_.log}),
      why_(silences_, engine_) {
  bind_methods();
}

Session::~Session() { end_all(); }

void Session::bind_methods() {
  Dispatcher& to = dispatcher_;
  to.on_request<InitializeParams>(
      "initialize",
      [this](const InitializeParams& params, Reply reply) {
        reply.result(initialize(params));
        dispatcher_.enter(Phase::running);  // not before: it may be that it can not be sent
      },
      Phase::before_initialize);
  to.on_notification<NoParams>("initialized", [this](NoParams) { initialized(); });
  to.on_request<NoParams>("shutdown",
                          [this](NoParams, Reply reply) { shut_down(std::move(reply)); });
  to.on_notification<NoParams>(
      "exit", [this](NoParams) { leave(dispatcher_.phase() == Phase::after_shutdown ? 0 : 1); }, {},
      /*always=*/true);
  to.on_notification<CancelParams>(
      "$/cancelRequest", [this](const CancelParams& params) { pending_.cancel(params.id); });

  to.on_notification<DidOpenParams>(
      "textDocument/didOpen", [this](DidOpenParams params) { sync_.did_open(std::move(params)); },
      [this](const Json& params, const std::string& why) { sync_.lost_open(params, why); });
  to.on_notification<DidChangeParams>(
      "textDocument/didChange",
      [this](DidChangeParams params) { sync_.did_change(std::move(params)); },
      [this](const Json& params, const std::string& why) { sync_.lost_change(params, why); });
  to.on_notification<DocumentParams>(
      "textDocument/didSave", [this](const DocumentParams& params) { sync_.did_save(params); });
  to.on_notification<DocumentParams>(
      "textDocument/didClose", [this](const DocumentParams& params) { sync_.did_close(params); });

  to.serve(inline_completion_);
  to.serve(list_completion_);
  to.serve(code_action_);
  to.serve(code_action_resolve_);
  to.serve(why_);

  to.serve(configuration_);
  to.on_notification<ProgressParams>(
      "window/workDoneProgress/cancel",
      [this](const ProgressParams& params) { engine_.on_progress_cancel(params.token); });
}

void Session::on_message(Message message) {
  if (over_) return;
  if (message.kind != Message::Kind::response) return dispatcher_.dispatch(std::move(message));
  const auto taken = engine::guarded("response", [&] { client_.on_response(message); });
  if (!taken) parts_.log.problem(engine::to_string(taken.error()));
}

void Session::on_unreadable(const Unreadable& message) {
  if (over_) return;
  std::ignore = engine::guarded("message", [&] {
    parts_.log.problem("a message that can not be read: " + message.error.message);
    dispatcher_.lose(message);
    if (!message.is_notification) parts_.send(to_error_response(message.error));
  });
}

Json Session::initialize(const InitializeParams& params) {
  client_.capabilities = params.capabilities;
  folders_ = params.folders;
  configuration_.begin(params.options);
  const PositionEncoding encoding =
      choose_encoding(client_.capabilities, configuration_.current().encoding);
  documents_.set_encoding(encoding);
  if (params.process && parts_.watch_process) parts_.watch_process(*params.process);

  Json capabilities = {{"textDocumentSync", TextDocumentSync::offer()},
                       {"inlineCompletionProvider", Json::object()}};
  // Clients from before 3.17 know UTF-16 only, and no such member.
  if (!client_.capabilities.encodings.empty())
    capabilities["positionEncoding"] = to_string(encoding);
  if (Json items = list_completion_.offer(); !items.is_null())
    capabilities["completionProvider"] = std::move(items);
  if (Json actions = code_action_.offer(); !actions.is_null())
    capabilities["codeActionProvider"] = std::move(actions);
  return {{"capabilities", std::move(capabilities)},
          {"serverInfo", {{"name", "inpaint"}, {"version", engine::kVersion}}}};
}

void Session::initialized() {
  for (const std::string& problem : std::exchange(parts_.problems, {}))
    client_.show_message(MessageType::warning, problem);
  configuration_.follow_client();
  engine_.want(/*in_person=*/false);
}

void Session::shut_down(Reply reply) {
  dispatcher_.enter(Phase::after_shutdown);
  end_all(reply.number());
  reply.result(nullptr);
}

void Session::end_all(std::uint64_t but) {
  questions_.end_all();
  pending_.cancel_all(but);
}

void Session::on_closed(const std::optional<engine::Error>& error) {
  if (error) parts_.log.problem("the connection is lost: " + engine::to_string(*error));
  leave(!error && dispatcher_.phase() == Phase::after_shutdown ? 0 : 1);
}

void Session::leave(int exit_code) {
  if (std::exchange(over_, true)) return;
  std::ignore = engine::guarded("leave", [this] { end_all(); });
  parts_.leave(exit_code);
}

}  // namespace inpaint::lsp
