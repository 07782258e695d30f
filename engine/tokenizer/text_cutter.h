// Cuts a text into what becomes tokens separately: added texts, and pieces that merges stay inside of.
//
// Added texts (runs of spaces in some vocabularies) are looked for first, from left to right, the
// longest that begins at a place; what lies between them is cut by the splitter as if it stood alone.
//
// Units:  bytes, token ids.
// Source: AddedVocabulary of the Hugging Face tokenizers library (leftmost, longest).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/tokenizer/piece_splitter.h"
#include "engine/tokenizer/prefix_index.h"
#include "engine/tokenizer/vocabulary.h"

namespace inpaint::engine {

struct Piece {
  std::size_t end = 0;
  std::int32_t added = -1;  // the token of an added text; -1 where merges decide
};

/// Thread rule: immutable; any thread.
class TextCutter {
 public:
  /// `vocabulary` must outlive the cutter.
  TextCutter(const Vocabulary& vocabulary, PieceSplitter splitter)
      : splitter_(std::move(splitter)), added_(vocabulary.bytes, vocabulary.added_texts) {}

  /// The pieces in order; the last ends at text.size(). None for an empty text.
  std::vector<Piece> cut(std::string_view text) const;

 private:
  void split(std::string_view text, std::size_t begin, std::size_t end,
             std::vector<Piece>& pieces) const;

  PieceSplitter splitter_;
  PrefixIndex added_;
};

}  // namespace inpaint::engine
