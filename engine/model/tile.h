// The inner loop of the kernels that multiply a few rows: sums of a tile of outputs, kept in registers.
//
// Each sum is taken in the order of the inputs, whatever the size of the tile, so that a row's result is
// the same, to the bit, in any company.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/model/vectorised.h"

namespace inpaint::engine::kernels {

inline constexpr std::int64_t kLanes = 32;  // outputs that lie side by side

/// y[row, lane] = sum over i of x[row, i] * weights[i, lane].
template <class Weight>
struct TileOperands {
  const float* x;
  std::int64_t x_stride;  // from row to row
  const Weight* weights;
  std::int64_t weight_stride;  // from input to input
  std::int64_t inputs;
  float* y;
  std::int64_t y_stride;  // from row to row
};

template <int n_rows, int n_lanes, class Weight>
INPAINT_INLINE void multiply_tile(const TileOperands<Weight>& t) {
  float sums[n_rows][n_lanes] = {};
  for (std::int64_t i = 0; i < t.inputs; ++i) {
    float weights[n_lanes];
    const Weight* from = t.weights + i * t.weight_stride;
#pragma omp simd
    for (int lane = 0; lane < n_lanes; ++lane) weights[lane] = load(from[lane]);
    for (int row = 0; row < n_rows; ++row) {
      const float input = t.x[row * t.x_stride + i];
#pragma omp simd
      for (int lane = 0; lane < n_lanes; ++lane) sums[row][lane] += input * weights[lane];
    }
  }
  for (int row = 0; row < n_rows; ++row) std::copy_n(sums[row], n_lanes, t.y + row * t.y_stride);
}

/// `wide` registers hold the sums of eight rows, others those of six rows of half of the outputs.
template <bool wide>
inline constexpr std::int64_t kTileRows = wide ? 8 : 6;

/// kLanes outputs of 1 … kTileRows rows.
template <bool wide, class Weight>
INPAINT_INLINE void multiply_rows(TileOperands<Weight> t, std::int64_t n_rows) {
  // One or two rows alone would wait for their own sums: they take all outputs at once.
  constexpr int kTogether = wide ? kLanes : kLanes / 2;
  if (n_rows == 1) return multiply_tile<1, kLanes>(t);
  if (n_rows == 2) return multiply_tile<2, kLanes>(t);
  for (std::int64_t lane = 0; lane < kLanes; lane += kTogether) {
    switch (n_rows) {
      case 3: multiply_tile<3, kTogether>(t); break;
      case 4: multiply_tile<4, kTogether>(t); break;
      case 5: multiply_tile<5, kTogether>(t); break;
      case 6: multiply_tile<6, kTogether>(t); break;
      case 7:
        if constexpr (wide) multiply_tile<7, kTogether>(t);
        break;
      default:
        if constexpr (wide) multiply_tile<8, kTogether>(t);
        break;
    }
    t.weights += kTogether;
    t.y += kTogether;
  }
}

}  // namespace inpaint::engine::kernels
