#include "lsp/retrieval/lexemes.h"

#include "grammar/base/text_lines.h"

namespace inpaint::lsp {
namespace {

using Kind = Lexeme::Kind;

// Ids below are single bytes.
constexpr std::uint32_t kFirstWord = 256;

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

bool is_word_byte(char byte) {
  return static_cast<unsigned char>(byte) >= 0x80 || byte == '_' || is_digit(byte) ||
         (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// Where the run of bytes that are alike ends.
template <class IsAlike>
std::size_t end_of_run(std::string_view text, std::size_t at, IsAlike is_alike) {
  while (at < text.size() && is_alike(text[at])) ++at;
  return at;
}

}  // namespace

std::uint32_t LexemeIds::id(std::string_view text) {
  return words_.try_emplace(text, kFirstWord + static_cast<std::uint32_t>(words_.size()))
      .first->second;
}

Lexemes::Lexemes(std::string_view text, LexemeIds& ids) : text_(text) {
  lexemes_.reserve(text.size() / 3);
  for (std::size_t at = 0; at < text.size();) {
    Lexeme lexeme{.begin = static_cast<std::uint32_t>(at)};
    const char byte = text[at];
    const bool line_end = byte == '\n' || text.substr(at, 2) == "\r\n";
    if (line_end) {
      const std::size_t line = at + (byte == '\n' ? 1 : 2);
      at = end_of_run(text, line, [](char c) { return grammar::is_blank(c); });
      lexeme.kind = Kind::line_end;
      lexeme.id = '\n';
      lexeme.depth = static_cast<std::uint32_t>(at - line);
    } else if (grammar::is_blank(byte)) {
      at = end_of_run(text, at, [](char c) { return grammar::is_blank(c); });
      lexeme.kind = Kind::blank;
      lexeme.id = ' ';
    } else if (is_word_byte(byte)) {
      lexeme.kind = is_digit(byte) ? Kind::number : Kind::word;
      at = is_digit(byte) ? end_of_run(text, at, is_digit) : end_of_run(text, at, is_word_byte);
      lexeme.id = ids.id(text.substr(lexeme.begin, at - lexeme.begin));
    } else {
      lexeme.id = static_cast<unsigned char>(byte);
      ++at;
    }
    lexemes_.push_back(lexeme);
  }
}

std::size_t Lexemes::depth_before(std::size_t i) const {
  while (i > 0 && lexemes_[i - 1].kind != Kind::line_end) --i;
  if (i > 0) return lexemes_[i - 1].depth;
  const bool indented = !lexemes_.empty() && lexemes_[0].kind == Kind::blank;
  return indented ? begin(1) : 0;
}

}  // namespace inpaint::lsp
