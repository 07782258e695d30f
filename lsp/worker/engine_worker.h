// The thread on which everything slow happens: the engine is opened there, and completions run there.
//
// One at a time, in the order asked; whoever asks keeps the rest waiting where it can still be taken
// back. Results come back on the session's strand.
//
// Thread rule: made and called on the session strand.
// Errors: of opening and of Completer, as values.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "engine/engine.h"
#include "lsp/completion/completer.h"
#include "lsp/completion/rewriter.h"
#include "lsp/document/background_parser.h"

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
  EngineWorker(boost::asio::any_io_executor session, OpenEngine open);
  /// Waits for what is under way. Answers that have not been called by then never are.
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
  /// Posts work(engine) -> Result<T> to the thread, and its result to `done`, unless `stop` comes first.
  template <class T>
  void post(std::stop_token stop, std::function<engine::Result<T>(engine::Engine&)> work,
            std::function<void(engine::Result<T>)> done);

  boost::asio::any_io_executor session_;
  OpenEngine open_;
  std::unique_ptr<engine::Engine> engine_;  // the worker's thread only
  std::atomic<bool> has_engine_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // session strand only
  boost::asio::thread_pool thread_{1};
};

}  // namespace inpaint::lsp
