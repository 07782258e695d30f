// A tokenizer of single bytes and a few words, with the special tokens of a published model.
#pragma once

#include <string>
#include <vector>

#include "engine/tokenizer/bpe_description.h"
#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Tokens 0 to 255 are the bytes, then come the merged `words`, each two known tokens ("r e"), then
/// `special`.
inline Tokenizer byte_tokenizer(const std::vector<std::string>& merges,
                                const std::vector<std::string>& special) {
  std::vector<std::string> tokens;
  for (int byte = 0; byte < 256; ++byte)
    tokens.push_back(stand_ins_from_bytes(std::string(1, static_cast<char>(byte))));
  for (std::string merge : merges) tokens.push_back(merge.erase(merge.find(' '), 1));
  std::vector<std::int64_t> types(tokens.size(), static_cast<int>(TokenType::normal));
  for (const std::string& name : special) {
    tokens.push_back(name);
    types.push_back(static_cast<int>(TokenType::control));
  }
  return Tokenizer::from_description(
             {.tokens = tokens, .types = types, .merges = merges, .pre = "gpt-2"}, "test")
      .value();
}

}  // namespace inpaint::engine
