// Text to token ids and back, as the model's own tokenizer.json says.
//
// Byte-level BPE only: every byte has a token, so any text, and any bytes that are no text, come
// back exactly. Each token keeps the bytes it stands for, because holes, edits and constraints are
// in bytes. Text that looks like a special token ("<mask>") is ordinary text: only the engine puts
// special tokens on a canvas, by id.
//
// A normaliser NFC in the file is accepted and not applied: it would change the user's bytes and
// move every offset behind them. Text that is already in NFC (nearly all source code) gives the ids
// that the model was trained on; other text gives the ids of its own bytes.
//
// Units:  bytes of UTF-8 (or any bytes), token ids.
// Errors: bad_tokenizer (unreadable, contradictory or not byte-level BPE), file_not_found, io_failed.
// Cost:   O(bytes · log of the longest word) per encode; measured above 5 MB/s on one thread.
// Source: GPT-2's byte-level BPE (Radford et al. 2019, section 2.2) and the file format of the
//         Hugging Face tokenizers library, version "1.0".
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "grammar/base/byte_range.h"

namespace inpaint::engine {

using TokenId = std::int32_t;

struct Token {
  TokenId id = 0;
  grammar::ByteRange bytes;  // of the encoded text
  friend bool operator==(const Token&, const Token&) = default;
};

/// Thread rule: immutable; any thread. Copies share the tables.
class Tokenizer {
 public:
  static Result<Tokenizer> load(const std::filesystem::path& tokenizer_json);

  /// `name` stands for the file in errors.
  static Result<Tokenizer> parse(std::string_view json, const std::string& name);

  /// The tokens of `text` in order; their ranges cover it without gap or overlap. Never special.
  std::vector<Token> encode(std::string_view text) const;

  /// The bytes of all tokens in a row. Special and unknown ids give nothing.
  std::string decode(std::span<const TokenId> ids) const;

  /// The bytes of one token; "" for a special or unknown id. May begin or end inside a character.
  std::string_view bytes(TokenId id) const;

  /// One more than the greatest id, added tokens included. Ids without a token may lie below it.
  int size() const;

  /// The id of a special token by its name, e.g. "<mask>".
  std::optional<TokenId> special(std::string_view name) const;

  bool is_special(TokenId id) const;

 private:
  struct Tables;
  explicit Tokenizer(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const Tables> tables_;
};

}  // namespace inpaint::engine
