// The kernel against softmax(q k^T) v written out, for both kinds of registers.

#include "engine/kernels/attention_kernel.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace inpaint::engine::kernels {
namespace {

struct AttentionCase {
  std::int64_t rows, width, n_keys;
};

constexpr AttentionCase kCases[] = {{1, 8, 1},   {1, 16, 33},  {3, 16, 32},
                                    {8, 64, 70}, {13, 32, 95}, {20, 64, 200}};

at::Tensor attend_with(const at::Tensor& q, const at::Tensor& keys, const at::Tensor& values,
                       const std::vector<std::int64_t>& seen, bool wide) {
  const std::int64_t rows = q.size(0), width = q.size(1), n_keys = keys.size(0);
  const std::int64_t n_blocks = whole_lanes(n_keys) / kLanes;
  const std::int64_t value_width = whole_lanes(width);
  const at::Tensor blocks = at::constant_pad_nd(keys, {0, 0, 0, n_blocks * kLanes - n_keys})
                                .view({n_blocks, kLanes, width})
                                .transpose(1, 2)
                                .contiguous();
  const at::Tensor padded = at::constant_pad_nd(values, {0, value_width - width}).contiguous();
  at::Tensor scores = at::empty({kAttendedRows, n_blocks * kLanes});
  at::Tensor out = at::empty({rows, value_width});
  attend_rows({.q = q.const_data_ptr<float>(),
               .rows = rows,
               .width = width,
               .value_width = value_width,
               .keys = blocks.const_data_ptr<float>(),
               .values = padded.const_data_ptr<float>(),
               .n_keys = n_keys,
               .seen = seen.data(),
               .scale = 1.0F / std::sqrt(static_cast<float>(width)),
               .scores = scores.data_ptr<float>(),
               .out = out.data_ptr<float>()},
              wide);
  return out.narrow(1, 0, width).clone();
}

TEST(AttentionKernel, IsSoftmaxOverWhatARowSees) {
  at::manual_seed(8);
  for (const auto& [rows, width, n_keys] : kCases) {
    SCOPED_TRACE(testing::Message() << rows << " rows, " << n_keys << " keys of " << width);
    const at::Tensor q = at::randn({rows, width}), keys = at::randn({n_keys, width}),
                     values = at::randn({n_keys, width});
    std::vector<std::int64_t> seen;
    for (std::int64_t row = 0; row < rows; ++row) seen.push_back(1 + (row * 37 + 5) % n_keys);
    std::vector<at::Tensor> expected;
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::int64_t n = seen[static_cast<std::size_t>(row)];
      const at::Tensor scores =
          at::mv(keys.narrow(0, 0, n), q[row]) / std::sqrt(static_cast<double>(width));
      expected.push_back(at::mv(values.narrow(0, 0, n).t(), at::softmax(scores, 0)));
    }
    std::vector<bool> kinds{false};
    if (has_wide_registers()) kinds.push_back(true);
    for (const bool wide : kinds)
      EXPECT_LT((attend_with(q, keys, values, seen, wide) - at::stack(expected))
                    .abs()
                    .max()
                    .item<double>(),
                1e-5)
          << (wide ? "wide" : "narrow");
  }
}

}  // namespace
}  // namespace inpaint::engine::kernels
