// A session on two file descriptors, from the first byte to the exit code.
//
// Wires transport, session and worker on one thread with an event loop: the caller's. It ends when
// the session does, when the client is gone, or when the stop token asks; what is still to be
// written is written, for a bounded time. An exception ends the callback that it is thrown in,
// never the loop.
//
// Thread rule: run() blocks its thread; two servers may run in one process.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "grammar/tree/language_set.h"
#include "lsp/client/log.h"
#include "lsp/client/settings.h"
#include "lsp/protocol/stream_transport.h"
#include "lsp/worker/engine_worker.h"

namespace inpaint::lsp {

struct ServerOptions {
  int in = 0;
  int out = 1;
  EngineSource engines;
  Settings settings;
  grammar::LanguageSet languages;     // what they point to outlives the server
  std::vector<std::string> problems;  // for the client, once it is there
  std::optional<std::int64_t> client_process;
  std::stop_token stop;
  StreamLimits limits;
  std::chrono::milliseconds last_words{2000};  // for writing what is left, at the end
  /// What to do at the end, after the last byte, where there is an engine or one is being opened:
  /// letting go of it takes longer than clients wait (Emacs: 100 ms), and opening it nothing can
  /// interrupt. It should not return; where it does, or is none, the end waits.
  std::function<void(int exit_code)> abandon;
};

/// The exit code: 0 after `shutdown` and `exit`; 1 where the conversation broke off.
int run_server(const ServerOptions& options, Log& log);

}  // namespace inpaint::lsp
