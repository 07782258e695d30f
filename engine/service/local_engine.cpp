#include "engine/service/local_engine.h"

#include "engine/base/guarded.h"

namespace inpaint::engine {
namespace {

std::unexpected<Error> cancelled(const char* why) {
  return failure(ErrorCode::cancelled, "fill", why);
}

}  // namespace

Result<std::unique_ptr<Engine>> LocalEngine::start(Open open) {
  std::unique_ptr<LocalEngine> engine(new LocalEngine());
  std::promise<Result<EngineInfo>> opened;
  std::future<Result<EngineInfo>> answer = opened.get_future();
  engine->thread_ =
      std::thread([raw = engine.get(), open = std::move(open),
                   promise = std::move(opened)]() mutable { raw->run(open, std::move(promise)); });
  Result<EngineInfo> info = answer.get();
  if (!info) return std::unexpected(info.error());  // the destructor joins the thread
  engine->info_ = std::move(*info);
  return engine;
}

LocalEngine::~LocalEngine() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  closed_.request_stop();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<FillReply> LocalEngine::fill(FillRequest request) {
  Job job{std::move(request), {}};
  std::future<Result<FillReply>> reply = job.reply.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return cancelled("the engine is closing");
    waiting_.push_back(std::move(job));
    // Under the lock: once it is open the destructor may run.
    changed_.notify_all();
  }
  return reply.get();
}

void LocalEngine::run(const Open& open, std::promise<Result<EngineInfo>> opened) {
  auto parts = guarded("engine", open);
  if (!parts) {
    opened.set_value(std::unexpected(parts.error()));
    return;
  }
  const Serve serve = std::move(parts->second);
  opened.set_value(std::move(parts->first));
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) {
      for (Job& job : waiting_) job.reply.set_value(cancelled("the engine is closing"));
      waiting_.clear();
      return;
    }
    Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    job.reply.set_value(job.request.stop.stop_requested() ? cancelled("cancelled by the caller")
                                                          : serve_one(serve, job.request));
  }
}

Result<FillReply> LocalEngine::serve_one(const Serve& serve, FillRequest& request) const {
  // Two can stop it: its caller, and the engine that closes.
  std::stop_source either;
  const auto stop = [&either] { either.request_stop(); };
  const std::stop_callback by_caller(request.stop, stop);
  const std::stop_callback by_closing(closed_.get_token(), stop);
  request.stop = either.get_token();
  return guarded("fill", [&] { return serve(request); });
}

std::size_t LocalEngine::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace inpaint::engine
