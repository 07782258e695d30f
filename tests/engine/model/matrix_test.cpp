// Products of matrices in each of their forms against ATen's own. Of packed products beyond that:
// tests/engine/kernels/packed_product_test.cpp.

#include "engine/model/matrix.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

struct ShapeCase {
  std::int64_t outputs, inputs;
};

constexpr ShapeCase kShapes[] = {{32, 1}, {64, 24}, {96, 33}, {50, 7}, {1, 5}, {130, 64}};

Matrix packed_alone(const at::Tensor& weight) {
  return {.f32 = {}, .bf16 = {}, .packed = pack(weight)};
}

TEST(Matrix, APackedProductIsThatOfTheWeightsInBf16) {
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

TEST(Matrix, APackedProductTakesTheTypeOfItsRows) {
  const Matrix matrix = packed_alone(at::ones({3, 4}));
  const at::Tensor result = matrix.multiply(at::ones({2, 4}, at::kBFloat16), {}, Product::packed);
  EXPECT_EQ(result.scalar_type(), at::kBFloat16);
  EXPECT_TRUE(result.eq(4.0).all().item<bool>());
}

TEST(Matrix, APackedProductRefusesRowsOfAnotherWidth) {
  const Matrix matrix = packed_alone(at::ones({3, 4}));
  EXPECT_THROW(matrix.multiply(at::ones({4, 2}), {}, Product::packed), c10::Error);
  EXPECT_THROW(matrix.multiply(at::ones({2, 4}), at::ones({2}), Product::packed), c10::Error);
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
