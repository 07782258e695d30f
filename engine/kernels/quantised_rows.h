// Rows of activations, rounded to 8 bits in blocks of 32 for products with quantised weights.
//
// Some rows lie together as a panel that stays in a core's cache while weights pass by: within a panel
// all rows of the first 32 inputs come first, so that 32 inputs of one output are unpacked once for all
// rows. A row is rounded the same whatever panel it is in.
//
// Shapes: x [rows, inputs] f32, inputs in whole blocks -> panels of [inputs / 32, rows of it].
// Thread rule: immutable; any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "engine/kernels/thread_pool.h"

namespace inpaint::engine::kernels {

inline constexpr int kRoundedValues = 32;  // of a block

struct RoundedBlock {
  std::int8_t q[kRoundedValues];  // -127 … 127, to nearest, ties to even
  float scale;                    // greatest magnitude / 127; NaN where a value is not finite
  float scaled_sum;               // scale * sum, for weights with a minimum
  std::int32_t sum;               // of all q
  std::int16_t half_sums[2];      // of the first and the last 16, for weights with a scale for each
};

/// x[i] of 32 values.
void round_block(const float* x, RoundedBlock& to);

class RoundedRows {
 public:
  /// Rows of one panel at most: what products keep sums for.
  static constexpr std::int64_t kMostPanelRows = 64;

  RoundedRows(const float* x, std::int64_t rows, std::int64_t inputs, ThreadPool& pool);

  std::int64_t n_panels() const { return (rows_ + panel_rows_ - 1) / panel_rows_; }
  std::int64_t first_row(std::int64_t panel) const { return panel * panel_rows_; }
  std::int64_t rows_of(std::int64_t panel) const {
    return std::min(panel_rows_, rows_ - first_row(panel));
  }
  /// [n_blocks, rows_of(panel)]
  const RoundedBlock* panel(std::int64_t panel) const {
    return blocks_.get() + first_row(panel) * n_blocks_;
  }
  std::int64_t n_blocks() const { return n_blocks_; }

 private:
  std::int64_t rows_, n_blocks_, panel_rows_;
  std::unique_ptr<RoundedBlock[]> blocks_;
};

}  // namespace inpaint::engine::kernels
