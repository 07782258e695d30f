// Texts with marks, as tests write them: ^ is the cursor, [[ ]] a hole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"

namespace inpaint::grammar {

struct CursorText {
  std::string text;
  std::size_t cursor = 0;
};

inline CursorText parse_cursor(std::string_view marked) {
  const std::size_t cursor = marked.find('^');
  return {std::string(marked.substr(0, cursor)) + std::string(marked.substr(cursor + 1)), cursor};
}

inline std::string mark_hole(std::string_view text, ByteRange hole) {
  return std::string(text.substr(0, hole.begin)) + "[[" +
         std::string(text.substr(hole.begin, hole.size())) + "]]" +
         std::string(text.substr(hole.end));
}

}  // namespace inpaint::grammar
