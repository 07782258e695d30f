// Places that the text itself marks as missing, so that all of them can be filled at once.
//
//   …                    in code: whatever belongs there
//   /* fill */  # fill   a comment that says no more than that, in any style
//   an empty body        of a function or method: braces with nothing between them, `pass`, `...`,
//                        `todo!()`; or nothing but comments, the first of which begins with TODO or FIXME.
//                        Comments stay, for the model and for the reader.
//
// Constructors and closures are left alone: an empty one mostly means what it says.
//
// Units: bytes of the text. Cost: O(text + nodes).
#pragma once

#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

struct Mark {
  ByteRange range;       // what goes
  bool is_body = false;  // statements on lines of their own belong there
  bool braced = false;   // of a body: `range` is all that stands in front of the closing brace
  friend bool operator==(const Mark&, const Mark&) = default;
};

/// In the order of the text, disjoint. Without a tree (null) only `…` is found.
std::vector<Mark> marked_holes(std::string_view text, const Language* language,
                               const SyntaxTree* tree);

}  // namespace inpaint::grammar
