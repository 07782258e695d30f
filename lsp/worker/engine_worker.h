// The thread that owns the engine: it is opened there, asked there, and let go of there.
//
// Where the engine takes long to read, another one stands in for it, and the engine is loaded meanwhile
// on a thread of its own, which only reads: the stand-in is let go of, and the engine takes its place,
// between two requests on the worker's thread. Nothing that an engine keeps is seen by the other.
// (Only the stand-in may use torch, which wants to be asked by the thread that opened it.)
//
// One completion at a time, in the order asked, from the plan of its hole to the last word on what
// is shown; whoever asks keeps the rest waiting where it can still be taken back. There is no other
// queue: the engine works on the thread that calls it. Results come back on the session's strand. When
// nobody has asked for a while the engine refreshes what it has kept (Engine::refresh()).
//
// Thread rule: made, called and destroyed on the session strand.
// Errors: of opening and of Completer, as values; `internal` where something throws.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/engine.h"
#include "lsp/base/background_thread.h"
#include "lsp/completion/completer.h"
#include "lsp/completion/rewriter.h"
#include "lsp/worker/engine_source.h"

namespace inpaint::lsp {

/// What answers now.
struct OpenedEngine {
  engine::EngineInfo info;
  bool stands_in = false;                         // the wanted one is still to be loaded
  std::optional<engine::Error> stand_in_problem;  // why there is no stand-in, though one was wanted
};

class EngineWorker {
 public:
  using Opened = std::function<void(engine::Result<OpenedEngine>)>;
  using Loaded = std::function<void(engine::Result<engine::EngineInfo>)>;
  /// Bytes read of all, at each new percent.
  using Told = std::function<void(std::uint64_t read, std::uint64_t all)>;
  using Completed = std::function<void(engine::Result<Completion>)>;
  using Rewrite =
      std::function<engine::Result<Rewriting>(const Rewriter&, const CompletionRequest&)>;
  using Rewritten = std::function<void(engine::Result<Rewriting>)>;

  /// `session` is where answers are called.
  EngineWorker(boost::asio::any_io_executor session, EngineSource source)
      : source_(std::move(source)), pause_(session), thread_(std::move(session)) {}
  /// What is served is stopped at its next forward, what waits is not begun, nobody is answered.
  ~EngineWorker();
  EngineWorker(const EngineWorker&) = delete;
  EngineWorker& operator=(const EngineWorker&) = delete;

  /// The stand-in if there is one, else the engine that is wanted.
  void open(Told told, Opened done);
  /// While a stand-in answers, once: loads the engine that is wanted. `done` comes after the stand-in's
  /// last answer and before the engine's first, or says why the stand-in goes on: `cancelled` where
  /// stop_loading() came in time.
  void load(Told told, Loaded done);
  void stop_loading() { loading_.request_stop(); }
  /// Without an engine the answer is `unavailable`.
  void complete(CompletionRequest request, Completed done);
  /// `how` is called on the worker's thread.
  void rewrite(CompletionRequest request, Rewrite how, Rewritten done);
  /// Lets go of the engine.
  void close();

  /// Whether there is an engine, or one is being opened. Any thread.
  bool has_engine() const { return has_engine_; }

 private:
  template <class T>
  using Work = std::function<engine::Result<T>(engine::Engine&, CompletionRequest)>;
  /// Has the thread do `work`, unless the request is stopped before.
  template <class T>
  void post(CompletionRequest request, Work<T> work, std::function<void(engine::Result<T>)> done);
  engine::Result<OpenedEngine> open_here(const engine::LoadProgress& progress);
  engine::LoadProgress progress_to(Told told);
  void take_loaded(Loaded done);
  /// After a pause, unless somebody asks before.
  void refresh_later();
  void stop_refreshing();

  EngineSource source_;
  std::unique_ptr<engine::Engine> engine_;  // the worker's thread only
  std::unique_ptr<engine::Engine> loaded_;  // the loader's thread, then the worker's
  std::atomic<bool> has_engine_ = false;
  std::stop_source closing_;
  std::stop_source loading_;
  boost::asio::steady_timer pause_;
  std::stop_source refreshing_;
  int asked_ = 0;                                               // without an answer yet
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // session strand only
  BackgroundThread thread_;  // the end of these two waits for those who use the others
  std::optional<BackgroundThread> loader_;
};

}  // namespace inpaint::lsp
