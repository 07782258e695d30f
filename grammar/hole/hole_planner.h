// Which bytes around the cursor are to be written anew, by what kind of text, and how far it may go.
//
// Left to itself the planner keeps to one line: the rest of it at its end, the rest of an argument or
// expression where a closing bracket, comma or semicolon follows, and else the middle, where both
// sides stay. Several lines are planned only where nobody has written yet: on a blank line of an
// empty body, or right behind what opens it. Nothing but white space is ever replaced then; on a
// blank line all of it, so that the fill can also go back by a level.
//
// A kind that is asked for wins, and the range follows it: the rest of the expression, argument or
// statement that the cursor is in, or the inside of a body; text in it is replaced.
//
// Without a tree (no grammar) the end of a line is `line` and everything else `middle`.
//
// Units: bytes of the text. Cost: O(length of the line + depth of the tree), microseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

enum class HoleKind : std::uint8_t {
  line,        // the rest of a line; nothing but white space is replaced
  expression,  // the rest of an expression, inside of one line
  argument,    // the rest of one element of a list in brackets
  statement,   // one statement, which may be of several lines
  block,       // the inside of a body
  middle,      // an insertion between the text on both sides of the cursor, inside of one line
  span,        // any text, of several lines: what a caller cut out
};

/// The word for it in JSON and on the screen.
std::string_view to_string(HoleKind kind);

struct HolePlan {
  ByteRange range;
  HoleKind kind = HoleKind::line;
  bool stops_at_newline = true;
  friend bool operator==(const HolePlan&, const HolePlan&) = default;
};

struct PlanRequest {
  std::string_view text;
  std::size_t cursor = 0;              // a character border of `text`, not inside of a line end
  const Language* language = nullptr;  // null: no grammar
  const SyntaxTree* tree = nullptr;    // of `text`; null where there is no grammar
  std::optional<HoleKind> kind;        // asked for; else the tree decides
  bool insertion_only = false;         // nothing is replaced: the range is empty, at the cursor
};

HolePlan plan_hole(const PlanRequest& request);

}  // namespace inpaint::grammar
