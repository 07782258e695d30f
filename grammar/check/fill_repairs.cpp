#include "grammar/check/fill_repairs.h"

#include <cstddef>
#include <utility>

#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::grammar {
namespace {

using Kind = Lexeme::Kind;

/// Where lexemes of the fill begin, and where it ends.
std::vector<std::size_t> borders_of(const LexicalRules& rules, const HoleSurroundings& around,
                                    std::string_view fill) {
  std::vector<std::size_t> borders;
  LexicalState state = around.before;
  const LexicalScanner scanner(rules, fill);
  for (std::size_t at = 0; at < fill.size();) {
    const Lexeme lexeme = scanner.next(at, state);
    if (lexeme.kind != Kind::blank) borders.push_back(at);
    at = lexeme.end;
  }
  borders.push_back(fill.size());
  return borders;
}

std::string with_inserted(std::string_view fill, std::size_t at, char c) {
  std::string text(fill);
  text.insert(at, 1, c);
  return text;
}

}  // namespace

std::vector<std::string> fill_repairs(const LexicalRules& rules, const HoleSurroundings& around,
                                      std::string_view fill) {
  std::vector<std::string> repairs;
  const auto full = [&] { return repairs.size() >= kMostRepairs; };
  for (const std::string_view bytes : {std::string_view("()[]{}"), std::string_view("\"'`")}) {
    std::size_t n_left = kMostRepairs / 4;  // each sort of mistake has its share
    for (std::size_t at = fill.find_first_of(bytes); at != std::string_view::npos && n_left > 0;
         at = fill.find_first_of(bytes, at + 1)) {
      std::string text(fill);
      text.erase(at, 1);
      repairs.push_back(std::move(text));
      --n_left;
    }
  }
  // A bracket that is not there could be missing anywhere; the sorts that the fill has come first.
  const std::vector<std::size_t> borders = borders_of(rules, around, fill);
  std::string sorts = around.to_close + around.to_open;
  for (const char c : fill)
    if (opener_of(c) != '\0' || closer_of(c) != '\0')
      sorts += opener_of(c) != '\0' ? c : closer_of(c);
  std::string brackets;
  for (const char c : sorts) {
    if (brackets.contains(c)) continue;
    brackets += c;
    if (opener_of(c) != '\0') brackets += opener_of(c);
  }
  for (auto border = borders.rbegin(); border != borders.rend(); ++border) {
    for (const char c : brackets) {
      if (full()) return repairs;
      if (c != '$') repairs.push_back(with_inserted(fill, *border, c));
    }
  }
  return repairs;
}

}  // namespace inpaint::grammar
