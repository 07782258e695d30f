// Forwards drawn at random: trees with blocks at their rows, over a cache of several segments.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "engine/decoding/model.h"

namespace inpaint::engine {

inline CachedRows random_cached_rows(std::mt19937_64& random, int most_rows, int positions) {
  CachedRows cached;
  while (random() % 2 == 0) (void)cached.add_segment();
  std::vector<Row> rows(random() % static_cast<std::uint64_t>(most_rows + 1));
  for (Row& row : rows) {
    row.position = static_cast<int>(random() % static_cast<std::uint64_t>(positions));
    row.segment = static_cast<int>(random() % static_cast<std::uint64_t>(cached.segments()));
  }
  cached.append(rows);
  return cached;
}

/// 1 … most_rows rows that check_forward() finds right, of tokens and positions below `n`.
inline std::vector<Row> random_rows(std::mt19937_64& random, const CachedRows& cached,
                                    int most_rows, int n) {
  const auto below = [&](int end) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(end));
  };
  std::vector<Row> rows;
  const int wanted = 1 + below(most_rows);
  int blocks = 0;
  while (static_cast<int>(rows.size()) < wanted) {
    Row row{.parent = below(static_cast<int>(rows.size()) + 1) - 1};
    // Mostly on from the last row, so that runs are long.
    if (below(2) == 0) row.parent = static_cast<int>(rows.size()) - 1;
    if (below(3) == 0)
      row.sees = static_cast<SegmentSet>(random()) & ((SegmentSet{1} << cached.segments()) - 1);
    int width = 1;
    if (below(3) == 0) {
      row.block = blocks++;
      width = std::min(1 + below(5), wanted - static_cast<int>(rows.size()));
    }
    for (int i = 0; i < width; ++i) {
      row.token = below(n);
      row.position = below(n);
      row.segment = below(cached.segments());
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace inpaint::engine
