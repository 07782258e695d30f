// A text as lexemes: words, numbers, line ends with the indentation behind them, blanks, and all other
// characters one by one.
//
// No grammar: strings and comments are split as code is, so that names are known in them as well.
//
// Units: bytes. Depth counts bytes of white space, a tab is one.
// Cost:  O(bytes).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace inpaint::lsp {

struct Lexeme {
  enum class Kind : std::uint8_t { word, number, line_end, blank, other };
  Kind kind = Kind::other;
  std::uint32_t id = 0;     // see LexemeIds
  std::uint32_t begin = 0;  // it reaches to the next one
  std::uint32_t depth = 0;  // of a line end: of the line that it begins

  /// A word or a number, which may be another one in code that is alike.
  bool is_name() const { return kind == Kind::word || kind == Kind::number; }
};

/// Equal texts have equal ids, whichever text they stand in; all blanks are alike, and so are all line
/// ends. The texts outlive the object.
class LexemeIds {
 public:
  std::uint32_t id(std::string_view text);

 private:
  std::unordered_map<std::string_view, std::uint32_t> words_;
};

class Lexemes {
 public:
  Lexemes(std::string_view text, LexemeIds& ids);

  std::size_t size() const { return lexemes_.size(); }
  const Lexeme& operator[](std::size_t i) const { return lexemes_[i]; }
  std::string_view text(std::size_t i) const {
    return text_.substr(begin(i), begin(i + 1) - begin(i));
  }
  /// Of lexeme `i`; size() is the end of the text.
  std::size_t begin(std::size_t i) const { return i < size() ? lexemes_[i].begin : text_.size(); }
  /// How deep the line is that lexeme `i` stands in. O(lexemes of the line).
  std::size_t depth_before(std::size_t i) const;

 private:
  std::string_view text_;
  std::vector<Lexeme> lexemes_;
};

}  // namespace inpaint::lsp
