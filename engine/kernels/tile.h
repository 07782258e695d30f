// The inner loop of the kernels that multiply a few rows: sums of a tile of outputs, kept in registers.
//
// Each sum is taken in the order of the inputs, whatever the size of the tile, so that a row's result is
// the same, to the bit, in any company.
#pragma once

#include <cstdint>
#include <cstring>

#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {

inline constexpr int kLanes = 32;  // outputs that lie side by side

/// n rounded up to whole blocks of them.
inline constexpr std::int64_t whole_lanes(std::int64_t n) {
  return (n + kLanes - 1) / kLanes * kLanes;
}

/// As many floats as a register holds. Vectors of the language and not of the optimiser, which keeps an
/// array of sums in registers in one loop and in memory in the next.
template <bool wide>
struct Vector;
template <>
struct Vector<true> {
  using Floats = float __attribute__((vector_size(64)));
  using Words = std::uint32_t __attribute__((vector_size(64)));
  using Halves = std::uint16_t __attribute__((vector_size(32)));
};
template <>
struct Vector<false> {
  using Floats = float __attribute__((vector_size(32)));
  using Words = std::uint32_t __attribute__((vector_size(32)));
  using Halves = std::uint16_t __attribute__((vector_size(16)));
};
template <bool wide>
inline constexpr int kFloats = wide ? 16 : 8;

template <bool wide>
INPAINT_INLINE void load_vector(const float* from, typename Vector<wide>::Floats& to) {
  std::memcpy(&to, from, sizeof to);
}

template <bool wide>
INPAINT_INLINE void load_vector(const Bf16* from, typename Vector<wide>::Floats& to) {
  typename Vector<wide>::Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  const auto words = __builtin_convertvector(halves, typename Vector<wide>::Words) << 16;
  std::memcpy(&to, &words, sizeof to);
}

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

// Unrolled by wish: GCC 12 else takes the loads of four vectors for a copy of memory, and keeps the sums of
// one and two rows there too, which takes four times as long.
template <bool wide, int n_rows, int n_vectors, class Weight>
INPAINT_INLINE void multiply_tile(const TileOperands<Weight>& t) {
  using Floats = typename Vector<wide>::Floats;
  Floats sums[n_rows][n_vectors] = {};
  for (std::int64_t i = 0; i < t.inputs; ++i) {
    Floats weights[n_vectors];
#pragma GCC unroll 4
    for (int v = 0; v < n_vectors; ++v)
      load_vector<wide>(t.weights + i * t.weight_stride + v * kFloats<wide>, weights[v]);
    for (int row = 0; row < n_rows; ++row) {
      const float input = t.x[row * t.x_stride + i];
#pragma GCC unroll 4
      for (int v = 0; v < n_vectors; ++v) sums[row][v] += input * weights[v];
    }
  }
  for (int row = 0; row < n_rows; ++row)
    std::memcpy(t.y + row * t.y_stride, sums[row], sizeof sums[row]);
}

/// `wide` registers hold the sums of eight rows, others those of six rows of half of the outputs.
template <bool wide>
inline constexpr std::int64_t kTileRows = wide ? 8 : 6;

/// kLanes outputs of 1 … kTileRows rows.
template <bool wide, class Weight>
INPAINT_INLINE void multiply_rows(TileOperands<Weight> t, std::int64_t n_rows) {
  // One or two rows alone would wait for their own sums: they take all outputs at once.
  constexpr int kAll = kLanes / kFloats<wide>;
  constexpr int kTogether = wide ? kAll : kAll / 2;
  if (n_rows == 1) return multiply_tile<wide, 1, kAll>(t);
  if (n_rows == 2) return multiply_tile<wide, 2, kAll>(t);
  for (int lane = 0; lane < kLanes; lane += kTogether * kFloats<wide>) {
    switch (n_rows) {
      case 3: multiply_tile<wide, 3, kTogether>(t); break;
      case 4: multiply_tile<wide, 4, kTogether>(t); break;
      case 5: multiply_tile<wide, 5, kTogether>(t); break;
      case 6: multiply_tile<wide, 6, kTogether>(t); break;
      case 7:
        if constexpr (wide) multiply_tile<wide, 7, kTogether>(t);
        break;
      default:
        if constexpr (wide) multiply_tile<wide, 8, kTogether>(t);
        break;
    }
    t.weights += kTogether * kFloats<wide>;
    t.y += kTogether * kFloats<wide>;
  }
}

}  // namespace inpaint::engine::kernels
