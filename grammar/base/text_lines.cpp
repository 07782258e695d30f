#include "grammar/base/text_lines.h"

#include <algorithm>
#include <cassert>

namespace inpaint::grammar {

std::size_t text_begin(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? 3 : 0; }

Line line_at(std::string_view text, std::size_t byte) {
  assert(byte <= text.size());
  Line line;
  const std::size_t before = byte == 0 ? std::string_view::npos : text.rfind('\n', byte - 1);
  line.begin = before == std::string_view::npos ? text_begin(text) : before + 1;
  const std::size_t newline = text.find('\n', std::max(byte, line.begin));
  if (newline == std::string_view::npos) {
    line.end = line.next = text.size();
    return line;
  }
  line.end = newline > line.begin && text[newline - 1] == '\r' ? newline - 1 : newline;
  line.next = newline + 1;
  return line;
}

std::size_t line_number(std::string_view text, std::size_t byte) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, byte), '\n'));
}

std::size_t count_lines(std::string_view text) { return line_number(text, text.size()); }

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_blank(c); });
}

}  // namespace inpaint::grammar
