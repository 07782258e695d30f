#include "lsp/worker/engine_worker.h"

#include <chrono>
#include <tuple>
#include <utility>

#include "engine/base/guarded.h"

namespace inpaint::lsp {
namespace {

/// Longer than between two keys of a word, shorter than it takes to look at what is shown.
constexpr std::chrono::milliseconds kPause{400};

}  // namespace

EngineWorker::~EngineWorker() {
  *alive_ = false;
  closing_.request_stop();
  refreshing_.request_stop();
  // Where there is no memory even for that, the engine goes with this object.
  std::ignore = engine::guarded("engine", [this] { close(); });
}

void EngineWorker::open(Opened done) {
  has_engine_ = true;
  thread_.run<engine::EngineInfo>(
      "engine",
      [this] {
        auto info = engine::guarded("engine", [this]() -> engine::Result<engine::EngineInfo> {
          auto opened = open_();
          if (!opened) return std::unexpected(opened.error());
          auto its_info = (*opened)->info();
          engine_ = std::move(*opened);
          return its_info;
        });
        has_engine_ = info.has_value();
        return info;
      },
      std::move(done));
}

template <class T>
void EngineWorker::post(CompletionRequest request, Work<T> work,
                        std::function<void(engine::Result<T>)> done) {
  stop_refreshing();
  ++asked_;
  thread_.run<T>(
      "completion",
      [this, request = std::move(request), work = std::move(work)]() mutable -> engine::Result<T> {
        // Two can stop it: who asked, and the worker that ends.
        std::stop_source either;
        const auto stop = [&either] { either.request_stop(); };
        const std::stop_callback by_asker(request.stop, stop);
        const std::stop_callback by_closing(closing_.get_token(), stop);
        if (either.stop_requested())
          return engine::failure(engine::ErrorCode::cancelled, "completion", "stopped");
        if (!engine_) return engine::failure(engine::ErrorCode::unavailable, "engine", "not open");
        request.stop = either.get_token();
        return work(*engine_, std::move(request));
      },
      [this, done = std::move(done)](engine::Result<T> result) {
        if (--asked_ == 0) refresh_later();
        done(std::move(result));
      });
}

void EngineWorker::refresh_later() {
  pause_.expires_after(kPause);
  pause_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (error || !*alive || asked_ > 0) return;
    refreshing_ = {};
    const auto refresh = [this, stop = refreshing_.get_token()]() -> engine::Result<void> {
      return engine_ ? engine_->refresh(stop) : engine::Result<void>();
    };
    // What fails here fails again, with somebody to tell, when the next question comes.
    thread_.run<void>("engine", refresh, [](const engine::Result<void>&) {});
  });
}

void EngineWorker::stop_refreshing() {
  pause_.cancel();
  refreshing_.request_stop();
}

void EngineWorker::complete(CompletionRequest request, Completed done) {
  post<Completion>(
      std::move(request),
      [](engine::Engine& engine, CompletionRequest about) {
        return Completer(engine).complete(std::move(about));
      },
      std::move(done));
}

void EngineWorker::rewrite(CompletionRequest request, Rewrite how, Rewritten done) {
  post<Rewriting>(
      std::move(request),
      [how = std::move(how)](engine::Engine& engine, const CompletionRequest& about) {
        return how(Rewriter(engine), about);
      },
      std::move(done));
}

void EngineWorker::close() {
  const auto let_go = [this]() -> engine::Result<void> {
    engine_.reset();
    has_engine_ = false;
    return {};
  };
  thread_.run<void>("engine", let_go, [](const engine::Result<void>&) {});
}

}  // namespace inpaint::lsp
