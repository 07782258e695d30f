// Who sees whom (visibility.h) in the form that attention_kernel.h reads: of each row the ranges of keys,
// one row's behind another's.
//
// Where several query heads share a key head, `group` of them follow one another as rows, and all see
// what their row sees.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/decoding/visibility.h"
#include "engine/kernels/attention_kernel.h"

namespace inpaint::engine {

struct SeenKeys {
  explicit SeenKeys(const Visibility& visibility, int group = 1) : rows(visibility.rows()) {
    for (int row = 0; row < rows; ++row)
      for (int head = 0; head < group; ++head) {
        for (const RowSpan& span : visibility.seen_by(row))
          ranges.push_back({span.begin, span.end});
        first.push_back(static_cast<std::int64_t>(ranges.size()));
      }
  }

  int rows;
  std::vector<kernels::KeyRange> ranges;
  std::vector<std::int64_t> first{0};  // [rows * group + 1]: where a row's ranges begin
};

}  // namespace inpaint::engine
