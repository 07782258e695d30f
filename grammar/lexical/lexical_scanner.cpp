#include "grammar/lexical/lexical_scanner.h"

#include <algorithm>
#include <array>

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;
using Mode = LexicalState::Mode;
using Kind = Lexeme::Kind;

bool is_digit(char c) { return '0' <= c && c <= '9'; }

bool is_word(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

/// Words of JavaScript behind which an operand is still to come.
bool expects_operand(std::string_view word) {
  constexpr std::array kWords = {"return"sv, "typeof"sv, "case"sv,  "in"sv,
                                 "of"sv,     "do"sv,     "else"sv,  "void"sv,
                                 "throw"sv,  "delete"sv, "yield"sv, "await"sv};
  return std::ranges::find(kWords, word) != kWords.end();
}

}  // namespace

char opener_of(char c) { return c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0'; }

char closer_of(char c) {
  if (c == '(') return ')';
  if (c == '[') return ']';
  return c == '{' || c == '$' ? '}' : '\0';
}

std::size_t indent_at(std::string_view text, std::size_t begin) {
  std::size_t columns = 0;
  for (; begin < text.size() && (text[begin] == ' ' || text[begin] == '\t'); ++begin)
    columns = text[begin] == ' ' ? columns + 1 : (columns / 8 + 1) * 8;
  return columns;
}

Lexeme LexicalScanner::next(std::size_t at, LexicalState& state) const {
  if (text_[at] == '\n') return newline(at, state);
  return state.in_code() ? in_code(at, state) : in_text(at, state);
}

void LexicalScanner::run(std::size_t at, std::size_t end, LexicalState& state) const {
  const LexicalScanner before(*rules_, text_.substr(0, end));
  while (at < end) at = before.next(at, state).end;
}

Lexeme LexicalScanner::newline(std::size_t at, LexicalState& state) const {
  Lexeme lexeme{Kind::newline, at, at + 1};
  if (state.open.empty() && state.in_code()) state.uncertain = false;
  if (state.mode == Mode::line_comment) state.mode = Mode::code;
  if (state.mode == Mode::string && state.string != nullptr && !state.string->many_lines) {
    state.mode = Mode::code;
    state.uncertain = true;
  }
  lexeme.in_code = state.in_code();
  if (!lexeme.in_code) return lexeme;
  state.operand_before = false;
  if (!state.open.empty()) return lexeme;
  const std::size_t first = text_.find_first_not_of(" \t\r\f\v", lexeme.end);
  const bool says_nothing = first == std::string_view::npos || text_[first] == '\n' ||
                            text_.substr(first).starts_with(rules_->line_comment);
  if (!says_nothing || rules_->line_comment.empty()) state.indent = indent_at(text_, lexeme.end);
  return lexeme;
}

Lexeme LexicalScanner::in_text(std::size_t at, LexicalState& state) const {
  Lexeme lexeme{Kind::text, at, text_.size()};
  if (state.mode == Mode::line_comment) {
    lexeme.end = std::min(text_.find('\n', at), text_.size());
    return lexeme;
  }
  const bool is_comment = state.mode == Mode::block_comment;
  const std::string_view close = is_comment                ? rules_->block_close
                                 : state.string == nullptr ? std::string_view(state.close)
                                                           : state.string->close;
  for (std::size_t i = at; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '\n') {
      lexeme.end = i;
      return lexeme;
    }
    if (!is_comment && c == '\\' && state.string != nullptr && state.string->escapes) {
      // The escaped byte may be a line end: it is then part of the string.
      i += text_.substr(i + 1).starts_with("\r\n") ? 2 : 1;
      continue;
    }
    if (c == close.front() && text_.substr(i).starts_with(close)) {
      lexeme.end = i + close.size();
      if (is_comment && --state.comment_depth > 0) continue;
      state.mode = Mode::code;
      state.operand_before = !is_comment || state.operand_before;
      return lexeme;
    }
    if (is_comment && rules_->blocks_nest && text_.substr(i).starts_with(rules_->block_open)) {
      ++state.comment_depth;
      ++i;
    }
    if (!is_comment && c == '$' && state.string != nullptr && state.string->interpolates &&
        text_.substr(i).starts_with("${")) {
      lexeme.end = i + 2;
      state.open.push_back('$');
      state.mode = Mode::code;
      state.operand_before = false;
      return lexeme;
    }
  }
  return lexeme;
}

Lexeme LexicalScanner::in_code(std::size_t at, LexicalState& state) const {
  const char c = text_[at];
  Lexeme lexeme{Kind::blank, at, at + 1};
  if (is_white(c)) {
    while (lexeme.end < text_.size() && is_white(text_[lexeme.end])) ++lexeme.end;
    return lexeme;
  }
  if (is_word(c)) return word(at, state);
  if (opener_of(c) != '\0' || closer_of(c) != '\0') {
    if (c != '$') return bracket(at, state);
  }
  const std::string_view rest = text_.substr(at);
  if (!rules_->line_comment.empty() && rest.starts_with(rules_->line_comment)) {
    state.mode = Mode::line_comment;
    return in_text(at, state);
  }
  if (!rules_->block_open.empty() && rest.starts_with(rules_->block_open)) {
    state.mode = Mode::block_comment;
    state.comment_depth = 1;
    return {Kind::text, at, at + rules_->block_open.size()};
  }
  if (c == '\\') {
    while (lexeme.end < text_.size() && text_[lexeme.end] == '\r') ++lexeme.end;
    if (lexeme.end < text_.size() && text_[lexeme.end] == '\n')
      return {Kind::blank, at, lexeme.end + 1};
    return {Kind::other, at, at + 1};
  }
  if (starts_string(at, state, lexeme) || starts_regex(at, state, lexeme)) return lexeme;
  if (c == '#' && rules_->preprocessor) directive(at, state);
  lexeme.kind = Kind::other;
  state.operand_before = false;
  return lexeme;
}

Lexeme LexicalScanner::word(std::size_t at, LexicalState& state) const {
  Lexeme lexeme{Kind::word, at, at + 1};
  const bool number = is_digit(text_[at]);
  while (lexeme.end < text_.size()) {
    const char c = text_[lexeme.end];
    const bool separator = c == '\'' && number && rules_->preprocessor &&
                           lexeme.end + 1 < text_.size() && is_word(text_[lexeme.end + 1]);
    if (!is_word(c) && !separator) break;
    ++lexeme.end;
  }
  if (starts_raw_string(at, lexeme.end, state, lexeme)) return lexeme;
  state.operand_before = !expects_operand(text_.substr(at, lexeme.end - at));
  return lexeme;
}

Lexeme LexicalScanner::bracket(std::size_t at, LexicalState& state) const {
  const char c = text_[at];
  if (closer_of(c) != '\0') {
    state.open.push_back(c);
    state.operand_before = false;
    return {Kind::open, at, at + 1};
  }
  Lexeme lexeme{Kind::close, at, at + 1};
  state.operand_before = true;
  if (c == '}' && !state.open.empty() && state.open.back() == '$') {
    state.open.pop_back();
    state.mode = Mode::string;
    for (const StringRule& rule : rules_->strings)
      if (rule.interpolates) state.string = &rule;
    return lexeme;
  }
  const char opener = opener_of(c);
  lexeme.fits = !state.open.empty() && state.open.back() == opener;
  if (lexeme.fits) {
    state.open.pop_back();
    return lexeme;
  }
  // What was left open further in is given up; a closing bracket of nothing is passed over.
  state.uncertain = true;
  const std::size_t found = state.open.rfind(opener);
  if (found != std::string::npos) state.open.resize(found);
  return lexeme;
}

bool LexicalScanner::starts_string(std::size_t at, LexicalState& state, Lexeme& lexeme) const {
  const std::string_view rest = text_.substr(at);
  const auto rule = std::ranges::find_if(
      rules_->strings, [&](const StringRule& r) { return rest.starts_with(r.open); });
  if (rule == rules_->strings.end()) return false;
  lexeme = {Kind::text, at, at + rule->open.size()};
  if (rules_->lifetimes && rest.front() == '\'' && rest.size() > 1 && rest[1] != '\\') {
    // 'a' is a character, 'a a lifetime: the next but one character tells.
    std::size_t second = 2;
    while (second < rest.size() && (static_cast<unsigned char>(rest[second]) & 0xC0U) == 0x80U)
      ++second;
    if (second < rest.size() && rest[second] != '\'') return true;
  }
  state.mode = Mode::string;
  state.string = &*rule;
  return true;
}

bool LexicalScanner::starts_raw_string(std::size_t word_begin, std::size_t at, LexicalState& state,
                                       Lexeme& lexeme) const {
  if (at >= text_.size() || (text_[at] != '"' && text_[at] != '#')) return false;
  const std::string_view prefix = text_.substr(word_begin, at - word_begin);
  if (rules_->lifetimes && (prefix == "r" || prefix == "br" || prefix == "cr")) {
    const std::size_t quote = text_.find_first_not_of('#', at);
    if (quote == std::string_view::npos || text_[quote] != '"') return false;
    state.close.assign(1, '"').append(quote - at, '#');
    lexeme = {Kind::text, word_begin, quote + 1};
  } else if (rules_->preprocessor && text_[at] == '"' && prefix.size() <= 3 &&
             prefix.ends_with('R')) {
    constexpr std::size_t kLongest = 16;  // [lex.string]: of the delimiter
    const std::size_t paren =
        text_.substr(0, std::min(text_.size(), at + kLongest + 2)).find('(', at);
    const bool cut = paren == std::string_view::npos;
    if (cut && text_.size() > at + kLongest + 1) return false;
    state.close.assign(1, ')')
        .append(text_.substr(at + 1, cut ? 0 : paren - at - 1))
        .append(1, '"');
    lexeme = {Kind::text, word_begin, cut ? text_.size() : paren + 1};
  } else {
    return false;
  }
  state.mode = Mode::string;
  state.string = nullptr;
  return true;
}

bool LexicalScanner::starts_regex(std::size_t at, LexicalState& state, Lexeme& lexeme) const {
  if (!rules_->regexes || text_[at] != '/' || state.operand_before) return false;
  if (at > 0 && text_[at - 1] == '<') return false;                 // </b>
  if (at + 1 < text_.size() && text_[at + 1] == '>') return false;  // <b/>
  bool in_class = false;
  for (std::size_t i = at + 1; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '\n') return false;
    if (c == '\\') {
      ++i;
    } else if (c == '[' || c == ']') {
      in_class = c == '[';
    } else if (c == '/' && !in_class) {
      state.operand_before = true;
      lexeme = {Kind::text, at, i + 1};
      return true;
    }
  }
  lexeme = {Kind::text, at, text_.size()};
  return true;
}

void LexicalScanner::directive(std::size_t at, LexicalState& state) const {
  const std::size_t line = text_.rfind('\n', at);
  if (text_.substr(line + 1, at - line - 1).find_first_not_of(" \t") != std::string_view::npos)
    return;
  const std::size_t word = std::min(text_.find_first_not_of(" \t", at + 1), text_.size());
  const std::string_view rest = text_.substr(word);
  if (rest.starts_with("if")) {
    state.conditionals.push_back(state.open);
  } else if (state.conditionals.empty()) {
    return;
  } else if (rest.starts_with("el")) {
    state.open = state.conditionals.back();
  } else if (rest.starts_with("endif")) {
    state.conditionals.pop_back();
  }
}

}  // namespace inpaint::grammar
