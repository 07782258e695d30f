#include "lsp/document/background_parser.h"

#include <utility>

#include "grammar/tree/parser.h"

namespace inpaint::lsp {

BackgroundParser::BackgroundParser(boost::asio::any_io_executor session,
                                   std::chrono::milliseconds limit)
    : limit_(limit), thread_(std::move(session)) {}

void BackgroundParser::parse(ParseJob job, Done done) {
  thread_.run<Tree>(
      "parse",
      [limit = limit_, job = std::move(job)]() -> Tree {
        auto tree = grammar::Parser(*job.language)
                        .parse(*job.text, job.old.get(), grammar::Parser::Clock::now() + limit);
        return tree ? std::make_shared<const grammar::SyntaxTree>(std::move(*tree)) : nullptr;
      },
      [done = std::move(done)](engine::Result<Tree> tree) {
        done(tree ? std::move(*tree) : nullptr);
      });
}

}  // namespace inpaint::lsp

#ifdef __SANITIZE_THREAD__
// Copies of a tree share nodes, which count their owners atomically. tree-sitter also reads such a
// count plainly: in assertions, where it asks whether it is the only owner (who then stays the only
// one), and when it copies a whole node (the copy then gets a count of its own). That is sound, and
// ThreadSanitizer must report it. Passed over are only reports of which one side is the count
// itself.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:atomic_inc\n"
         "race_top:atomic_dec\n"
         "race_top:ts_subtree_retain\n"
         "race_top:ts_subtree_release\n"
         "race_top:ts_parser__balance_subtree\n";
}
#endif
