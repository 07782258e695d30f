// Who sees whom in a forward (model.h), as spans of rows: those of the cache first, the rows of the
// forward behind them, counted on.
//
// Most rows see one span from the beginning on: the cache and the run up to themselves.
//
// Cost: O(rows) where rows are runs and blocks.   Thread rule: immutable.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/cached_rows.h"

namespace inpaint::engine {

class Visibility {
 public:
  /// `rows`: as check_forward() has found them right.
  Visibility(const CachedRows& cached, std::span<const Row> rows);

  int rows() const { return static_cast<int>(first_.size()) - 1; }
  /// Ascending, apart from one another, never empty: a row sees itself.
  std::span<const RowSpan> seen_by(int row) const;

 private:
  void see(RowSpan span);

  std::vector<RowSpan> spans_;
  std::vector<std::size_t> first_;  // [rows + 1]: where a row's spans begin
};

}  // namespace inpaint::engine
