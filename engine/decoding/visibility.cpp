#include "engine/decoding/visibility.h"

#include <algorithm>

namespace inpaint::engine {

Visibility::Visibility(const CachedRows& cached, std::span<const Row> rows) : first_{0} {
  const int n_cached = cached.length();
  SegmentSet segments = kAllSegments;
  std::vector<RowSpan> of_cache = cached.seen(segments);
  RowSpan block;  // the last one, of the forward's rows
  for (int index = 0; index < static_cast<int>(rows.size()); ++index) {
    const Row& row = rows[static_cast<std::size_t>(index)];
    if (row.sees != segments) {
      segments = row.sees;
      of_cache = cached.seen(segments);
    }
    for (const RowSpan& span : of_cache) see(span);
    if (row.parent != kNoParent) {
      // By index: spans_ grows.
      const auto parent = static_cast<std::size_t>(row.parent);
      for (std::size_t i = first_[parent]; i < first_[parent + 1]; ++i)
        if (const RowSpan span = spans_[i]; span.end > n_cached)
          see({std::max(span.begin, n_cached), span.end});
    }
    if (row.block == kNoBlock) {
      block = {index, index + 1};
    } else if (index >= block.end) {
      block = {index, index + 1};
      while (block.end < static_cast<int>(rows.size()) &&
             rows[static_cast<std::size_t>(block.end)].block == row.block)
        ++block.end;
    }
    see({n_cached + block.begin, n_cached + block.end});
    first_.push_back(spans_.size());
  }
}

std::span<const RowSpan> Visibility::seen_by(int row) const {
  const auto index = static_cast<std::size_t>(row);
  return std::span(spans_).subspan(first_[index], first_[index + 1] - first_[index]);
}

/// Adds a span to those of the row at hand, which lie in front of it.
void Visibility::see(RowSpan span) {
  if (spans_.size() > first_.back() && spans_.back().end == span.begin)
    spans_.back().end = span.end;
  else spans_.push_back(span);
}

}  // namespace inpaint::engine
