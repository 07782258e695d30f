// Where lines begin and end in a text.
//
// A line ends at "\n"; a "\r" right before it belongs to the line end, so nothing is ever written
// between the two. A byte order mark belongs to no line: editors do not show it and columns do not
// count it. A text that ends with "\n" has an empty last line, as editors show it.
//
// Units: bytes; lines count from 1.
#pragma once

#include <cstddef>
#include <string_view>

namespace inpaint::grammar {

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;   // before "\r\n" or "\n"
  std::size_t next = 0;  // begin of the next line; text.size() for the last one
  friend bool operator==(const Line&, const Line&) = default;
};

/// 3 where the text opens with a byte order mark, else 0.
std::size_t text_begin(std::string_view text);

/// The line that holds `byte`, which may be text.size(). Cost: O(length of the line).
Line line_at(std::string_view text, std::size_t byte);

/// The number of the line that holds `byte`. Cost: O(byte).
std::size_t line_number(std::string_view text, std::size_t byte);

/// How many lines the text has, at least one.
std::size_t count_lines(std::string_view text);

/// Space and tab: what a line may hold and still be blank.
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_blank(std::string_view text);

}  // namespace inpaint::grammar
