// Text to token ids and back, as the model's own tokenizer says (tokenizer.json, or the lists of a
// GGUF file).
//
// Byte-level BPE only: every byte has a token, so any text, and any bytes that are no text, come
// back exactly. Each token keeps the bytes it stands for, because holes, edits and constraints are
// in bytes. Some vocabularies lack bytes that hardly any text has (control characters, 0xC0, 0xC1,
// 0xF1 and up). Such a byte becomes the token of 0x1A, "substitute", and comes back as that; the
// library would drop it, and its ids would no longer cover the text.
//
// Text that looks like a special token ("<mask>") is ordinary text: only the engine puts special
// tokens on a canvas, by id. A file's added tokens that are neither special nor of the form <...> are
// text (runs of spaces), and are taken from it as the model's authors did.
//
// A normaliser NFC in the file is accepted and not applied: it would change the user's bytes and
// move every offset behind them. Text that is already in NFC (nearly all source code) gives the ids
// that the model was trained on; other text gives the ids of its own bytes.
//
// Units:  bytes of UTF-8 (or any bytes), token ids.
// Errors: bad_tokenizer (unreadable, contradictory or not byte-level BPE), file_not_found, io_failed.
// Cost:   O(bytes · log of the longest word) per encode; measured above 5 MB/s on one thread.
// Source: GPT-2's byte-level BPE (Radford et al. 2019, section 2.2) and the file format of the
//         Hugging Face tokenizers library, version "1.0"; GGUF: see bpe_description.h.
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

struct BpeDescription;  // bpe_description.h
struct Vocabulary;

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

  /// The description is not needed afterwards.
  static Result<Tokenizer> from_description(const BpeDescription& description,
                                            const std::string& name);

  /// The tokens of `text` in order; their ranges cover it without gap or overlap. Never special.
  std::vector<Token> encode(std::string_view text) const;

  /// The bytes of all tokens in a row. Special and unknown ids give nothing.
  std::string decode(std::span<const TokenId> ids) const;

  /// The bytes of one token; "" for a special or unknown id. May begin or end inside a character.
  std::string_view bytes(TokenId id) const;

  /// All tokens of text whose bytes begin with `bytes` or are a beginning of them: those that may
  /// come first where `bytes` must come next. The beginnings come first, the shorter before the
  /// longer. Every token of text for no bytes. Under 1 ms for 152,000 tokens.
  std::vector<TokenId> tokens_compatible_with(std::string_view bytes) const;

  /// Where the piece begins that the end of `text` lies in; 0 for no text. What is written behind
  /// `text` hardly ever changes the tokens before it: only a run of white space that a line end is
  /// added to may be cut anew from its beginning.
  std::size_t last_piece_begin(std::string_view text) const;

  /// One more than the greatest id, added tokens included. Ids without a token may lie below it.
  int size() const;

  /// The id of a special token by its name, e.g. "<mask>".
  std::optional<TokenId> special(std::string_view name) const;

  bool is_special(TokenId id) const;

  /// The ids below `vocabulary`, which may be more than size(), that stand for no text.
  std::vector<TokenId> without_text(int vocabulary) const;

 private:
  struct Tables;
  static Result<Tokenizer> from_vocabulary(Result<Vocabulary> vocabulary, const std::string& name);
  explicit Tokenizer(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const Tables> tables_;
};

}  // namespace inpaint::engine
