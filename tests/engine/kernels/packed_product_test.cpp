// Packed products against plain sums, and a row alone against the same row in company.

#include "engine/kernels/packed_product.h"

#include <algorithm>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

struct ShapeCase {
  std::int64_t n_blocks, inputs;
};
constexpr ShapeCase kShapes[] = {{1, 1}, {2, 24}, {3, 33}, {1, 7}, {4, 64}};
constexpr std::int64_t kMostRows = 20;

std::vector<float> product(std::span<const float> x, const std::vector<Bf16>& blocks,
                           const ShapeCase& shape, bool wide) {
  const auto rows = static_cast<std::int64_t>(x.size()) / shape.inputs;
  std::vector<float> y(static_cast<std::size_t>(rows * shape.n_blocks * kLanes));
  packed_product(x.data(), blocks.data(), {rows, shape.inputs, shape.n_blocks}, y.data(), wide);
  return y;
}

std::span<const float> rows_of(const std::vector<float>& x, std::int64_t width, std::int64_t first,
                               std::int64_t rows) {
  return std::span(x).subspan(static_cast<std::size_t>(first * width),
                              static_cast<std::size_t>(rows * width));
}

TEST(PackedProduct, IsThatOfTheWeightsInBf16) {
  std::mt19937 random(5);
  for (const ShapeCase& shape : kShapes) {
    const auto blocks = rounded(normal_floats(random, shape.n_blocks * shape.inputs * kLanes));
    const std::vector<float> x = normal_floats(random, kMostRows * shape.inputs);
    for (std::int64_t rows = 1; rows <= kMostRows; ++rows)
      for (const bool wide : register_kinds()) {
        const std::vector<float> y =
            product(rows_of(x, shape.inputs, 0, rows), blocks, shape, wide);
        for (std::int64_t row = 0; row < rows; ++row)
          for (std::int64_t output = 0; output < shape.n_blocks * kLanes; ++output) {
            double sum = 0.0;
            for (std::int64_t i = 0; i < shape.inputs; ++i) {
              const auto weight = static_cast<std::size_t>(
                  (output / kLanes * shape.inputs + i) * kLanes + output % kLanes);
              sum += double{x[static_cast<std::size_t>(row * shape.inputs + i)]} *
                     double{load(blocks[weight])};
            }
            ASSERT_NEAR(y[static_cast<std::size_t>(row * shape.n_blocks * kLanes + output)], sum,
                        1e-4)
                << "row " << row << " of " << rows << ", output " << output;
          }
      }
  }
}

TEST(PackedProduct, OfARowIsTheSameInAnyCompany) {
  std::mt19937 random(6);
  for (const ShapeCase& shape : kShapes) {
    const auto blocks = rounded(normal_floats(random, shape.n_blocks * shape.inputs * kLanes));
    const std::vector<float> x = normal_floats(random, kMostRows * shape.inputs);
    const std::int64_t outputs = shape.n_blocks * kLanes;
    for (const bool wide : register_kinds()) {
      std::vector<float> alone;
      for (std::int64_t row = 0; row < kMostRows; ++row)
        std::ranges::copy(product(rows_of(x, shape.inputs, row, 1), blocks, shape, wide),
                          std::back_inserter(alone));
      for (std::int64_t first = 0; first < 4; ++first)
        for (std::int64_t rows = 1; first + rows <= kMostRows; ++rows)
          ASSERT_TRUE(std::ranges::equal(
              product(rows_of(x, shape.inputs, first, rows), blocks, shape, wide),
              rows_of(alone, outputs, first, rows)))
              << rows << " rows from " << first;
    }
  }
}

TEST(PackedProduct, IsTheSameForWideAndNarrowRegisters) {
  if (!has_wide_registers()) GTEST_SKIP() << "this processor has no wide ones";
  std::mt19937 random(7);
  for (const ShapeCase& shape : kShapes) {
    const auto blocks = rounded(normal_floats(random, shape.n_blocks * shape.inputs * kLanes));
    const std::vector<float> x = normal_floats(random, kMostRows * shape.inputs);
    for (std::int64_t rows = 1; rows <= kMostRows; ++rows) {
      const std::span<const float> some = rows_of(x, shape.inputs, 0, rows);
      EXPECT_EQ(product(some, blocks, shape, true), product(some, blocks, shape, false)) << rows;
    }
  }
}

}  // namespace
}  // namespace inpaint::engine::kernels
