// A document with marks in its text: ^ is the cursor, [[ ]] the hole (else an empty one at the
// cursor).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lsp/document/document.h"

namespace inpaint::lsp::test {

struct MarkedDocument {
  explicit MarkedDocument(std::string_view marked, std::string_view language = "python",
                          PositionEncoding encoding = PositionEncoding::utf16)
      : document(Uri("file:///w/a.py"), std::string(language), 1, without_marks(marked), encoding) {
  }

  std::size_t cursor = 0;
  ByteRange hole;
  Document document;

 private:
  std::string without_marks(std::string_view marked) {
    std::string text;
    bool has_hole = false;
    for (std::size_t i = 0; i < marked.size(); ++i) {
      const std::string_view rest = marked.substr(i);
      if (rest.starts_with("[[")) {
        hole.begin = text.size();
        has_hole = true;
        ++i;
      } else if (rest.starts_with("]]") && has_hole) {
        hole.end = text.size();
        ++i;
      } else if (rest.front() == '^') {
        cursor = text.size();
      } else {
        text += rest.front();
      }
    }
    if (!has_hole) hole = {cursor, cursor};
    return text;
  }
};

}  // namespace inpaint::lsp::test
