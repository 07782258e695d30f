#include "lsp/session/background_parser.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "grammar/parser.h"

namespace inpaint::lsp {

namespace asio = boost::asio;

BackgroundParser::BackgroundParser(asio::any_io_executor session, std::chrono::milliseconds limit)
    : session_(std::move(session)), limit_(limit) {}

BackgroundParser::~BackgroundParser() {
  *alive_ = false;
  thread_.stop();
  thread_.join();
}

void BackgroundParser::parse(ParseJob job, Done done) {
  asio::post(thread_, [session = session_, limit = limit_, alive = alive_, job = std::move(job),
                       done = std::move(done)]() mutable {
    auto tree = grammar::Parser(*job.language)
                    .parse(*job.text, job.old.get(), grammar::Parser::Clock::now() + limit);
    Tree shared;
    if (tree) shared = std::make_shared<const grammar::SyntaxTree>(std::move(*tree));
    asio::post(session, [alive, done = std::move(done), shared = std::move(shared)]() mutable {
      if (*alive) done(std::move(shared));
    });
  });
}

}  // namespace inpaint::lsp
