#include "lsp/session/engine_worker.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "lsp/session/parsed_document.h"

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

void EngineWorker::complete(CompletionRequest request, Completed done) {
  asio::post(thread_, [this, alive = alive_, request = std::move(request),
                       done = std::move(done)]() mutable {
    engine::Result<Completion> completion;
    if (request.stop.stop_requested()) {
      completion = engine::failure(engine::ErrorCode::cancelled, "completion", "stopped");
    } else if (!engine_) {
      completion = engine::failure(engine::ErrorCode::unavailable, "engine", "not open");
    } else {
      request.tree = ParsedDocument(request.language, request.text).tree();
      completion = Completer(*engine_).complete(request);
    }
    asio::post(session_, [alive, done = std::move(done), result = std::move(completion)]() mutable {
      if (*alive) done(std::move(result));
    });
  });
}

void EngineWorker::close() {
  asio::post(thread_, [this] {
    engine_.reset();
    has_engine_ = false;
  });
}

}  // namespace inpaint::lsp
