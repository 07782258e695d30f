// Which bytes around the cursor are to be written anew, by what kind of text, and how far it may go.
//
// The tree says what is missing: the rest of an expression or of an argument, a statement, the inside
// of a body. Without a tree (no grammar, or one that cannot tell) there are two kinds. At the end of
// a line the hole is what is left of it: it owns the white space behind the cursor, and on a blank
// line all of it, so that the fill can also go back by a level. With text behind the cursor both
// sides stay and the fill goes between.
//
// Units: bytes of the text. Cost: O(length of the line + depth of the tree).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "grammar/byte_range.h"
#include "grammar/language.h"
#include "grammar/syntax_tree.h"

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
