// Which bytes around the cursor are to be written anew, and by what kind of text.
//
// Without a syntax tree there are two kinds. At the end of a line the hole is what is left of it:
// it owns the white space behind the cursor, and on a blank line all of it, so that the fill can
// also go back by a level. With text behind the cursor both sides stay and the fill goes between.
// Neither kind writes a second line: where a block ends only a tree can say.
//
// Units: bytes of the text. Cost: O(length of the line).
#pragma once

#include <cstddef>
#include <string_view>

#include "grammar/byte_range.h"

namespace inpaint::lsp {

using grammar::ByteRange;

enum class HoleKind {
  line,    // the rest of a line; nothing but white space is replaced
  middle,  // an insertion between the text on both sides of the cursor
};

/// The word for it in JSON and on the screen.
std::string_view to_string(HoleKind kind);

struct PlannedHole {
  ByteRange range;
  HoleKind kind = HoleKind::line;
  bool stops_at_newline = true;
  friend bool operator==(const PlannedHole&, const PlannedHole&) = default;
};

/// `cursor` is a character border of `text` and not inside of a line end.
PlannedHole plan_hole(std::string_view text, std::size_t cursor);

}  // namespace inpaint::lsp
