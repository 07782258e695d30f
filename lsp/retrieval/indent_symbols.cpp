#include "lsp/retrieval/indent_symbols.h"

#include <algorithm>

#include "grammar/base/text_lines.h"

namespace inpaint::lsp {

IndentSymbols::Symbol IndentSymbols::indentation(std::size_t depth, std::size_t depth_above) {
  // Deeper than any code: such steps may look alike.
  constexpr std::ptrdiff_t kMost = 1000;
  const auto step = static_cast<std::ptrdiff_t>(depth) - static_cast<std::ptrdiff_t>(depth_above);
  return static_cast<Symbol>(kFirstIndentation + kMost + std::clamp(step, -kMost, kMost));
}

IndentSymbols::IndentSymbols(std::string_view text, bool from_middle, std::size_t depth)
    : first_depth_(depth) {
  symbols_.reserve(text.size() + 1);
  bytes_.reserve(text.size() + 1);
  const auto add = [&](Symbol symbol, std::size_t byte) {
    symbols_.push_back(symbol);
    bytes_.push_back(static_cast<std::uint32_t>(byte));
  };
  bool line_begins = !from_middle;
  for (std::size_t i = 0; i < text.size();) {
    if (line_begins) {
      std::size_t word = i;
      while (word < text.size() && grammar::is_blank(text[word])) ++word;
      const std::size_t end = word < text.size() && text[word] == '\r' ? word + 1 : word;
      const bool blank = end < text.size() && text[end] == '\n';
      line_begins = false;
      if (blank) {
        i = word;
        continue;
      }
      // At the end of the text, too: there somebody is about to write.
      add(indentation(word - i, depth), i);
      depth = word - i;
      i = word;
      continue;
    }
    const bool two_bytes = text.substr(i).starts_with("\r\n");
    const char c = two_bytes ? '\n' : text[i];
    add(static_cast<unsigned char>(c), i);
    i += two_bytes ? 2 : 1;
    if (c == '\n') line_begins = i < text.size();
  }
  bytes_.push_back(static_cast<std::uint32_t>(text.size()));
}

std::size_t IndentSymbols::depth_before(std::size_t i) const {
  for (std::size_t at = std::min(i, size()); at-- > 0;)
    if (is_indentation(symbols_[at])) return depth_of(at);
  return first_depth_;
}

}  // namespace inpaint::lsp
