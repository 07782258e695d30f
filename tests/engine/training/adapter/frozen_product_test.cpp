// Products with frozen weights, and the gradient that passes them, against f32 products.
#include "engine/training/adapter/frozen_product.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <span>
#include <vector>

#include "engine/training/adapter/dense_matrix.h"
#include "tests/engine/kernels/random_blocks.h"

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;
using kernels::QuantisedMatrix;

struct Case {
  const char* name;
  BlockFormat format;
  std::int64_t outputs, inputs;
  double tolerance;  // of the result's size: 8 bits in blocks, or nothing but the order of sums
  at::ScalarType type = at::kFloat;
};

/// The same numbers on every machine: torch's own depend on the width of its registers.
at::Tensor drawn(std::mt19937& random, std::int64_t rows, std::int64_t columns) {
  std::normal_distribution<float> normal;
  at::Tensor result = at::empty({rows, columns});
  for (float& number :
       std::span(result.data_ptr<float>(), static_cast<std::size_t>(rows * columns)))
    number = normal(random);
  return result;
}

class FrozenProductOf : public testing::TestWithParam<Case> {};

double distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

TEST_P(FrozenProductOf, IsTheProductAndSoIsItsGradient) {
  const Case& given = GetParam();
  std::mt19937 random(7);
  const QuantisedMatrix matrix(
      given.format, given.outputs, given.inputs,
      kernels::random_blocks(random, given.format, given.outputs * given.inputs));
  kernels::ThreadPool pool(2);
  const FrozenProduct product(matrix, given.type, pool);
  const at::Tensor weights = dense(matrix);
  for (const std::int64_t rows : {1, 5, 70}) {
    // The size of a single row may be small by chance, and what is rounded away is not.
    const double tolerance = rows == 1 ? 2.0 * given.tolerance : given.tolerance;
    at::Tensor x = drawn(random, rows, given.inputs).to(given.type);
    at::Tensor twin = x.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
    x.requires_grad_(true);
    twin.requires_grad_(true);
    const at::Tensor towards = drawn(random, rows, given.outputs);
    const at::Tensor y = product(x), expected = at::linear(twin, weights);
    EXPECT_EQ(y.scalar_type(), given.type);
    EXPECT_LE(distance(y, expected), tolerance) << rows << " rows";
    (y * towards).sum().backward();
    (expected * towards).sum().backward();
    EXPECT_LE(distance(x.grad(), twin.grad()), tolerance) << rows << " rows";
  }
}

TEST_P(FrozenProductOf, AGradientThatIsNoNumberStaysNone) {
  const Case& given = GetParam();
  std::mt19937 random(7);
  kernels::ThreadPool pool(1);
  const FrozenProduct product(
      QuantisedMatrix(given.format, given.outputs, given.inputs,
                      kernels::random_blocks(random, given.format, given.outputs * given.inputs)),
      given.type, pool);
  at::Tensor x = drawn(random, 2, given.inputs).to(given.type).requires_grad_(true);
  at::Tensor towards = at::ones({2, given.outputs});
  towards[1][0] = NAN;
  (product(x) * towards).sum().backward();
  EXPECT_TRUE(x.grad()[0].isfinite().all().item<bool>());
  EXPECT_TRUE(x.grad()[1].isnan().all().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(
    Formats, FrozenProductOf,
    testing::Values(Case{"f32", BlockFormat::f32, 40, 24, 1e-5},
                    Case{"f16", BlockFormat::f16, 32, 48, 1e-5},
                    Case{"q8_0", BlockFormat::q8_0, 64, 96, 0.02},
                    Case{"q5_0", BlockFormat::q5_0, 96, 32, 0.02},
                    Case{"q4_k_outputs_no_whole_blocks", BlockFormat::q4_k, 40, 256, 0.02},
                    Case{"q6_k", BlockFormat::q6_k, 64, 512, 0.02},
                    Case{"bf16_of_q5_0", BlockFormat::q5_0, 96, 32, 0.01, at::kBFloat16}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace inpaint::engine
