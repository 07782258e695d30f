#include "engine/kernels/quantised_matrix.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <new>
#include <numeric>
#include <optional>
#include <utility>

#include <sys/mman.h>

#include "engine/kernels/quantised_product.h"
#include "engine/kernels/quantised_rows.h"
#include "engine/kernels/quantised_strip.h"

namespace inpaint::engine::kernels {
namespace {

/// In large pages where the matrix is large: by small ones, looking up where they lie takes a fifth of
/// the time of reading them (12.8 GB/s instead of 16.9 on two cores of an EPYC 7003).
std::shared_ptr<std::byte[]> room_for(std::size_t bytes) {
  constexpr std::size_t kLargePage = 2U << 20, kLine = 64;
  const std::align_val_t alignment{bytes >= kLargePage ? kLargePage : kLine};
  auto* memory = static_cast<std::byte*>(::operator new(bytes, alignment));
#ifdef MADV_HUGEPAGE
  if (bytes >= kLargePage) madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: refused, all goes on
#endif
  return {memory, [alignment](std::byte* at) { ::operator delete(at, alignment); }};
}

/// Of the rows of a panel with one strip [rows, lanes].
using Sums = std::array<float, RoundedRows::kMostPanelRows * kLanes>;

/// Some rows, ready to be multiplied with strips: as they are, or rounded.
class Operand {
 public:
  Operand(BlockFormat format, const float* x, std::int64_t rows, std::int64_t inputs,
          ThreadPool& pool)
      : format_(format), x_(x), rows_(rows), inputs_(inputs) {
    if (is_plain(format)) return;
    rounded_.emplace(x, rows, inputs, pool);
    product_ = strip_product(format);
  }

  std::int64_t n_panels() const {
    return rounded_ ? rounded_->n_panels() : (rows_ + kPlainRows - 1) / kPlainRows;
  }
  std::int64_t first_row(std::int64_t panel) const {
    return rounded_ ? rounded_->first_row(panel) : panel * kPlainRows;
  }
  std::int64_t rows_of(std::int64_t panel) const {
    return rounded_ ? rounded_->rows_of(panel) : std::min(kPlainRows, rows_ - first_row(panel));
  }

  /// y [rows of the panel, lanes of all strips], rows at `y_stride`.
  void multiply(std::int64_t panel, const std::byte* strips, std::int64_t n_strips, float* y,
                std::int64_t y_stride) const {
    if (rounded_)
      return product_({.strips = strips,
                       .n_strips = n_strips,
                       .x = rounded_->panel(panel),
                       .n_blocks = rounded_->n_blocks(),
                       .rows = rows_of(panel),
                       .y = y,
                       .y_stride = y_stride});
    float_strip_product(format_, {.strips = strips,
                                  .n_strips = n_strips,
                                  .x = x_ + first_row(panel) * inputs_,
                                  .inputs = inputs_,
                                  .rows = rows_of(panel),
                                  .y = y,
                                  .y_stride = y_stride});
  }
  Sums sums(std::int64_t panel, const std::byte* strip) const {
    Sums sums;
    multiply(panel, strip, 1, sums.data(), strip_lanes(format_));
    return sums;
  }

 private:
  static constexpr std::int64_t kPlainRows = RoundedRows::kMostPanelRows;

  BlockFormat format_;
  const float* x_;
  std::int64_t rows_, inputs_;
  std::optional<RoundedRows> rounded_;
  StripProduct product_ = nullptr;
};

}  // namespace

QuantisedMatrix::QuantisedMatrix(BlockFormat format, std::int64_t outputs, std::int64_t inputs,
                                 std::vector<std::byte> data)
    : format_(has_strips(format) ? format : BlockFormat::q8_0), outputs_(outputs), inputs_(inputs) {
  assert(std::ssize(data) == outputs * bytes_of(format, inputs));
  if (format_ != format) data = repacked(format, format_, outputs, inputs, data);
  const std::int64_t lanes = strip_lanes(format_), strip_bytes = lanes * bytes_of(format_, inputs);
  const std::int64_t n_whole = outputs / lanes, n_strips = (outputs + lanes - 1) / lanes;
  bytes_ = static_cast<std::size_t>(n_strips * strip_bytes);
  const std::shared_ptr<std::byte[]> strips = room_for(bytes_);
  for (std::int64_t strip = 0; strip < n_whole; ++strip)
    make_strip(format_, inputs, data.data() + strip * strip_bytes,
               strips.get() + strip * strip_bytes);
  if (n_whole < n_strips) {  // rows of zeros complete the last one
    std::vector<std::byte> rows(data.begin() + n_whole * strip_bytes, data.end());
    rows.resize(static_cast<std::size_t>(strip_bytes));
    make_strip(format_, inputs, rows.data(), strips.get() + n_whole * strip_bytes);
  }
  data_ = strips;
}

void QuantisedMatrix::row(std::int64_t output, float* to) const {
  const std::int64_t lanes = strip_lanes(format_);
  const std::byte* strip = data_.get() + output / lanes * lanes * bytes_of(format_, inputs_);
  strip_row(format_, inputs_, strip, static_cast<int>(output % lanes), to);
}

void QuantisedMatrix::multiply(const float* x, std::int64_t rows, float* y,
                               ThreadPool& pool) const {
  if (rows == 0) return;
  const std::int64_t lanes = strip_lanes(format_), strip_bytes = lanes * bytes_of(format_, inputs_);
  const Operand operand(format_, x, rows, inputs_, pool);
  const std::int64_t n_whole = outputs_ / lanes, n_rest = outputs_ % lanes;
  // Strips of blocks by twos, which some instructions multiply together.
  const std::int64_t grain = is_plain(format_) ? 1 : 2;
  pool.run((outputs_ + lanes - 1) / lanes, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t panel = 0; panel < operand.n_panels(); ++panel) {
      float* to = y + operand.first_row(panel) * outputs_;
      operand.multiply(panel, data_.get() + begin * strip_bytes, std::min(end, n_whole) - begin,
                       to + begin * lanes, outputs_);
      if (end <= n_whole) continue;
      const Sums sums = operand.sums(panel, data_.get() + n_whole * strip_bytes);
      for (std::int64_t row = 0; row < operand.rows_of(panel); ++row)
        std::copy_n(sums.data() + row * lanes, n_rest, to + row * outputs_ + n_whole * lanes);
    }
  });
}

void QuantisedMatrix::multiply_some(const float* x, std::int64_t rows,
                                    std::span<const std::int32_t> outputs, float* y,
                                    ThreadPool& pool) const {
  if (rows == 0 || outputs.empty()) return;
  const std::int64_t lanes = strip_lanes(format_), strip_bytes = lanes * bytes_of(format_, inputs_);
  const auto n = std::ssize(outputs);
  // Outputs of one strip lie together then, and it is multiplied once for all of them.
  std::vector<std::int32_t> order(outputs.size());
  std::iota(order.begin(), order.end(), 0);
  const auto output_at = [&](std::int64_t i) {
    return std::int64_t{outputs[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]};
  };
  std::ranges::sort(order, {},
                    [&](std::int32_t i) { return outputs[static_cast<std::size_t>(i)]; });
  std::vector<std::int64_t> begins;  // of strips, in `order`
  for (std::int64_t i = 0; i < n; ++i)
    if (i == 0 || output_at(i) / lanes != output_at(i - 1) / lanes) begins.push_back(i);
  const auto n_strips = std::ssize(begins);
  begins.push_back(n);

  const Operand operand(format_, x, rows, inputs_, pool);
  pool.run(n_strips, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t panel = 0; panel < operand.n_panels(); ++panel)
      for (auto strip = static_cast<std::size_t>(begin); std::cmp_less(strip, end); ++strip) {
        const std::byte* weights = data_.get() + output_at(begins[strip]) / lanes * strip_bytes;
        const Sums sums = operand.sums(panel, weights);
        for (std::int64_t i = begins[strip]; i < begins[strip + 1]; ++i) {
          float* to = y + operand.first_row(panel) * n + order[static_cast<std::size_t>(i)];
          for (std::int64_t row = 0; row < operand.rows_of(panel); ++row)
            to[row * n] = sums[static_cast<std::size_t>(row * lanes + output_at(i) % lanes)];
        }
      }
  });
}

}  // namespace inpaint::engine::kernels
