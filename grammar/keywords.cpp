#include "grammar/keywords.h"

#include <algorithm>

#include <tree_sitter/api.h>

namespace inpaint::grammar {

std::vector<std::string_view> keywords(const Language& language) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  std::vector<std::string_view> words;
  const TSLanguage* tables = language.tables();
  for (TSSymbol symbol = 0; symbol < ts_language_symbol_count(tables); ++symbol) {
    if (ts_language_symbol_type(tables, symbol) != TSSymbolTypeAnonymous) continue;
    const std::string_view name = ts_language_symbol_name(tables, symbol);
    if (!name.empty() && std::ranges::all_of(name, is_letter)) words.push_back(name);
  }
  std::ranges::sort(words);
  const auto doubled = std::ranges::unique(words);
  words.erase(doubled.begin(), doubled.end());
  return words;
}

}  // namespace inpaint::grammar
