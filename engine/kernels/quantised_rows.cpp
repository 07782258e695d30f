#include "engine/kernels/quantised_rows.h"

#include <bit>
#include <cmath>
#include <limits>

#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {
namespace {

/// A third of the second cache of the processors of the last decade; the rest is for weights.
constexpr std::int64_t kPanelBytes = 176 << 10;

/// Panels are as equal as they can be: the last one is not a rest of one row.
std::int64_t panel_rows_for(std::int64_t rows, std::int64_t n_blocks) {
  const auto row_bytes = static_cast<std::int64_t>(sizeof(RoundedBlock)) * n_blocks;
  const std::int64_t most = std::clamp<std::int64_t>(
      kPanelBytes / std::max<std::int64_t>(row_bytes, 1), 8, RoundedRows::kMostPanelRows);
  const std::int64_t n_panels = std::max<std::int64_t>((rows + most - 1) / most, 1);
  return std::max<std::int64_t>((rows + n_panels - 1) / n_panels, 1);
}

INPAINT_INLINE void round_one(const float* x, RoundedBlock& to) {
  // Magnitudes compare like their bits, and a NaN is above all numbers.
  std::uint32_t greatest_bits = 0;
  for (int i = 0; i < kRoundedValues; ++i)
    greatest_bits = std::max(greatest_bits, std::bit_cast<std::uint32_t>(x[i]) & 0x7FFF'FFFFU);
  const float greatest = std::bit_cast<float>(greatest_bits);
  const float inverse = 127.0F / greatest;
  to = {};
  if (!(greatest <= std::numeric_limits<float>::max())) {
    to.scale = to.scaled_sum = std::numeric_limits<float>::quiet_NaN();
    return;
  }
  // Zeros, and numbers too small for their inverse to be a number, are zeros.
  if (!(inverse <= std::numeric_limits<float>::max())) return;
  for (int i = 0; i < kRoundedValues; ++i)
    to.q[i] = static_cast<std::int8_t>(std::nearbyint(x[i] * inverse));
  int sums[2] = {};
  for (int half = 0; half < 2; ++half)
    for (int i = 0; i < kRoundedValues / 2; ++i) sums[half] += to.q[half * kRoundedValues / 2 + i];
  to.scale = greatest / 127.0F;
  to.sum = sums[0] + sums[1];
  to.scaled_sum = to.scale * static_cast<float>(to.sum);
  to.half_sums[0] = static_cast<std::int16_t>(sums[0]);
  to.half_sums[1] = static_cast<std::int16_t>(sums[1]);
}

/// x [n_blocks, 32] -> every `stride`th block from `to`.
INPAINT_CLONES void round_row(const float* x, std::int64_t n_blocks, std::int64_t stride,
                              RoundedBlock* to) {
  for (std::int64_t block = 0; block < n_blocks; ++block)
    round_one(x + block * kRoundedValues, to[block * stride]);
}

}  // namespace

void round_block(const float* x, RoundedBlock& to) { round_row(x, 1, 1, &to); }

RoundedRows::RoundedRows(const float* x, std::int64_t rows, std::int64_t inputs, ThreadPool& pool)
    : rows_(rows),
      n_blocks_(inputs / kRoundedValues),
      panel_rows_(panel_rows_for(rows, n_blocks_)),
      blocks_(std::make_unique_for_overwrite<RoundedBlock[]>(
          static_cast<std::size_t>(rows * n_blocks_))) {
  const auto round_rows = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t panel = row / panel_rows_;
      round_row(x + row * inputs, n_blocks_, rows_of(panel),
                blocks_.get() + first_row(panel) * n_blocks_ + row - first_row(panel));
    }
  };
  // A few rows are rounded before another thread has taken notice.
  constexpr std::int64_t kWorthThreads = 32 << 10;  // values
  if (rows * inputs < kWorthThreads) round_rows(0, rows);
  else pool.run(rows, 1, round_rows);
}

}  // namespace inpaint::engine::kernels
