#include "lsp/session/engine_worker.h"

#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "grammar/parser.h"

namespace inpaint::lsp {
namespace {

/// What the completer would grant as well, for parsing the whole text.
constexpr std::chrono::milliseconds kParseLimit{50};

Tree tree_from(const CompletionRequest& request, const grammar::SyntaxTree& older) {
  auto tree = grammar::Parser(*request.language)
                  .parse(request.text, &older, grammar::Parser::Clock::now() + kParseLimit);
  return tree ? std::make_shared<const grammar::SyntaxTree>(std::move(*tree)) : nullptr;
}

}  // namespace

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

void EngineWorker::complete(CompletionRequest request, Tree older, Completed done) {
  asio::post(thread_, [this, alive = alive_, request = std::move(request), older = std::move(older),
                       done = std::move(done)]() mutable {
    engine::Result<Completion> completion;
    if (request.stop.stop_requested()) {
      completion = engine::failure(engine::ErrorCode::cancelled, "completion", "stopped");
    } else if (!engine_) {
      completion = engine::failure(engine::ErrorCode::unavailable, "engine", "not open");
    } else {
      if (!request.tree && older && request.language != nullptr) {
        request.tree = tree_from(request, *older);
      }
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
