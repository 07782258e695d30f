// Packed products against ATen's own, and a row alone against the same row in company.

#include "engine/model/matrix.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "engine/kernels/packed_product.h"

namespace inpaint::engine {
namespace {

struct ShapeCase {
  std::int64_t outputs, inputs;
};

constexpr ShapeCase kShapes[] = {{32, 1}, {64, 24}, {96, 33}, {50, 7}, {1, 5}, {130, 64}};

Matrix packed_alone(const at::Tensor& weight) {
  return {.f32 = {}, .bf16 = {}, .packed = pack(weight)};
}

TEST(PackedProduct, IsThatOfTheWeightsInBf16) {
  at::manual_seed(5);
  for (const auto& [outputs, inputs] : kShapes) {
    const at::Tensor weight = at::randn({outputs, inputs}), bias = at::randn({outputs});
    const Matrix matrix = packed_alone(weight);
    for (std::int64_t rows = 1; rows <= 20; ++rows) {
      SCOPED_TRACE(testing::Message() << outputs << " x " << inputs << ", " << rows << " rows");
      const at::Tensor x = at::randn({1, rows, inputs});
      const at::Tensor expected = at::linear(x, weight.to(at::kBFloat16).to(at::kFloat), bias);
      const at::Tensor result = matrix.multiply(x, bias, Product::packed);
      ASSERT_EQ(result.sizes(), expected.sizes());
      EXPECT_LT((result - expected).abs().max().item<double>(), 1e-4);
    }
  }
}

TEST(PackedProduct, OfARowIsTheSameInAnyCompany) {
  at::manual_seed(6);
  for (const auto& [outputs, inputs] : kShapes) {
    const Matrix matrix = packed_alone(at::randn({outputs, inputs}));
    const at::Tensor x = at::randn({20, inputs});
    std::vector<at::Tensor> alone;
    for (std::int64_t row = 0; row < x.size(0); ++row)
      alone.push_back(matrix.multiply(x.narrow(0, row, 1), {}, Product::packed));
    for (std::int64_t first = 0; first < 4; ++first)
      for (std::int64_t rows = 1; first + rows <= x.size(0); ++rows) {
        const at::Tensor together = matrix.multiply(x.narrow(0, first, rows), {}, Product::packed);
        for (std::int64_t row = 0; row < rows; ++row)
          ASSERT_TRUE(together[row].equal(alone[static_cast<std::size_t>(first + row)][0]))
              << outputs << " x " << inputs << ", row " << row << " of " << rows;
      }
  }
}

TEST(PackedProduct, IsTheSameForWideAndNarrowRegisters) {
  if (!kernels::has_wide_registers()) GTEST_SKIP() << "this processor has no wide ones";
  at::manual_seed(7);
  for (const auto& [outputs, inputs] : kShapes) {
    const PackedMatrix matrix = pack(at::randn({outputs, inputs}));
    const auto* blocks = static_cast<const kernels::Bf16*>(matrix.blocks.const_data_ptr());
    const std::int64_t n_blocks = matrix.blocks.size(0);
    for (std::int64_t rows = 1; rows <= 20; ++rows) {
      const at::Tensor x = at::randn({rows, inputs});
      std::vector<at::Tensor> results;
      for (const bool wide : {true, false}) {
        results.push_back(at::empty({rows, n_blocks * kernels::kLanes}));
        kernels::packed_product(x.const_data_ptr<float>(), blocks, {rows, inputs, n_blocks},
                                results.back().data_ptr<float>(), wide);
      }
      EXPECT_TRUE(results[0].equal(results[1])) << outputs << " x " << inputs << ", " << rows;
    }
  }
}

TEST(PackedProduct, TakesTheTypeOfItsRows) {
  const Matrix matrix = packed_alone(at::ones({3, 4}));
  const at::Tensor result = matrix.multiply(at::ones({2, 4}, at::kBFloat16), {}, Product::packed);
  EXPECT_EQ(result.scalar_type(), at::kBFloat16);
  EXPECT_TRUE(result.eq(4.0).all().item<bool>());
}

TEST(Matrix, AProductWithoutItsFormUsesTheOther) {
  const at::Tensor weight = at::randn({3, 4});
  const Matrix matrix{.f32 = weight, .bf16 = {}};
  const at::Tensor x = at::randn({2, 4});
  for (const Product product : {Product::f32, Product::bf16, Product::packed})
    EXPECT_TRUE(matrix.multiply(x, {}, product).equal(at::linear(x, weight)));
}

}  // namespace
}  // namespace inpaint::engine
