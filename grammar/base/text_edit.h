// One replacement in a text, as an incremental parse needs it told.
//
// tree-sitter keeps rows and columns of every node beside its bytes, and shifts both when a text is
// edited; a wrong row would only show much later, in a scanner that asks for its column (Python's
// indentation). So an edit is made in one place, from the text itself.
//
// Units: bytes; rows count from 0, columns are bytes since the line's begin, and a line ends at "\n"
//        alone, as tree-sitter counts.
// Errors: none; `replaced` must lie inside of the text.
#pragma once

#include <cstddef>
#include <string_view>

#include "grammar/base/byte_range.h"

namespace inpaint::grammar {

struct TextPoint {
  std::size_t row = 0;
  std::size_t column = 0;
  friend bool operator==(const TextPoint&, const TextPoint&) = default;
};

/// Where one stands after reading `text` from `from`.
TextPoint advanced(TextPoint from, std::string_view text);

struct TextEdit {
  ByteRange replaced;       // of the text before
  std::size_t new_end = 0;  // replaced.begin + the size of what stands there now
  TextPoint begin;
  TextPoint old_end;
  TextPoint new_end_point;
  friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

/// The edit that puts `with` in place of `replaced`. Cost: O(replaced.end + with.size()).
TextEdit edit_of(std::string_view before, ByteRange replaced, std::string_view with);

/// The same where the point of `replaced.begin` is known already: O(replaced.size() + with.size()).
TextEdit edit_of(std::string_view before, ByteRange replaced, std::string_view with,
                 TextPoint begin);

}  // namespace inpaint::grammar
