// The tokenizer of small_tokenizer.h as plain lists, for tests that change one thing about it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/bpe_description.h"
#include "tests/engine/tokenizer/small_tokenizer.h"

namespace inpaint::engine {

/// Owns what a BpeDescription only shows.
struct SmallDescription {
  std::vector<std::string> tokens;
  std::vector<std::int64_t> types;
  std::vector<std::string> merges;
  std::string pre = "gpt-2";

  BpeDescription view() const { return {tokens, types, merges, pre}; }
  void add(const std::string& token, std::int64_t type) {
    tokens.push_back(token);
    types.push_back(type);
  }
};

/// The same ids as small_tokenizer(merges) has.
inline SmallDescription
small_description(const std::vector<std::pair<std::string, std::string>>& merges = {}) {
  const nlohmann::json model = small_tokenizer(merges)["model"];
  SmallDescription made;
  made.tokens.resize(model["vocab"].size());
  made.types.assign(made.tokens.size(), 1);
  for (const auto& [word, id] : model["vocab"].items()) made.tokens[id.get<std::size_t>()] = word;
  made.types[0] = made.types[1] = 3;  // "<pad>" and "<mask>"
  for (const auto& merge : model["merges"]) {
    made.merges.push_back(merge[0].get<std::string>() + ' ' + merge[1].get<std::string>());
  }
  return made;
}

}  // namespace inpaint::engine
