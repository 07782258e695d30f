// Attention of a few rows of one head over cached keys and values.
//
// Keys lie packed as packed_product.h has weights, so that scores are products of a few rows with
// keys in blocks of 32; values lie row by row. Each row sees ranges of the keys. Sums are f32 and
// taken in the order of the keys that a row sees: its result is the same, to the bit, in any
// company, and whatever lies between them. Values must be finite, unseen ones too.
//
// Shapes: q [rows, width] f32 · keys [ceil(n_keys / 32), width, 32] f32 · values [n_keys,
//         value_width] and out [rows, value_width] f32, value_width a multiple of 32 · scores
//         [kScoreRows, 32 ceil(n_keys / 32)] f32, room to work in.
// Thread rule: any thread; no state.
#pragma once

#include <cstdint>

#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {

inline constexpr std::int64_t kScoreRows = kTileRows<true>;  // at most, of a tile

/// Of a tile on this processor: as many rows are worth a call of their own.
inline std::int64_t attended_rows() {
  return has_wide_registers() ? kTileRows<true> : kTileRows<false>;
}

/// Keys [begin, end).
struct KeyRange {
  std::int64_t begin, end;
};

struct AttentionRows {
  const float* q;
  std::int64_t rows;
  std::int64_t width;
  std::int64_t value_width;
  const float* keys;
  const float* values;
  std::int64_t n_keys;
  const KeyRange* seen;            // of all rows, ascending in each, none empty
  const std::int64_t* first_seen;  // [rows + 1]: where each row's ranges begin; one at least
  float scale;                     // of the scores
  float* scores;
  float* out;
};

/// `wide`: as packed_product.h.
void attend_rows(const AttentionRows& a, bool wide = has_wide_registers());

}  // namespace inpaint::engine::kernels
