// Collects the tokens and merges of one file, checks them, and turns them into bytes.
//
// Three kinds of tokens come in, added ones first:
//   markers   only the engine puts them on a canvas, by id; text that looks like one stays text.
//   added     a file's added tokens that it does not call special. Those of the form <...> are
//             markers all the same ("<think>", "<|fim_prefix|>"). The others are text that is
//             looked for before anything is cut (runs of spaces): code without them would be encoded
//             in a way that the model has not seen.
//   words     the vocabulary that merges work on, in the stand-ins of byte_alphabet.h.
// A word that is an added text of the same bytes as well is one token; where the bytes differ, the
// added text wins, as it does in the library: its letters are taken before merges see them.
//
// Every step returns the problem in words, or an empty string; after a problem the builder is of no
// more use. Order: expect, set_split; add_marker, add_text; add_word; finish_tokens; add_merge;
// finish_merges; take.
//
// Units:  bytes, token ids.
// Source: AddedVocabulary and BPE of the Hugging Face tokenizers library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/tokenizer/piece_table.h"
#include "engine/tokenizer/vocabulary.h"

namespace inpaint::engine {

constexpr std::int64_t kMaxTokens = 1 << 21;  // known models stay below 300,000
constexpr std::size_t kMaxTokenBytes = 1 << 16;
constexpr std::size_t kMaxAddedTextBytes = 256;  // known ones are up to 31 spaces

class VocabularyBuilder {
 public:
  void expect(std::size_t n_tokens);  // only saves time
  void set_split(std::vector<std::string> patterns, bool ignore_merges);

  std::string add_marker(std::string_view name, std::int32_t id);
  std::string add_text(std::string_view text, std::int32_t id);
  std::string add_word(std::string_view word, std::int32_t id);
  std::string finish_tokens();

  std::string expect_merges(std::size_t n_merges);
  std::string add_merge(std::string_view left, std::string_view right);
  std::string finish_merges();

  Vocabulary take() { return std::move(vocabulary_); }

 private:
  bool claim(std::int32_t id, Vocabulary::Kind kind);
  std::string name_once(std::string_view name, std::int32_t id);

  Vocabulary vocabulary_;
  std::map<std::string, std::int32_t, std::less<>> added_;  // markers and texts
  std::optional<PieceTable> words_;                         // made by finish_tokens()
  std::string bytes_;                                       // kept for its memory
};

/// The form <...>: an added token of it is a marker, whatever its file calls it.
bool looks_like_marker(std::string_view text);

/// "left right" -> its sides; nothing unless there is exactly one space.
std::optional<std::pair<std::string_view, std::string_view>> split_merge(std::string_view merge);

/// The word in quotes for an error: shortened, and readable whatever its bytes are.
std::string quoted_word(std::string_view word);

}  // namespace inpaint::engine
