#include "lsp/worker/engine_worker.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace inpaint::lsp {

namespace asio = boost::asio;

EngineWorker::EngineWorker(asio::any_io_executor session, OpenEngine open)
    : session_(std::move(session)), open_(std::move(open)) {}

EngineWorker::~EngineWorker() {
  *alive_ = false;
  thread_.join();
}

void EngineWorker::open(Opened done) {
  has_engine_ = true;
  asio::post(thread_, [this, alive = alive_, done = std::move(done)]() mutable {
    auto opened = open_();
    engine::Result<engine::EngineInfo> info;
    if (opened) {
      engine_ = std::move(*opened);
      info = engine_->info();
    } else {
      has_engine_ = false;
      info = std::unexpected(opened.error());
    }
    asio::post(session_, [alive, done = std::move(done), info = std::move(info)]() mutable {
      if (*alive) done(std::move(info));
    });
  });
}

template <class T>
void EngineWorker::post(std::stop_token stop,
                        std::function<engine::Result<T>(engine::Engine&)> work,
                        std::function<void(engine::Result<T>)> done) {
  asio::post(thread_, [this, alive = alive_, stop = std::move(stop), work = std::move(work),
                       done = std::move(done)]() mutable {
    engine::Result<T> result;
    if (stop.stop_requested())
      result = engine::failure(engine::ErrorCode::cancelled, "completion", "stopped");
    else if (!engine_)
      result = engine::failure(engine::ErrorCode::unavailable, "engine", "not open");
    else result = work(*engine_);
    asio::post(session_, [alive, done = std::move(done), result = std::move(result)]() mutable {
      if (*alive) done(std::move(result));
    });
  });
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
  asio::post(thread_, [this] {
    engine_.reset();
    has_engine_ = false;
  });
}

}  // namespace inpaint::lsp
