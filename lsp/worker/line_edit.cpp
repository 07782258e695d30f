#include "lsp/worker/line_edit.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto differ = std::ranges::mismatch(a, b);
  auto length = static_cast<std::size_t>(differ.in1 - a.begin());
  while (length > 0 && length < b.size() && engine::is_continuation(b[length])) --length;
  return length;
}

std::size_t common_suffix(std::string_view a, std::string_view b) {
  std::size_t length = 0;
  while (length < a.size() && length < b.size() &&
         a[a.size() - 1 - length] == b[b.size() - 1 - length])
    ++length;
  while (length > 0 && engine::is_continuation(a[a.size() - length])) --length;
  return length;
}

}  // namespace

std::optional<LineEdit> to_line_edit(std::string_view text, const LineIndex& lines,
                                     std::size_t cursor, ByteRange hole, std::string_view fill) {
  if (hole.end > text.size() || cursor < hole.begin || cursor > hole.end) return std::nullopt;
  const std::size_t before = common_prefix(text.substr(hole.begin, cursor - hole.begin), fill);
  fill.remove_prefix(before);
  hole.begin += before;
  const std::size_t behind = common_suffix(text.substr(cursor, hole.end - cursor), fill);
  fill.remove_suffix(behind);
  hole.end -= behind;
  const ByteRange line = lines.line(text, lines.line_of(cursor));
  if (hole.begin < line.begin || hole.end > line.end) return std::nullopt;
  if (fill == text.substr(hole.begin, hole.size())) return std::nullopt;
  return LineEdit{hole, std::string(fill)};
}

LineEdit begin_at(LineEdit edit, std::string_view text, std::size_t begin) {
  if (begin >= edit.range.begin) return edit;
  edit.new_text.insert(0, text.substr(begin, edit.range.begin - begin));
  edit.range.begin = begin;
  return edit;
}

std::string with_newlines(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    result += text[i];
  }
  return result;
}

std::string with_line_ends_of(std::string_view document, std::string_view text) {
  std::string result = with_newlines(text);
  const std::size_t newline = document.find('\n');
  if (newline == std::string_view::npos || newline == 0 || document[newline - 1] != '\r') {
    return result;
  }
  for (std::size_t at = result.find('\n'); at != std::string::npos;
       at = result.find('\n', at + 2)) {
    result.insert(at, 1, '\r');
  }
  return result;
}

}  // namespace inpaint::lsp
