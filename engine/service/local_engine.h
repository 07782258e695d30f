// The engine inside of this process: one thread owns model and caches, requests wait in line.
//
// fill() may be called from any thread and returns when the request has been served. A request that
// was cancelled while it waited costs nothing; one that is being served stops at the next forward.
// The destructor refuses what still waits (cancelled) and stops what is served at its next forward.
//
// An exception, also for want of memory, is the error of the request (or of start()) that it was thrown
// in; the thread and the requests behind it go on.
//
// A queue behind a mutex and not a strand: the engine knows no event loop, and its callers are
// threads and strands of other parts.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

#include "engine/engine.h"

namespace inpaint::engine {

class LocalEngine final : public Engine {
 public:
  /// What serves a request. It is made, called and destroyed on the engine's thread.
  using Serve = std::function<Result<FillReply>(const FillRequest&)>;
  using Open = std::function<Result<std::pair<EngineInfo, Serve>>()>;

  /// Runs `open` on the engine's thread and waits for it.
  static Result<std::unique_ptr<Engine>> start(Open open);

  ~LocalEngine() override;
  LocalEngine(const LocalEngine&) = delete;
  LocalEngine& operator=(const LocalEngine&) = delete;

  const EngineInfo& info() const override { return info_; }
  Result<FillReply> fill(FillRequest request) override;

  /// How many requests stand in line behind the one that is served. Any thread.
  std::size_t waiting() const;

 private:
  struct Job {
    FillRequest request;
    std::promise<Result<FillReply>> reply;
  };
  LocalEngine() = default;
  void run(const Open& open, std::promise<Result<EngineInfo>> opened);
  Result<FillReply> serve_one(const Serve& serve, FillRequest& request) const;

  EngineInfo info_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  bool closing_ = false;
  std::stop_source closed_;  // stops the request that is served
  std::thread thread_;
};

}  // namespace inpaint::engine
