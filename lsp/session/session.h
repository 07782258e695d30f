// One conversation with one editor: who may ask what, and when.
//
// The session knows the methods and hands each message to its feature; it reads no bytes and opens no
// files. Its life: not initialized, running, shut down, over. Every request is answered once, in every
// state; notifications never are.
//
// Thread rule: one strand, which the caller gives; not thread-safe otherwise.
// Source: Language Server Protocol 3.18, "Lifecycle Messages".
#pragma once

#include <cstdint>
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
#include "lsp/feature/code_actions.h"
#include "lsp/feature/completion_feature.h"
#include "lsp/protocol/message.h"
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
  void on_unreadable(const RpcError& error);
  void on_closed(const std::optional<engine::Error>& error);
  /// The user or the client's end asks us to go.
  void leave(int exit_code);

 private:
  enum class State : std::uint8_t { new_born, running, shut_down, over };

  void on_request(Message message);
  void on_notification(const Message& message);
  Json initialize(const Json& params);
  void initialized();
  void shut_down();
  void end_all();
  void pull_settings();
  void set_settings(const Json& given, const Settings& base);
  void register_items();

  SessionParts parts_;
  State state_ = State::new_born;
  PendingRequests pending_;
  Client client_;
  BackgroundParser parser_;
  Documents documents_;
  TypeThroughCache cache_;
  FillQueue queue_;
  EngineKeeper engine_;
  CompletionFeature completion_;
  CodeActions actions_;
  Settings initial_;               // command line and initializationOptions
  Settings settings_;              // with what the client set later
  bool has_items_ = false;         // the client knows that completion items may be had
  bool registered_items_ = false;  // and not from `initialize`
};

}  // namespace inpaint::lsp
