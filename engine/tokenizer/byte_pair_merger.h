// Turns one piece of text into tokens by merging neighbours, the most important pair first.
//
// Each byte starts as its own token. Of all neighbours that the merges know, the pair that was
// learnt first is joined, the leftmost of equals, until none is left. A piece that is itself a token
// is looked up at once, but only where the merges would make that very token (checked for all
// tokens when the tables are built), or the file says to ignore the merges.
//
// Units:  bytes, token ids.
// Cost:   a look-up for most pieces of code; else O(n²) up to 48 bytes, O(n log n) beyond.
// Source: Sennrich et al. 2016, algorithm 1; ties as in the Hugging Face tokenizers library.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tokenizer/piece_table.h"
#include "engine/tokenizer/vocabulary.h"

namespace inpaint::engine {

/// Pair of tokens -> what they become. Open addressing in one array: a look-up is one or two cache
/// lines, a node-based map was several times slower.
class MergeTable {
 public:
  struct Entry {
    std::uint64_t pair = kEmpty;  // left << 32 | right
    std::int32_t rank = 0;        // lower is merged earlier
    std::int32_t result = 0;
  };
  explicit MergeTable(const std::vector<Merge>& merges);
  const Entry* find(std::int32_t left, std::int32_t right) const;  // null when not merged

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};
  std::vector<Entry> entries_;
  std::uint64_t mask_ = 0;
};

/// Thread rule: immutable; any thread. Each thread brings its own Scratch.
class BytePairMerger {
 public:
  struct Node {
    std::int32_t id = 0;
    std::int32_t previous = -1;
    std::int32_t next = -1;  // -1: none
  };
  struct Candidate {
    std::int32_t rank = 0;
    std::int32_t at = 0;  // the left node
    std::int32_t left = 0;
    std::int32_t right = 0;
    std::int32_t result = 0;
  };
  struct Scratch {
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> ranks;
    std::vector<Node> nodes;
    std::vector<Candidate> heap;
  };

  /// `vocabulary` must outlive the merger.
  explicit BytePairMerger(const Vocabulary& vocabulary);

  /// Appends the tokens of one piece, which is not empty.
  void encode(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

 private:
  // The three look at the merges alone.
  void merge(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;
  void merge_short(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;
  void merge_long(std::string_view piece, Scratch& scratch, std::vector<std::int32_t>& ids) const;

  std::array<std::int32_t, 256> byte_tokens_;
  MergeTable merges_;
  PieceTable whole_;
};

}  // namespace inpaint::engine
