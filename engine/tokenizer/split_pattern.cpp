#include "engine/tokenizer/split_pattern.h"

#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

// What an escape means to Oniguruma, as the inside of a PCRE2 class. The upper-case escape is the
// complement, which has no such form inside of a class.
struct EscapeRow {
  char escape;
  std::string_view members;
};
constexpr std::array kEscapes = {
    EscapeRow{'s', R"(\t-\r\x{85}\p{Z})"},
    EscapeRow{'w', R"(\p{L}\p{M}\p{Nd}\p{Pc})"},
    EscapeRow{'d', R"(\p{Nd})"},
    EscapeRow{'h', R"(0-9a-fA-F)"},
};

// Escapes that both sides read alike: characters by number, properties, anchors of the text.
constexpr std::string_view kSharedLetters = "tnrfvaexpPAzZ";

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  /// Empty when all went well.
  const std::string& problem() const { return problem_; }

  std::string run() {
    // "(*LIMIT_MATCH=...)" and its kind are commands to PCRE2; Oniguruma knows none.
    while (at_ < pattern_.size() && problem_.empty()) {
      char c = pattern_[at_];
      if (c == '\\') {
        escape();
      } else if (in_class_) {
        class_character(c);
      } else if (c == '[') {
        open_class();
      } else if (c == '(') {
        group();
      } else {
        take();
      }
    }
    return std::move(result_);
  }

 private:
  void take() { result_ += pattern_[at_++]; }
  char look(std::size_t ahead) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }

  void escape() {
    char letter = look(1);
    if (letter == '\0') {
      problem_ = "a \\ at the end";
      return;
    }
    for (const EscapeRow& row : kEscapes) {
      bool complement = std::toupper(row.escape) == letter;
      if (row.escape != letter && !complement) continue;
      if (in_class_ && complement) break;
      if (in_class_) {
        result_ += row.members;
      } else {
        result_ += fmt::format("[{}{}]", complement ? "^" : "", row.members);
      }
      at_ += 2;
      return;
    }
    bool is_letter_or_digit = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    if (is_letter_or_digit && kSharedLetters.find(letter) == std::string_view::npos) {
      problem_ = fmt::format("\\{}{}", letter, in_class_ ? " inside of [...]" : "");
      return;
    }
    take();
    take();
  }

  void open_class() {
    in_class_ = true;
    take();
    if (look(0) == '^') take();
    if (look(0) == ']') problem_ = "an empty [...]";
  }

  void class_character(char c) {
    if (c == '[') {
      problem_ = "[ inside of [...]";
    } else if (c == '&' && look(1) == '&') {
      problem_ = "&& inside of [...]";
    } else {
      if (c == ']') in_class_ = false;
      take();
    }
  }

  // Groups without capture, look-around and the flag i; everything else that begins with "(?" or
  // "(*" is a language of its own on each side.
  void group() {
    take();
    if (look(0) == '*') {
      problem_ = "(*";
      return;
    }
    if (look(0) != '?') return;
    for (std::string_view shared : {"?:", "?=", "?!", "?<=", "?<!", "?>", "?i:", "?i)", "?-i:"}) {
      if (pattern_.substr(at_).starts_with(shared)) {
        result_ += shared;
        at_ += shared.size();
        return;
      }
    }
    problem_ = fmt::format("({}", pattern_.substr(at_, 2));
  }

  std::string_view pattern_;
  std::string result_;
  std::string problem_;
  std::size_t at_ = 0;
  bool in_class_ = false;
};

}  // namespace

Result<std::string> translate_split_pattern(std::string_view pattern, std::string_view name) {
  Translator translator(pattern);
  std::string translated = translator.run();
  if (!translator.problem().empty()) {
    return failure(
        ErrorCode::bad_tokenizer, std::string(name),
        fmt::format("the split pattern holds {}, which is not supported", translator.problem()),
        "use a model whose tokenizer splits in the way of GPT-2, Qwen or Llama 3");
  }
  return translated;
}

std::string literal_split_pattern(std::string_view text) {
  std::string pattern;
  for (char c : text) {
    // A backslash before anything in ASCII that is no letter or digit makes it literal.
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) == 0) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace inpaint::engine
