// Byte-level BPE as plain lists, the way a GGUF file carries it.
//
// A token stands at the place that is its id. Which of them come from text is told by their types;
// how text is cut is a name, whose patterns named_splits.h has.
//
// Units:  token ids; words in the stand-ins of byte_alphabet.h, added tokens in plain text.
// Errors: bad_tokenizer.
// Source: the GGUF specification of ggml (docs/gguf.md, "Tokenizer") for the lists and the types.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/tokenizer/vocabulary.h"

namespace inpaint::engine {

/// Views: what they show must live until the vocabulary has been read.
struct BpeDescription {
  std::span<const std::string> tokens;  // of id
  std::span<const std::int64_t> types;  // of id, see TokenType
  std::span<const std::string> merges;  // "left right", the most important first
  std::string_view pre;                 // the name of the way to cut text, "qwen2"
};

/// The numbers of the format. A user-defined token holds plain text; it is taken from text unless it
/// looks like a marker (see VocabularyBuilder). `unknown` is a marker, `unused` is no token at all,
/// and `byte` belongs to other kinds of tokenizers and is refused, like any other number.
enum class TokenType : std::int8_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6,
};

/// `name` stands for the file in errors.
Result<Vocabulary> read_description(const BpeDescription& description, std::string_view name);

}  // namespace inpaint::engine
