#include "grammar/tree/keywords.h"

#include <algorithm>
#include <cstdint>

#include <tree_sitter/api.h>

namespace inpaint::grammar {

std::vector<std::string_view> keywords(const Language& language) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  std::vector<std::string_view> words;
  const TSLanguage* tables = language.tables();
  for (std::uint32_t i = 0; i < ts_language_symbol_count(tables); ++i) {
    const auto symbol = static_cast<TSSymbol>(i);
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
