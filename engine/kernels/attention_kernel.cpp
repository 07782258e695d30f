#include "engine/kernels/attention_kernel.h"

#include <algorithm>

#include "engine/kernels/fused_kernels.h"

namespace inpaint::engine::kernels {
namespace {

template <bool wide>
INPAINT_INLINE void attend(const AttentionRows& a) {
  for (std::int64_t first = 0; first < a.rows; first += kTileRows<wide>) {
    const std::int64_t rows = std::min(kTileRows<wide>, a.rows - first);
    const std::int64_t n_keys = *std::max_element(a.seen + first, a.seen + first + rows);
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
      attention_row(a.scores + row * stride, static_cast<const float*>(nullptr), a.scale,
                    a.seen[first + row], n_keys);
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
