// An engine for several threads: their requests are served one after the other, on its own thread.
//
// An engine works on the thread that asks it, and torch keeps a pool of threads for each thread
// that ever did: sixty jobs of an evaluation would make sixty pools. So the jobs, which plan and
// check side by side, share one thread for what they all wait for.
//
// Thread rule: made and destroyed on one thread, when nobody asks; fill() and info() from any.
// Errors: those of the engine, and of opening it.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/thread_pool.hpp>

#include "engine/engine.h"

namespace inpaint::lsp {

class EngineThread final : public engine::Engine {
 public:
  using Open = std::function<engine::Result<std::unique_ptr<engine::Engine>>()>;

  /// Calls `open` on the new thread, on which the engine is asked and destroyed as well.
  static engine::Result<std::unique_ptr<engine::Engine>> start(const Open& open);

  ~EngineThread() override;
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  const engine::EngineInfo& info() const override { return engine_->info(); }
  engine::Result<engine::FillReply> fill(engine::FillRequest request) override;

 private:
  EngineThread() = default;
  /// What `work` answers on the thread; throws what it throws.
  template <class Work>
  auto run(Work work);

  std::unique_ptr<engine::Engine> engine_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace inpaint::lsp
