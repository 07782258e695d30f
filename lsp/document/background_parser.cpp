#include "lsp/document/background_parser.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "grammar/tree/parser.h"

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

#ifdef __SANITIZE_THREAD__
// Copies of a tree share nodes, which count their owners atomically. tree-sitter also reads such a
// count plainly: in assertions, where it asks whether it is the only owner (who then stays the only
// one), and when it copies a whole node (the copy then gets a count of its own). That is sound, and
// ThreadSanitizer must report it. Passed over are only reports of which one side is the count itself.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:atomic_inc\n"
         "race_top:atomic_dec\n"
         "race_top:ts_subtree_retain\n"
         "race_top:ts_subtree_release\n"
         "race_top:ts_parser__balance_subtree\n";
}
#endif
