// A text as symbols in which code looks alike at every depth.
//
// Two places of a file are often the same code at another indentation. So the white space before
// the first word of a line becomes one symbol that says how much deeper or shallower the line is
// than the one before it, and everything else stays the byte that it is. White space of blank lines
// is left out, and "\r\n" is one symbol, like "\n". Where a symbol came from is kept, so that a find in the
// symbols is a find in the text.
//
// Units: bytes of the text; symbols. Depth counts bytes of white space, a tab is one.
// Cost:  O(bytes), six bytes of memory for each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace inpaint::lsp {

class IndentSymbols {
 public:
  using Symbol = char16_t;

  /// `from_middle`: the text begins inside of a line, whose depth is `depth`.
  explicit IndentSymbols(std::string_view text, bool from_middle = false, std::size_t depth = 0);

  const std::vector<Symbol>& symbols() const { return symbols_; }
  std::size_t size() const { return symbols_.size(); }
  Symbol operator[](std::size_t i) const { return symbols_[i]; }

  /// Where in the text symbol `i` begins; i == size(): the end of the text.
  std::size_t byte_of(std::size_t i) const { return bytes_[i]; }

  static bool is_indentation(Symbol symbol) { return symbol >= kFirstIndentation; }
  /// How deep the line is whose indentation symbol `i` is.
  std::size_t depth_of(std::size_t i) const { return bytes_[i + 1] - bytes_[i]; }

  /// The depth of the last line that begins before symbol `i` and is not blank.
  /// Cost: O(distance to it).
  std::size_t depth_before(std::size_t i) const;

 private:
  static constexpr Symbol kFirstIndentation = 256;
  static Symbol indentation(std::size_t depth, std::size_t depth_above);

  std::vector<Symbol> symbols_;
  std::vector<std::uint32_t> bytes_;
  std::size_t first_depth_ = 0;
};

}  // namespace inpaint::lsp
