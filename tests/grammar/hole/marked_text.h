// Source text with one range marked: "return [[a + b]];" is `return a + b;` and the bytes of `a + b`.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"

namespace inpaint::grammar {

struct MarkedText {
  std::string text;
  ByteRange range;
};

inline MarkedText marked(std::string_view source) {
  const std::size_t open = source.find("[[");
  const std::size_t close = source.find("]]");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    throw std::invalid_argument("no [[ ]] in: " + std::string(source));
  MarkedText result;
  result.text += source.substr(0, open);
  result.range.begin = result.text.size();
  result.text += source.substr(open + 2, close - open - 2);
  result.range.end = result.text.size();
  result.text += source.substr(close + 2);
  return result;
}

}  // namespace inpaint::grammar
