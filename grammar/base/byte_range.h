// A half-open range of bytes in a UTF-8 text: the one way in which the parts of Inpaint point into it.
#pragma once

#include <cstddef>

namespace inpaint::grammar {

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;  // begin == end: an insertion point

  std::size_t size() const { return end - begin; }
  bool contains(std::size_t byte) const { return begin <= byte && byte < end; }
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

}  // namespace inpaint::grammar
