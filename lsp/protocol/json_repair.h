// Makes the characters of a JSON text well-formed, so that one bad character does not cost a
// change.
//
// Two things come from real clients: bytes that are no UTF-8 (a Latin-1 file sent as it is), and an
// escape that is one half of a surrogate pair (a client that counts in UTF-16 and cuts there). Both
// become U+FFFD; everything else, also what is no JSON at all, is left as it is.
//
// Cost: O(text); only asked when a text did not parse.
// Source: RFC 8259, section 8.2; Unicode 15, section 3.9 (one U+FFFD for each maximal subpart).
#pragma once

#include <string>
#include <string_view>

namespace inpaint::lsp {

/// Well-formed UTF-8, by one U+FFFD for each piece that is none.
std::string repair_utf8(std::string_view text);

/// The same, and each lone surrogate escape replaced by `\ufffd`.
std::string repair_json(std::string_view text);

}  // namespace inpaint::lsp
