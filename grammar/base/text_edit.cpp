#include "grammar/base/text_edit.h"

#include <algorithm>
#include <cassert>

namespace inpaint::grammar {

TextPoint advanced(TextPoint from, std::string_view text) {
  const std::size_t last = text.rfind('\n');
  if (last == std::string_view::npos) return {from.row, from.column + text.size()};
  return {from.row + static_cast<std::size_t>(std::ranges::count(text, '\n')),
          text.size() - last - 1};
}

TextEdit edit_of(std::string_view before, ByteRange replaced, std::string_view with,
                 TextPoint begin) {
  assert(replaced.begin <= replaced.end && replaced.end <= before.size());
  TextEdit edit{replaced, replaced.begin + with.size(), begin, {}, advanced(begin, with)};
  edit.old_end = advanced(begin, before.substr(replaced.begin, replaced.size()));
  return edit;
}

TextEdit edit_of(std::string_view before, ByteRange replaced, std::string_view with) {
  return edit_of(before, replaced, with, advanced({}, before.substr(0, replaced.begin)));
}

}  // namespace inpaint::grammar
