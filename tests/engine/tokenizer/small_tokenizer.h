// A byte-level tokenizer of a few tokens, for tests that change one thing about it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// The 256 bytes have the ids 2 ... 257 in their order, "<pad>" and "<mask>" 0 and 1, what the merges
/// make follows from 258. The pre-tokenizer is GPT-2's.
inline nlohmann::json
small_tokenizer(const std::vector<std::pair<std::string, std::string>>& merges = {}) {
  nlohmann::json vocab = {{"<pad>", 0}, {"<mask>", 1}};
  int next = 2;
  for (int byte = 0; byte < 256; ++byte) {
    vocab[stand_ins_from_bytes(std::string(1, static_cast<char>(byte)))] = next++;
  }
  nlohmann::json pairs = nlohmann::json::array();
  for (const auto& [left, right] : merges) {
    std::string a = stand_ins_from_bytes(left);
    std::string b = stand_ins_from_bytes(right);
    if (!vocab.contains(a + b)) vocab[a + b] = next++;
    pairs.push_back({a, b});
  }
  return {
      {"version", "1.0"},
      {"normalizer", nullptr},
      {"added_tokens",
       {{{"id", 0}, {"content", "<pad>"}, {"special", true}},
        {{"id", 1}, {"content", "<mask>"}, {"special", true}}}},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
      {"decoder", {{"type", "ByteLevel"}}},
      {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", pairs}}},
  };
}

/// A pre-tokenizer that cuts text by a pattern.
inline nlohmann::json split_by(const std::string& regex, const std::string& behavior = "Isolated",
                               bool invert = false) {
  return {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "Split"},
             {"pattern", {{"Regex", regex}}},
             {"behavior", behavior},
             {"invert", invert}},
            {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
}

inline std::vector<TokenId> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<TokenId> ids;
  for (const Token& token : tokenizer.encode(text)) ids.push_back(token.id);
  return ids;
}

}  // namespace inpaint::engine
