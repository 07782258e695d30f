// One conversation with one editor: its parts, and which of them serves which method.
//
// The session reads no bytes and opens no files. Its life: not initialized, running, shut down,
// over. Every request is answered once, in every state; notifications never are. To add a method,
// write its file in lsp/feature/ and name it in bind_methods(): the dispatcher sees to the rest.
//
// Thread rule: one strand, which the caller gives; not thread-safe otherwise. Nothing here throws.
// Source: Language Server Protocol 3.18, "Lifecycle Messages".
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "engine/base/error.h"
#include "lsp/client/client.h"
#include "lsp/client/log.h"
#include "lsp/client/pending_requests.h"
#include "lsp/client/settings.h"
#include "lsp/document/background_parser.h"
#include "lsp/document/documents.h"
#include "lsp/feature/code_action.h"
#include "lsp/feature/code_action_resolve.h"
#include "lsp/feature/configuration.h"
#include "lsp/feature/fill_questions.h"
#include "lsp/feature/inline_completion.h"
#include "lsp/feature/list_completion.h"
#include "lsp/feature/silences.h"
#include "lsp/feature/text_document_sync.h"
#include "lsp/feature/why.h"
#include "lsp/protocol/message.h"
#include "lsp/session/dispatcher.h"
#include "lsp/worker/engine_keeper.h"
#include "lsp/worker/engine_worker.h"
#include "lsp/worker/fill_queue.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

struct SessionParts {
  boost::asio::any_io_executor strand;
  std::function<void(const Json&)> send;
  /// The conversation is over; called once. With 0 where it ended in good order, else 1.
  std::function<void(int)> leave;
  /// The client's process, if it names one that should be watched.
  std::function<void(std::int64_t)> watch_process;
  EngineWorker& worker;
  Log& log;
  Settings settings;  // of the command line
  grammar::LanguageSet languages = {};
  /// What went wrong before there was a client to tell.
  std::vector<std::string> problems = {};
};

class Session {
 public:
  explicit Session(SessionParts parts);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void on_message(Message message);
  void on_unreadable(const Unreadable& message);
  void on_closed(const std::optional<engine::Error>& error);
  /// The user or the client's end asks us to go.
  void leave(int exit_code);

 private:
  struct InitializeParams;
  using Phase = Dispatcher::Phase;

  void bind_methods();
  Json initialize(const InitializeParams& params);
  void initialized();
  void shut_down(Reply reply);
  void end_all(std::uint64_t but = 0);

  SessionParts parts_;
  bool over_ = false;
  PendingRequests pending_;
  Dispatcher dispatcher_;
  Client client_;
  std::vector<std::filesystem::path> folders_;  // that are open
  Configuration configuration_;
  BackgroundParser parser_;
  Documents documents_;
  TypeThroughCache cache_;
  FillQueue queue_;
  EngineKeeper engine_;
  Silences silences_;
  FillQuestions questions_;
  InlineCompletion inline_completion_;
  ListCompletion list_completion_;
  CodeAction code_action_;
  CodeActionResolve code_action_resolve_;
  TextDocumentSync sync_;
  Why why_;
};

}  // namespace inpaint::lsp
