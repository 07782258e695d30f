#include "lsp/worker/engine_worker.h"

#include <utility>

namespace inpaint::lsp {

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
void EngineWorker::post(std::stop_token stop,
                        std::function<engine::Result<T>(engine::Engine&)> work,
                        std::function<void(engine::Result<T>)> done) {
  thread_.run<T>(
      "completion",
      [this, stop = std::move(stop), work = std::move(work)]() -> engine::Result<T> {
        if (stop.stop_requested())
          return engine::failure(engine::ErrorCode::cancelled, "completion", "stopped");
        if (!engine_) return engine::failure(engine::ErrorCode::unavailable, "engine", "not open");
        return work(*engine_);
      },
      std::move(done));
}

void EngineWorker::complete(CompletionRequest request, Completed done) {
  std::stop_token stop = request.stop;
  post<Completion>(
      std::move(stop),
      [request = std::move(request)](engine::Engine& engine) mutable {
        return Completer(engine).complete(std::move(request));
      },
      std::move(done));
}

void EngineWorker::rewrite(CompletionRequest request, Rewrite how, Rewritten done) {
  std::stop_token stop = request.stop;
  post<Rewriting>(
      std::move(stop),
      [request = std::move(request), how = std::move(how)](engine::Engine& engine) {
        return how(Rewriter(engine), request);
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
