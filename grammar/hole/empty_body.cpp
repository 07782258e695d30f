#include "grammar/hole/empty_body.h"

#include <algorithm>
#include <array>
#include <vector>

#include "grammar/base/text_lines.h"
#include "grammar/lexical/lexical_rules.h"
#include "grammar/lexical/lexical_scanner.h"
#include "grammar/tree/node_kind.h"

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kWhite = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_'; }

std::string_view first_word(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::string_view last_word(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && is_letter(text[begin - 1])) --begin;
  return text.substr(begin);
}

/// What the tree takes the brace for: 1 a body, 0 something else, -1 it cannot tell.
int is_body(const SyntaxTree* tree, std::size_t brace) {
  constexpr std::array kBodies = {"enumerator_list"sv,
                                  "enum_variant_list"sv,
                                  "interface_type"sv,
                                  "expression_switch_statement"sv,
                                  "type_switch_statement"sv,
                                  "select_statement"sv,
                                  "object_type"sv};
  if (tree == nullptr) return -1;
  const std::vector<Node> nodes = tree->nodes_at(brace);
  if (nodes.empty() || nodes.back().parent.empty()) return -1;
  const NodeKind kind = kind_of(nodes.back());
  if (kind == NodeKind::error || kind == NodeKind::text) return -1;
  if (kind == NodeKind::body || std::ranges::find(kBodies, nodes.back().type) != kBodies.end())
    return 1;
  return 0;
}

}  // namespace

bool opens_body(const Language& language, std::string_view line) {
  const std::string_view header = trimmed(line);
  if (header.empty()) return false;
  if (lexical_rules(&language).indents) {
    constexpr std::array kHeaders = {"def"sv,   "class"sv,   "if"sv,    "elif"sv, "else"sv,
                                     "for"sv,   "while"sv,   "try"sv,   "with"sv, "except"sv,
                                     "async"sv, "finally"sv, "match"sv, "case"sv};
    if (!header.ends_with(':')) return false;
    return header.front() == ')' ||
           std::ranges::find(kHeaders, first_word(header)) != kHeaders.end();
  }
  constexpr std::array kBefore = {"else"sv,    "try"sv,   "do"sv,       "finally"sv,  "loop"sv,
                                  "unsafe"sv,  "const"sv, "noexcept"sv, "override"sv, "catch"sv,
                                  "default"sv, "async"sv, "final"sv,    "static"sv};
  constexpr std::array kFirst = {
      "class"sv,  "struct"sv,    "enum"sv,      "interface"sv, "impl"sv,     "trait"sv,
      "mod"sv,    "namespace"sv, "fn"sv,        "func"sv,      "function"sv, "if"sv,
      "for"sv,    "while"sv,     "switch"sv,    "match"sv,     "extern"sv,   "union"sv,
      "public"sv, "private"sv,   "protected"sv, "export"sv,    "pub"sv,      "select"sv};
  if (!header.ends_with('{')) return false;
  const std::string_view before = trimmed(header.substr(0, header.size() - 1));
  if (before.empty()) return false;
  if (before.ends_with(')') || before.ends_with("=>") || before.ends_with("->")) return true;
  if (before.ends_with('=') || before.ends_with('(') || before.ends_with('[') ||
      before.ends_with(',') || before.ends_with(':') || last_word(before) == "return")
    return false;
  const auto has = [](const auto& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  return has(kBefore, last_word(before)) || has(kFirst, first_word(before));
}

bool in_empty_body(const Language& language, const SyntaxTree* tree, std::string_view text,
                   std::size_t cursor) {
  const Line line = line_at(text, cursor);
  if (!is_blank(text.substr(cursor, line.end - cursor))) return false;
  const std::size_t last = text.substr(0, cursor).find_last_not_of(kWhite);
  if (last == std::string_view::npos) return false;
  const Line header = line_at(text, last);
  const std::string_view header_text = text.substr(header.begin, last + 1 - header.begin);
  // Right behind the opener, or on a blank line below it.
  if (header.begin != line.begin && !is_blank(text.substr(line.begin, cursor - line.begin)))
    return false;
  const std::size_t level = indent_at(text, header.begin);
  const std::size_t next = text.find_first_not_of(kWhite, line.end);
  const std::size_t next_level =
      next == std::string_view::npos ? 0 : indent_at(text, line_at(text, next).begin);
  if (lexical_rules(&language).indents)
    return opens_body(language, header_text) && next_level <= level;
  if (text[last] != '{') return false;
  const int told = is_body(tree, last);
  if (told == 0 || (told < 0 && !opens_body(language, header_text))) return false;
  return next == std::string_view::npos || text[next] == '}' || next_level < level ||
         (next_level == level && header.begin != line_at(text, next).begin);
}

}  // namespace inpaint::grammar
