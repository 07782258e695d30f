// UTF-8: where valid text begins and ends in arbitrary bytes, and where characters do.
//
// An opened file may hold anything, and a model writes bytes; an editor and a regular expression over
// Unicode may only be shown valid text. A character here is a Unicode code point: that is what a
// column of the command line counts.
//
// Units:  bytes.   Cost: one pass, ASCII eight bytes at a time.
// Source: Unicode 15, table 3-7 (well-formed byte sequences): no overlong forms, no surrogates,
//         nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::engine {

/// Length of the longest prefix that is well-formed; text.size() when all of it is.
std::size_t valid_utf8_prefix(std::string_view text);

/// Length of the invalid bytes at the front: up to the next place where a valid character begins.
std::size_t invalid_utf8_prefix(std::string_view text);

/// How many characters a well-formed text holds.
std::size_t count_characters(std::string_view text);

/// Length in bytes of the well-formed character at the beginning of `text`; 0 if there is none.
std::size_t character_length(std::string_view text);

/// The code point of one well-formed character, as character_length() found it.
char32_t code_point(std::string_view character);

/// True for the second and later bytes of a character.
inline bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace inpaint::engine
