// Can a text still become a valid file, whatever is written behind it?
//
// An exact answer, of tree-sitter's own parse loop: a text is refused once every version of the parse
// stack is stuck in front of a token that no longer text could change. Open strings, comments, brackets
// and half words are therefore never refused, and neither is the beginning of any text that parses
// without an error. What is missing in the middle of a fill only the text behind it can show: a whole
// fill is for grammar/check/promise.h to judge.
//
// Where the text before the hole is broken, it is recovered from as in any parse, and what follows must
// fit what was recovered; true text may then be refused, so a veto of every candidate is no veto.
//
// Units:  UTF-8 bytes; a text may end inside of a character.
// Errors: none; where nothing can be told (a limit, a text that is lost) everything is admitted.
// Cost:   the first question parses the fixed text, with a tree only what the hole has changed of it; the
//         others read only what is new, because snapshots of the stack are kept.
// Thread rule: one thread at a time; owns its parser, and views the fixed text of its caller.
// Source: the parse loop of tree-sitter 0.25.1 (viable_prefix_core.c).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

struct ViablePrefixCore;

namespace inpaint::grammar {

class ViablePrefix {
 public:
  /// `fixed`: the text before the hole, which outlives the object. `tree`: of the file, whose text
  /// begins with `fixed`; or null.
  ViablePrefix(const Language& language, std::string_view fixed, const SyntaxTree* tree,
               std::size_t file_size);

  /// May a file begin with the fixed text and `fill` behind it?
  bool admits(std::string_view fill) { return !error_in(fill).has_value(); }

  /// The byte of the fixed text and fill together behind which no token fits; nothing where one may.
  std::optional<std::size_t> error_in(std::string_view fill);

 private:
  struct Delete {
    void operator()(ViablePrefixCore* core) const;
  };
  void begin();

  const Language* language_;
  std::string_view fixed_;
  std::string fill_;               // that was asked about last
  std::optional<SyntaxTree> old_;  // until the fixed text is read
  std::unique_ptr<ViablePrefixCore, Delete> core_;
  bool begun_ = false;
  bool tells_ = false;  // the fixed text was read
};

}  // namespace inpaint::grammar
