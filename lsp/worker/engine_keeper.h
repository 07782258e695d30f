// Opens the engine when it is first wanted, shows that it does, and tells once if it fails, or if the
// model does less than a user may think.
//
// The server answers `initialize` before torch is touched; after `initialized` the engine is opened
// on the worker's thread.
//
// Published weights take seconds to read. Until they are there the embedded model stands in for them:
// it is opened first, answers every question, also those of people who ask in person, and is let go of
// when the wanted model takes its place, which is between two requests. So nobody ever waits for a
// load: an answer now, which can be asked for again, is worth more to a person than a better one that
// comes when they have typed on. What the stand-in has answered is not said again by the other.
// Where the loading fails, or the user cancels it, the stand-in goes on, and the wanted model is not
// tried again: who cancels it has an engine. A stand-in that cannot be opened is a note in the log;
// questions then wait for the wanted model. A model that is not found at all has no stand-in: the user
// learns at once that what they have named is wrong.
//
// Opening without a stand-in is not interrupted: a user who cancels it gets a server that completes
// nothing until somebody asks for a completion in person; then it is opened again.
//
// Units: bytes of files; a megabyte is a million.
// Thread rule: session strand only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lsp/client/client.h"
#include "lsp/client/log.h"
#include "lsp/client/progress.h"
#include "lsp/completion/silence_reason.h"
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
  /// Why nobody answers now; nothing where somebody does.
  std::optional<Silence> silence() const;
  /// `window/workDoneProgress/cancel`.
  void on_progress_cancel(const Json& token);

 private:
  enum class State : std::uint8_t {
    closed,
    opening,
    cancelled_while_opening,
    cancelled,
    standing_in,  // somebody answers, and the wanted one is loaded
    open,         // somebody answers, and that is all
    failed
  };
  void on_opened(const engine::Result<OpenedEngine>& opened);
  void on_stand_in(const engine::EngineInfo& info);
  void on_loaded(const engine::Result<engine::EngineInfo>& info);
  void on_cancelled();
  EngineWorker::Told told();
  void tell_failure(const engine::Error& error, const char* what, const char* consolation);
  void tell_open(const engine::EngineInfo& info);
  void end_progress(const char* how);

  EngineWorker& worker_;
  FillQueue& queue_;
  Client& client_;
  Log& log_;
  State state_ = State::closed;
  int percent_ = 0;      // of the model that is loaded
  std::string problem_;  // why there is no engine
  std::optional<Progress> progress_;
};

}  // namespace inpaint::lsp
