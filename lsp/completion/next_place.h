// Where somebody is likely to ask next: on a new line, once what is suggested stands there and Enter was
// pressed.
//
// Editors begin a new line as deep as the one before, and one level deeper behind what opens a block. Where they
// do it otherwise, what was foreseen is of no use, and does no harm.
//
// Units: bytes.   Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "grammar/tree/language.h"

namespace inpaint::lsp {

/// What is put into a text; the cursor stands behind it.
struct Insertion {
  grammar::ByteRange replaced;
  std::string text;
};

/// `suggested` for the `hole` of `text`; empty where nothing is. Nothing where text follows on the hole's line, or
/// the line is blank.
std::optional<Insertion> next_line(std::string_view text, grammar::ByteRange hole,
                                   std::string_view suggested, const grammar::Language* language);

}  // namespace inpaint::lsp
