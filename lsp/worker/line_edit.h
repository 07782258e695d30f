// A fill as an edit that every client can show: within one line, as little replaced as possible.
//
// The engine answers with a text for a whole hole. Clients want a range that begins and ends on the
// cursor's line, and show an item only where the text in the range is a prefix of it. So what hole
// and fill have in common on both sides of the cursor is left out: mostly nothing is replaced then.
// What remains in front (white space that the fill writes otherwise, to go back by a level) or
// behind (white space at the end of the line) is replaced, and `typed` holds it for the client's
// filter.
//
// Units:  bytes of the text.
// Errors: nothing, where the fill changes nothing or would need more than one line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lsp/protocol/position.h"

namespace inpaint::lsp {

struct LineEdit {
  ByteRange range;       // on the line of the cursor, which lies in it or at its ends
  std::string new_text;  // lines end as in the text
  friend bool operator==(const LineEdit&, const LineEdit&) = default;
};

/// `fill` replaces `hole`, which holds `cursor` or touches it.
std::optional<LineEdit> to_line_edit(std::string_view text, const LineIndex& lines,
                                     std::size_t cursor, ByteRange hole, std::string_view fill);

/// The same edit, begun further in front: at `begin`, on the same line.
LineEdit begin_at(LineEdit edit, std::string_view text, std::size_t begin);

/// `text` with the line ends that every client takes: "\n".
std::string with_newlines(std::string_view text);

/// `text` with line ends as `document` has them: "\r\n" where its first line ends so.
std::string with_line_ends_of(std::string_view document, std::string_view text);

}  // namespace inpaint::lsp
