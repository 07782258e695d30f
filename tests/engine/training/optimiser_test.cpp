// One step of Muon and of AdamW against what their papers say, computed here in f64.

#include <gtest/gtest.h>

#include "engine/training/optimiser.h"

namespace inpaint::engine {
namespace {

constexpr double kRate = 0.01;

at::Tensor made_matrix(std::int64_t rows, std::int64_t columns) {
  at::manual_seed(1);
  return at::randn({rows, columns}, at::kDouble) * 0.01;  // small: the gradient is not clipped
}

/// How far one step moves weights that were zero, with `gradient`, in units of the rate.
at::Tensor moved(const at::Tensor& gradient, at::ScalarType type, std::vector<std::int64_t> parts) {
  at::Tensor working = at::zeros(gradient.sizes(), type).requires_grad_(true);
  working.mutable_grad() = gradient.to(type);
  Optimiser optimiser({{"w", working, std::move(parts)}}, {});
  optimiser.step(kRate);
  return optimiser.master(0).to(at::kDouble) / -kRate;
}

/// Five iterations of the quintic, on a matrix that is not tall.
at::Tensor newton_schulz(at::Tensor x) {
  x = x / x.norm();
  for (int i = 0; i < 5; ++i) {
    const at::Tensor gram = at::mm(x, x.t());
    x = 3.4445 * x + at::mm(-4.7750 * gram + 2.0315 * at::mm(gram, gram), x);
  }
  return x;
}

double greatest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Optimiser, MuonMovesAlongAnOrthogonalMatrix) {
  struct Case {
    const char* name;
    at::ScalarType type;
    double tolerance;
  };
  const Case cases[] = {
      {"weights in f32 are moved in f32", at::kFloat, 1e-4},
      {"weights in bf16 are moved in bf16", at::kBFloat16, 0.05},
  };
  const at::Tensor gradient = made_matrix(16, 24);
  const double scale = 0.2 * std::sqrt(24.0);
  for (const Case& c : cases) {
    const at::Tensor wide = moved(gradient, c.type, {16}) / scale;
    EXPECT_LT(greatest_difference(wide, newton_schulz(gradient)), c.tolerance) << c.name;
    const at::Tensor tall = moved(gradient.t().contiguous(), c.type, {24}) / scale;
    EXPECT_LT(greatest_difference(tall.t(), newton_schulz(gradient)), c.tolerance) << c.name;
  }
}

TEST(Optimiser, MuonTakesEachPartOfAFusedMatrixByItself) {
  const at::Tensor gradient = made_matrix(24, 32);
  const at::Tensor both = moved(gradient, at::kFloat, {8, 16});
  const double scale = 0.2 * std::sqrt(32.0);
  for (const auto& [begin, rows] : {std::pair{0, 8}, std::pair{8, 16}})
    EXPECT_LT(greatest_difference(both.narrow(0, begin, rows) / scale,
                                  newton_schulz(gradient.narrow(0, begin, rows))),
              1e-4)
        << "rows from " << begin;
}

TEST(Optimiser, AdamWsFirstStepIsTheSignOfTheGradient) {
  const at::Tensor gradient = made_matrix(4, 6);
  EXPECT_LT(greatest_difference(moved(gradient, at::kFloat, {}), gradient.sign()), 1e-3);
}

}  // namespace
}  // namespace inpaint::engine
