// What a tokenizer says, checked and in bytes: tokens, merges, and how text is cut first.
//
// It comes out of a tokenizer.json here, and out of plain lists in bpe_description.h. Everything that byte-level BPE of this shape does not have is refused by name. A normaliser NFC is
// let through and not applied (see tokenizer.h); post-processors, truncation and padding only concern
// special tokens, which the engine places itself, and are not looked at.
//
// Units:  bytes, token ids.
// Errors: bad_tokenizer.
// Source: the file format of the Hugging Face tokenizers library, version "1.0".
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

struct Merge {
  std::int32_t left = 0;
  std::int32_t right = 0;
  std::int32_t result = 0;
};

struct Vocabulary {
  enum class Kind : std::uint8_t {
    none,      // no token has this id
    ordinary,  // a word that merges make
    added,     // text that merges do not make, see added_texts
    special,   // a marker, never taken from text
  };

  std::vector<std::string> bytes;                            // of id; "" unless ordinary or added
  std::vector<Kind> kinds;                                   // of id
  std::map<std::string, std::int32_t, std::less<>> special;  // name -> id
  std::vector<std::int32_t> added_texts;                     // taken from text before it is cut
  std::array<std::int32_t, 256> byte_tokens{};               // the token of each single byte
  std::vector<Merge> merges;                                 // first wins over later
  std::vector<std::string> split_patterns;                   // in PCRE2's dialect
  bool ignore_merges = false;  // a piece that is a token is that token, whatever the merges say
};

Result<Vocabulary> parse_vocabulary(std::string_view json, std::string_view name);

}  // namespace inpaint::engine
