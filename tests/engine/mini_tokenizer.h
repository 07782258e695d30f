// The tokenizer that the embedded model ships with, and what tests say in its tokens.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/prompt/prompt.h"  // token_ids()
#include "engine/prompt/special_tokens.h"
#include "engine/tokenizer/tokenizer.h"

#include "tests/project_folders.h"

namespace inpaint::engine {

/// Loads engine/mini/tokenizer.json; a copy shares its tables, so a test program reads it once.
inline Tokenizer mini_tokenizer() {
  static const Result<Tokenizer> kTokenizer =
      Tokenizer::load(std::filesystem::path(tests::source_folder()) / "engine/mini/tokenizer.json");
  if (!kTokenizer) throw std::runtime_error(to_string(kTokenizer.error()));
  return *kTokenizer;
}

inline SpecialTokens special_tokens(const Tokenizer& tokenizer) {
  const Result<SpecialTokens> found = SpecialTokens::find(tokenizer);
  if (!found) throw std::runtime_error(to_string(found.error()));
  return *found;
}

/// The tokens as text, special ones by their names: "<file>a.py<far>".
inline std::string shown(const Tokenizer& tokenizer, const std::vector<TokenId>& ids) {
  const SpecialTokens special = special_tokens(tokenizer);
  std::vector<std::pair<TokenId, std::string>> names = {
      {special.pad, "<pad>"},       {special.mask, "<mask>"},       {special.end, "<end>"},
      {special.file, "<file>"},     {special.snippet, "<snippet>"}, {special.far, "<far>"},
      {special.prefix, "<prefix>"}, {special.near, "<near>"}};
  for (std::size_t i = 0; i < SpecialTokens::kMaxHoles; ++i) {
    names.emplace_back(special.hole[i], "<hole_" + std::to_string(i) + ">");
    names.emplace_back(special.fill[i], "<fill_" + std::to_string(i) + ">");
  }
  std::string text;
  for (const TokenId id : ids) {
    text += tokenizer.bytes(id);
    for (const auto& [special_id, name] : names)
      if (special_id == id) text += name;
  }
  return text;
}

}  // namespace inpaint::engine
