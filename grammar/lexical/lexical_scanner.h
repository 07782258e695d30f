// Reads a text from left to right and knows at each place what is open: brackets, a string, a comment.
//
// The state is a value: it is computed once for the text before a hole, and copied for each text that
// might stand in the hole. A lexeme that reaches the end of what is read may still become something
// else; the scanner then takes it for text, so that nothing is concluded from it.
//
// Units: bytes. Cost: about 300 MB/s.
// Thread rule: a value; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/lexical/lexical_rules.h"

namespace inpaint::grammar {

struct LexicalState {
  enum class Mode : std::uint8_t { code, line_comment, block_comment, string };
  Mode mode = Mode::code;
  const StringRule* string =
      nullptr;        // in mode string; null: a raw string that closes with `close`
  std::string close;  // of a raw string
  std::size_t comment_depth = 0;
  std::string open;  // opening brackets, innermost last; $ stands for a ${ in a string
  /// What was open at each #if we are inside of: both branches begin with the same.
  std::vector<std::string> conditionals;
  std::size_t indent = 0;       // columns before the statement we are in
  bool operand_before = false;  // a / now divides
  /// A quote without its end, or a closing bracket that fits nothing, was seen since the last time
  /// when nothing was open: what `open` says may be wrong.
  bool uncertain = false;

  bool in_code() const { return mode == Mode::code; }
};

struct Lexeme {
  enum class Kind : std::uint8_t {
    blank,    // white space, and a line end behind a backslash
    newline,  // a line end, also one in a string or comment
    open,     // ( [ {
    close,    // ) ] }
    word,     // names, keywords and numbers
    other,    // operators
    text,     // a piece of a string, comment or regular expression
  };
  Kind kind = Kind::other;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool fits = true;     // of close: it closed what was open last
  bool in_code = true;  // of newline: outside of strings and comments
};

class LexicalScanner {
 public:
  LexicalScanner(const LexicalRules& rules, std::string_view text) : rules_(&rules), text_(text) {}

  std::string_view text() const { return text_; }

  /// The lexeme at `at`, which must be less than the size of the text; `state` moves behind it.
  Lexeme next(std::size_t at, LexicalState& state) const;

  /// Moves `state` from `at` to `end`, where a lexeme may be cut.
  void run(std::size_t at, std::size_t end, LexicalState& state) const;

 private:
  Lexeme in_code(std::size_t at, LexicalState& state) const;
  Lexeme in_text(std::size_t at, LexicalState& state) const;
  Lexeme word(std::size_t at, LexicalState& state) const;
  Lexeme newline(std::size_t at, LexicalState& state) const;
  Lexeme bracket(std::size_t at, LexicalState& state) const;
  bool starts_string(std::size_t at, LexicalState& state, Lexeme& lexeme) const;
  bool starts_raw_string(std::size_t word_begin, std::size_t at, LexicalState& state,
                         Lexeme& lexeme) const;
  bool starts_regex(std::size_t at, LexicalState& state, Lexeme& lexeme) const;
  void directive(std::size_t at, LexicalState& state) const;

  const LexicalRules* rules_;
  std::string_view text_;
};

/// The bracket that `c` closes, or 0.
char opener_of(char c);
/// The bracket that closes `c`, or 0. A ${ closes with }.
char closer_of(char c);

/// Columns of the blanks from `begin` on; a tab goes to the next multiple of eight, as Python counts.
std::size_t indent_at(std::string_view text, std::size_t begin);

}  // namespace inpaint::grammar
