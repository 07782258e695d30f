// The thread that owns the engine: it is opened there, asked there, and let go of there.
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
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/engine.h"
#include "lsp/base/background_thread.h"
#include "lsp/completion/completer.h"
#include "lsp/completion/rewriter.h"

namespace inpaint::lsp {

using OpenEngine = std::function<engine::Result<std::unique_ptr<engine::Engine>>()>;

class EngineWorker {
 public:
  using Opened = std::function<void(engine::Result<engine::EngineInfo>)>;
  using Completed = std::function<void(engine::Result<Completion>)>;
  using Rewrite =
      std::function<engine::Result<Rewriting>(const Rewriter&, const CompletionRequest&)>;
  using Rewritten = std::function<void(engine::Result<Rewriting>)>;

  /// `open` runs on the worker's thread; `session` is where answers are called.
  EngineWorker(boost::asio::any_io_executor session, OpenEngine open)
      : open_(std::move(open)), pause_(session), thread_(std::move(session)) {}
  /// What is served is stopped at its next forward, what waits is not begun, nobody is answered.
  ~EngineWorker();
  EngineWorker(const EngineWorker&) = delete;
  EngineWorker& operator=(const EngineWorker&) = delete;

  void open(Opened done);
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
  /// After a pause, unless somebody asks before.
  void refresh_later();
  void stop_refreshing();

  OpenEngine open_;
  std::unique_ptr<engine::Engine> engine_;  // the worker's thread only
  std::atomic<bool> has_engine_ = false;
  std::stop_source closing_;
  boost::asio::steady_timer pause_;
  std::stop_source refreshing_;
  int asked_ = 0;                                               // without an answer yet
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // session strand only
  BackgroundThread thread_;  // the last one: its end waits for those who use the others
};

}  // namespace inpaint::lsp
