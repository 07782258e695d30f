// A parser of one language, used for one text after another.
//
// An incremental parse costs about what has changed; a parser of its own for each would cost as much
// again in allocations. A parse can also be limited: a text of many megabytes, or a quote opened at
// its begin, must not hold a keystroke up.
//
// Units:  UTF-8 bytes.
// Errors: nothing is returned when the budget is spent or the text is longer than 2 GiB (tree-sitter
//         counts bytes in 32 bits).
// Thread rule: one thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

struct TSParser;

namespace inpaint::grammar {

class Parser {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Parser(const Language& language);

  /// `old` is the tree of an earlier version of the text, told of every edit since
  /// (SyntaxTree::edit); what the edits did not touch is taken from it. At `deadline` the parse is
  /// given up; tree-sitter asks every hundred operations, a few microseconds.
  std::optional<SyntaxTree> parse(std::string_view text, const SyntaxTree* old = nullptr,
                                  std::optional<Clock::time_point> deadline = std::nullopt);

  /// Of the text that `pieces` make one behind the other, as if it stood in one place: a text with a
  /// fill in its hole is parsed without writing both together. Pieces part no character.
  std::optional<SyntaxTree> parse(std::span<const std::string_view> pieces,
                                  const SyntaxTree* old = nullptr,
                                  std::optional<Clock::time_point> deadline = std::nullopt);

 private:
  struct Delete {
    void operator()(TSParser* parser) const;
  };
  std::unique_ptr<TSParser, Delete> parser_;
};

}  // namespace inpaint::grammar
