// What the rest of lsp/ must know of UTF-8: where valid text ends and where characters begin.
//
// Buffers are checked once, when they are read; a model writes bytes, so its fills are checked too.
// A character here is a Unicode code point: that is what a column of the command line counts.
//
// Units:  bytes.
// Source: Unicode 15, table 3-7 (well-formed byte sequences): no overlong forms, no surrogates,
//         nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::lsp {

/// Length of the longest prefix that is well-formed; text.size() when all of it is.
std::size_t valid_utf8_prefix(std::string_view text);

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

}  // namespace inpaint::lsp
