#include "engine/kernels/attention_kernel.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "engine/kernels/fused_kernels.h"

namespace inpaint::engine::kernels {
namespace {

void move_scores(float* scores, std::int64_t to, std::int64_t from, std::int64_t n) {
  if (to != from)
    std::memmove(scores + to, scores + from, static_cast<std::size_t>(n) * sizeof(float));
}

/// Softmax in place over what is seen of `n_keys` scores, and nothing elsewhere. The scores that
/// are seen are moved together for it: so a row that sees parts is summed up as if they were all
/// there is.
void softmax_of_seen(float* scores, std::span<const KeyRange> seen, float scale,
                     std::int64_t n_keys) {
  const float* no_bias = nullptr;
  if (seen.size() == 1 && seen.front().begin == 0)
    return attention_row(scores, no_bias, scale, seen.front().end, n_keys);
  std::int64_t together = 0;
  for (const auto& [begin, end] : seen) {
    move_scores(scores, together, begin, end - begin);
    together += end - begin;
  }
  attention_row(scores, no_bias, scale, together, together);
  // Back from the last one on: no range lies in front of where its scores are now.
  std::int64_t behind = n_keys;
  for (auto range = seen.rbegin(); range != seen.rend(); ++range) {
    std::fill(scores + range->end, scores + behind, 0.0F);
    together -= range->end - range->begin;
    move_scores(scores, range->begin, together, range->end - range->begin);
    behind = range->begin;
  }
  std::fill(scores, scores + behind, 0.0F);
}

template <bool wide>
INPAINT_INLINE void attend(const AttentionRows& a) {
  for (std::int64_t first = 0; first < a.rows; first += kTileRows<wide>) {
    const std::int64_t rows = std::min(kTileRows<wide>, a.rows - first);
    const auto seen = [&](std::int64_t row) {
      return std::span(a.seen + a.first_seen[first + row], a.seen + a.first_seen[first + row + 1]);
    };
    std::int64_t n_keys = 0;
    for (std::int64_t row = 0; row < rows; ++row) n_keys = std::max(n_keys, seen(row).back().end);
    const std::int64_t stride = whole_lanes(a.n_keys);
    for (std::int64_t key = 0; key < n_keys; key += kLanes)
      multiply_rows<wide>(TileOperands<float>{.x = a.q + first * a.width,
                                              .x_stride = a.width,
                                              .weights = a.keys + key * a.width,
                                              .weight_stride = kLanes,
                                              .inputs = a.width,
                                              .y = a.scores + key,
                                              .y_stride = stride},
                          rows);
    for (std::int64_t row = 0; row < rows; ++row)
      softmax_of_seen(a.scores + row * stride, seen(row), a.scale, n_keys);
    for (std::int64_t column = 0; column < a.value_width; column += kLanes)
      multiply_rows<wide>(TileOperands<float>{.x = a.scores,
                                              .x_stride = stride,
                                              .weights = a.values + column,
                                              .weight_stride = a.value_width,
                                              .inputs = n_keys,
                                              .y = a.out + first * a.value_width + column,
                                              .y_stride = a.value_width},
                          rows);
  }
}

INPAINT_WIDE void attend_wide(const AttentionRows& a) { attend<true>(a); }
INPAINT_NARROW void attend_narrow(const AttentionRows& a) { attend<false>(a); }

}  // namespace

void attend_rows(const AttentionRows& a, bool wide) { (wide ? attend_wide : attend_narrow)(a); }

}  // namespace inpaint::engine::kernels
