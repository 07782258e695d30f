// Opens the engine when it is first wanted, shows that it does, and tells once if it fails, or if the
// model does less than a user may think.
//
// The server answers `initialize` before torch is touched; after `initialized` the engine is opened
// on the worker's thread. Nothing can interrupt that, so a user who cancels it gets a server that
// completes nothing until somebody asks for a completion in person; then it is opened again.
//
// Thread rule: session strand only.
#pragma once

#include <cstdint>
#include <optional>

#include "lsp/client/client.h"
#include "lsp/client/log.h"
#include "lsp/client/progress.h"
#include "lsp/worker/engine_worker.h"
#include "lsp/worker/fill_queue.h"

namespace inpaint::lsp {

class EngineKeeper {
 public:
  EngineKeeper(EngineWorker& worker, FillQueue& queue, Client& client, Log& log)
      : worker_(worker), queue_(queue), client_(client), log_(log) {}

  /// Begins to open it, unless that was done. Somebody asking in person also opens one that the
  /// user has cancelled before.
  void want(bool in_person);
  /// `window/workDoneProgress/cancel`.
  void on_progress_cancel(const Json& token);

 private:
  enum class State : std::uint8_t {
    closed,
    opening,
    cancelled_while_opening,
    cancelled,
    open,
    failed
  };
  void on_opened(const engine::Result<engine::EngineInfo>& info);
  void on_cancelled();
  void end_progress(const char* how);

  EngineWorker& worker_;
  FillQueue& queue_;
  Client& client_;
  Log& log_;
  State state_ = State::closed;
  std::optional<Progress> progress_;
};

}  // namespace inpaint::lsp
