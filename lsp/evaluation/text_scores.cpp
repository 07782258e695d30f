#include "lsp/evaluation/text_scores.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

std::u32string characters_of(std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = engine::character_length(text);
    if (length == 0) {
      // Beyond Unicode, so that a stray byte equals itself and no character.
      characters.push_back(0x110000U + static_cast<unsigned char>(text[0]));
    } else {
      characters.push_back(engine::code_point(text.substr(0, length)));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return characters;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string trimmed_for_scoring(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  std::string trimmed;
  trimmed.reserve(text.size());
  for (const char c : text) {
    if (c == '\n')
      while (!trimmed.empty() && is_space(trimmed.back()) && trimmed.back() != '\n')
        trimmed.pop_back();
    trimmed.push_back(c);
  }
  while (!trimmed.empty() && is_space(trimmed.back())) trimmed.pop_back();
  return trimmed;
}

std::size_t levenshtein(std::string_view a, std::string_view b) {
  const std::u32string from = characters_of(a);
  const std::u32string to = characters_of(b);
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t substituted = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

bool is_exact_match(std::string_view fill, std::string_view target) {
  return trimmed_for_scoring(fill) == trimmed_for_scoring(target);
}

double edit_similarity(std::string_view fill, std::string_view target) {
  const std::string a = trimmed_for_scoring(fill);
  const std::string b = trimmed_for_scoring(target);
  const std::size_t longer = std::max(characters_of(a).size(), characters_of(b).size());
  if (longer == 0) return 100.0;
  return 100.0 * (1.0 - static_cast<double>(levenshtein(a, b)) / static_cast<double>(longer));
}

}  // namespace inpaint::lsp
