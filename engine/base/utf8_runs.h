// Where valid UTF-8 begins and ends in arbitrary bytes.
//
// A regular expression over Unicode may only be shown valid text; a file that is opened in an editor
// may hold anything. So the valid stretches are found first.
//
// Units:  bytes.   Cost: one pass, ASCII eight bytes at a time.
// Source: RFC 3629 (no overlong forms, no surrogates, nothing above U+10FFFF).
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::engine {

/// Length of the valid UTF-8 at the front of `text`.
std::size_t valid_utf8_prefix(std::string_view text);

/// Length of the invalid bytes at the front: up to the next place where a valid character begins.
std::size_t invalid_utf8_prefix(std::string_view text);

}  // namespace inpaint::engine
