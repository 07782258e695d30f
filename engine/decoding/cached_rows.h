// Rows of a forward, and what is known of those that a cache holds, without their keys and values.
//
// Segments part a cache into what different rows may see: a context and its versions, or what
// stands in front of a cursor and behind it. Each row of a cache is of one segment, wherever it
// lies.
//
// Units: tokens; rows of a cache by their index.   Thread rule: engine thread only.
// Errors: bad_argument.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Bit i: the segment with number i.
using SegmentSet = std::uint32_t;
inline constexpr int kMaxSegments = 32;
inline constexpr SegmentSet kAllSegments = ~SegmentSet{0};  // those to come included

inline constexpr int kNoParent = -1;  // the row continues what is cached
inline constexpr int kNoBlock = -1;

/// Who sees whom: engine/decoding/model.h.
struct Row {
  TokenId token = 0;
  int position = 0;
  int parent = kNoParent;          // index of a row of the same forward, in front of this one
  int block = kNoBlock;            // any number from 0 on; rows of a block are neighbours
  SegmentSet sees = kAllSegments;  // of the cache
  int segment = 0;                 // that the row goes to
};

/// Rows [begin, end).
struct RowSpan {
  int begin = 0, end = 0;
  friend bool operator==(const RowSpan&, const RowSpan&) = default;
};

class CachedRows {
 public:
  int length() const { return static_cast<int>(rows_.size()); }
  int position(int row) const { return rows_[static_cast<std::size_t>(row)].position; }
  int segment(int row) const { return rows_[static_cast<std::size_t>(row)].segment; }
  int segments() const { return segments_; }

  /// What a row sees that sees these segments: ascending, apart from one another.
  std::vector<RowSpan> seen(SegmentSet segments) const;

  void append(std::span<const Row> rows);
  void truncate(int length);
  Result<void> keep(std::span<const int> rows);
  Result<int> add_segment();
  /// Errors leave all as it was.
  Result<void> turn(int segment, int by, int max_positions);

 private:
  struct Kept {
    int position = 0;
    int segment = 0;
  };
  std::vector<Kept> rows_;
  int segments_ = 1;
};

}  // namespace inpaint::engine
