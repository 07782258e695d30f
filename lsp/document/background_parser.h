// Parses what would hold up the session: on a thread of its own, one text after another.
//
// A parse that takes longer than the limit is given up; such a text is completed without a grammar.
//
// Thread rule: made and called on the session strand, where answers are called as well.
// Errors: a tree that is null, also where the parse throws.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/base/background_thread.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

using Tree = std::shared_ptr<const grammar::SyntaxTree>;

struct ParseJob {
  const grammar::Language* language = nullptr;
  Snapshot text;
  Tree old;  // of an earlier text, told of every edit since; null: the text is parsed whole
};

class BackgroundParser {
 public:
  using Done = std::function<void(Tree)>;

  explicit BackgroundParser(boost::asio::any_io_executor session,
                            std::chrono::milliseconds limit = std::chrono::milliseconds(250));
  /// Waits for the parse that is under way; the others never begin. No answer is called any more.
  ~BackgroundParser() { thread_.stop(); }
  BackgroundParser(const BackgroundParser&) = delete;
  BackgroundParser& operator=(const BackgroundParser&) = delete;

  void parse(ParseJob job, Done done);

 private:
  std::chrono::milliseconds limit_;
  BackgroundThread thread_;
};

}  // namespace inpaint::lsp
