#include "lsp/worker/engine_worker.h"

#include <chrono>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>
#include <malloc.h>

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

void EngineWorker::open(Told told, Opened done) {
  has_engine_ = true;
  thread_.run<OpenedEngine>(
      "engine",
      [this, progress = progress_to(std::move(told))] {
        auto opened = engine::guarded("engine", [&] { return open_here(progress); });
        has_engine_ = opened.has_value();
        return opened;
      },
      std::move(done));
}

engine::Result<OpenedEngine> EngineWorker::open_here(const engine::LoadProgress& progress) {
  OpenedEngine opened;
  if (source_.open_stand_in) {
    auto stand_in = engine::guarded("engine", source_.open_stand_in);
    if (!stand_in) opened.stand_in_problem = stand_in.error();
    opened.stands_in = stand_in && *stand_in;
    if (opened.stands_in) engine_ = std::move(*stand_in);
  }
  if (!opened.stands_in) {
    // Nobody is answered meanwhile, so it need not give way.
    auto wanted = source_.open({.progress = progress, .gives_way = false});
    if (!wanted) return std::unexpected(wanted.error());
    engine_ = std::move(*wanted);
  }
  opened.info = engine_->info();
  return opened;
}

engine::LoadProgress EngineWorker::progress_to(Told told) {
  loading_ = {};
  return [session = pause_.get_executor(), alive = alive_, told = std::move(told),
          stop = loading_.get_token(), closing = closing_.get_token(),
          shown = std::uint64_t{0}](std::uint64_t read, std::uint64_t all) mutable {
    if (stop.stop_requested() || closing.stop_requested()) return false;
    const std::uint64_t percent = all == 0 ? 0 : read * 100 / all;
    if (std::exchange(shown, percent) == percent) return true;
    // A report that cannot be made is no reason to load nothing.
    std::ignore = engine::guarded("progress", [&] {
      boost::asio::post(session, [alive, told, read, all] {
        if (*alive) told(read, all);
      });
    });
    return true;
  };
}

void EngineWorker::load(Told told, Loaded done) {
  loader_.emplace(pause_.get_executor());
  const auto read = [this, progress = progress_to(std::move(told))]() -> engine::Result<void> {
    auto engine = source_.open({.progress = progress, .gives_way = true});
    if (!engine) return std::unexpected(engine.error());
    loaded_ = std::move(*engine);
    return {};
  };
  loader_->run<void>("engine", read, [this, done = std::move(done)](engine::Result<void> result) {
    loader_.reset();
    if (!result) return done(std::unexpected(std::move(result.error())));
    take_loaded(done);
  });
}

void EngineWorker::take_loaded(Loaded done) {
  const auto take = [this, stop = loading_.get_token()]() -> engine::Result<engine::EngineInfo> {
    if (stop.stop_requested()) {
      loaded_.reset();
      return engine::failure(engine::ErrorCode::cancelled, "engine", "the loading was stopped");
    }
    engine_ = std::move(loaded_);
    ::malloc_trim(0);  // a third of what the stand-in took would stay with the allocator
    return engine_->info();
  };
  thread_.run<engine::EngineInfo>("engine", take, std::move(done));
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
