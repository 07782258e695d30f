// The row-wise kernels against their formulas in f64, and their gradients against differences of
// these; in both storage types.

#include "engine/kernels/fused_kernels.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

using Numbers = std::vector<double>;
using Formula = std::function<Numbers(const Numbers&)>;

template <class T>
std::vector<T> as(const std::vector<float>& numbers);
template <>
std::vector<float> as(const std::vector<float>& numbers) {
  return numbers;
}
template <>
std::vector<Bf16> as(const std::vector<float>& numbers) {
  return rounded(numbers);
}

template <class T>
Numbers read(const std::vector<T>& numbers) {
  Numbers out;
  for (const T number : numbers) out.push_back(double{load(number)});
  return out;
}

/// The gradient of <weights, formula(x)>, by differences to both sides.
Numbers gradient(const Formula& formula, Numbers x, const Numbers& weights) {
  constexpr double kStep = 1e-5;
  const auto value = [&] {
    const Numbers y = formula(x);
    double sum = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) sum += y[i] * weights[i];
    return sum;
  };
  Numbers out;
  for (double& one : x) {
    const double at = one;
    one = at + kStep;
    const double above = value();
    one = at - kStep;
    out.push_back((above - value()) / (2 * kStep));
    one = at;
  }
  return out;
}

template <class T>
double tolerance() {
  return std::is_same_v<T, float> ? 2e-5 : 2e-2;
}

/// Relative to the greatest of what is expected.
template <class T>
void expect_close(const Numbers& found, const Numbers& expected, const char* what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  double greatest = 1e-3;
  for (const double number : expected) greatest = std::max(greatest, std::abs(number));
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_NEAR(found[i] / greatest, expected[i] / greatest, tolerance<T>()) << what << " " << i;
}

template <class T>
class FusedKernels : public testing::Test {
 protected:
  std::mt19937 random_{11};
  std::vector<T> numbers(std::int64_t n, float scale = 1.0F) {
    return as<T>(normal_floats(random_, n, scale));
  }
};
using StorageTypes = testing::Types<float, Bf16>;
TYPED_TEST_SUITE(FusedKernels, StorageTypes);

/// [x | weight] -> x / rms(x) * weight, row by row.
Formula rms_norm_formula(std::size_t width, double eps) {
  return [=](const Numbers& x) {
    const std::size_t rows = x.size() / width - 1;
    Numbers y;
    for (std::size_t row = 0; row < rows; ++row) {
      double squares = 0.0;
      for (std::size_t i = 0; i < width; ++i) squares += x[row * width + i] * x[row * width + i];
      const double scale = 1.0 / std::sqrt(squares / static_cast<double>(width) + eps);
      for (std::size_t i = 0; i < width; ++i)
        y.push_back(x[row * width + i] * scale * x[rows * width + i]);
    }
    return y;
  };
}

TYPED_TEST(FusedKernels, RmsNorm) {
  for (const std::int64_t width : {1, 13, 40}) {
    constexpr std::int64_t kRows = 3;
    const auto x = this->numbers(kRows * width);
    const auto weight = this->numbers(width);
    const auto dy = this->numbers(kRows * width);
    auto y = x, dx = x;
    std::vector<float> scale(kRows), d_weight(static_cast<std::size_t>(width));
    // In two pieces, as threads take them.
    for (const RowRange range : {RowRange{0, 1}, RowRange{1, kRows}}) {
      rms_norm(x.data(), weight.data(), 1e-5F, width, range, y.data(), scale.data());
      rms_norm_backward(x.data(), weight.data(), scale.data(), dy.data(), width, range, dx.data(),
                        d_weight.data());
    }
    Numbers all = read(x);
    std::ranges::copy(read(weight), std::back_inserter(all));
    const Formula formula = rms_norm_formula(static_cast<std::size_t>(width), 1e-5);
    expect_close<TypeParam>(read(y), formula(all), "result");
    Numbers found = read(dx);
    std::ranges::copy(read(d_weight), std::back_inserter(found));
    expect_close<TypeParam>(found, gradient(formula, all, read(dy)), "gradient");
  }
}

TYPED_TEST(FusedKernels, RmsNormKeepsNotANumberInItsRow) {
  auto x = this->numbers(16);
  store(x[11], std::numeric_limits<float>::quiet_NaN());
  const auto weight = this->numbers(8);
  auto y = x;
  std::vector<float> scale(2);
  rms_norm(x.data(), weight.data(), 1e-6F, 8, {0, 2}, y.data(), scale.data());
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_TRUE(std::isfinite(load(y[i])));
    EXPECT_TRUE(std::isnan(load(y[8 + i])));
  }
}

TYPED_TEST(FusedKernels, GatedSilu) {
  constexpr std::size_t kWidth = 33;
  const Formula formula = [](const Numbers& x) {
    Numbers y;
    for (std::size_t row = 0; row < x.size(); row += 2 * kWidth)
      for (std::size_t i = 0; i < kWidth; ++i)
        y.push_back(x[row + i] / (1.0 + std::exp(-x[row + i])) * x[row + kWidth + i]);
    return y;
  };
  for (const float scale : {1.0F, 4.0F, 60.0F}) {
    const auto x = this->numbers(3 * 2 * kWidth, scale);
    const auto dy = this->numbers(3 * kWidth);
    auto y = dy, dx = x;
    gated_silu(x.data(), kWidth, {0, 3}, y.data());
    gated_silu_backward(x.data(), dy.data(), kWidth, {0, 3}, dx.data());
    expect_close<TypeParam>(read(y), formula(read(x)), "result");
    expect_close<TypeParam>(read(dx), gradient(formula, read(x), read(dy)), "gradient");
  }
}

/// [x | weight] -> the head, normed and turned by an angle for each pair of channels.
Formula norm_rotate_formula(std::size_t head_dim, const Numbers& angles, bool norms, double eps) {
  return [=](const Numbers& x) {
    Numbers normed(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(head_dim));
    if (norms) normed = rms_norm_formula(head_dim, eps)(x);
    const std::size_t half = head_dim / 2;
    Numbers y(head_dim);
    for (std::size_t i = 0; i < half; ++i) {
      y[i] = normed[i] * std::cos(angles[i]) - normed[i + half] * std::sin(angles[i]);
      y[i + half] = normed[i + half] * std::cos(angles[i]) + normed[i] * std::sin(angles[i]);
    }
    return y;
  };
}

TYPED_TEST(FusedKernels, NormRotateOfHeadsOfAnySize) {
  // 4,096 channels are the most that a configuration may ask for.
  for (const int head_dim : {2, 16, 64, 512, 514, 1024, 4096})
    for (const bool norms : {true, false}) {
      SCOPED_TRACE(testing::Message() << head_dim << (norms ? " with a norm" : ""));
      const auto x = this->numbers(head_dim);
      const auto weight = this->numbers(head_dim);
      const auto dy = this->numbers(head_dim);
      const Numbers angles = read(this->numbers(head_dim / 2));
      std::vector<float> cos, sin;
      for (int i = 0; i < head_dim; ++i) {
        const double angle = angles[static_cast<std::size_t>(i % (head_dim / 2))];
        cos.push_back(static_cast<float>(std::cos(angle)));
        sin.push_back(static_cast<float>(std::sin(angle)));
      }
      const HeadTurn turn{cos.data(), sin.data(), head_dim, 1e-6F};
      const TypeParam* given = norms ? weight.data() : nullptr;
      auto y = x, dx = x;
      float scale = 1.0F;
      std::vector<float> d_weight(static_cast<std::size_t>(head_dim));
      norm_rotate(x.data(), given, turn, y.data(), &scale);
      norm_rotate_backward(x.data(), given, turn, scale, dy.data(), dx.data(), d_weight.data());

      Numbers all = read(x);
      if (norms) std::ranges::copy(read(weight), std::back_inserter(all));
      const auto width = static_cast<std::size_t>(head_dim);
      const Formula formula = norm_rotate_formula(width, angles, norms, 1e-6);
      expect_close<TypeParam>(read(y), formula(all), "result");
      if (head_dim > 1024) continue;  // differences of all channels would take minutes
      Numbers found = read(dx);
      if (norms) std::ranges::copy(read(d_weight), std::back_inserter(found));
      expect_close<TypeParam>(found, gradient(formula, all, read(dy)), "gradient");
    }
}

/// softmax(scale scores + bias) over the first `seen`.
Formula softmax_formula(double scale, const Numbers& bias, std::size_t seen) {
  return [=](const Numbers& scores) {
    Numbers p(scores.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < seen; ++i)
      sum += p[i] = std::exp(scores[i] * scale + (bias.empty() ? 0.0 : bias[i]));
    for (double& one : p) one /= sum;
    return p;
  };
}

TYPED_TEST(FusedKernels, AttentionRow) {
  constexpr std::int64_t kWidth = 37;
  for (const std::int64_t seen : {1, 20, 37})
    for (const bool biased : {true, false}) {
      const auto scores = this->numbers(kWidth, 3.0F);
      const auto bias = this->numbers(kWidth);
      const auto dp = this->numbers(kWidth);
      auto p = scores, d_scores = dp;
      attention_row(p.data(), biased ? bias.data() : nullptr, 0.5F, seen, kWidth);
      attention_row_backward(p.data(), 0.5F, kWidth, d_scores.data());
      const Formula formula =
          softmax_formula(0.5, biased ? read(bias) : Numbers{}, static_cast<std::size_t>(seen));
      expect_close<TypeParam>(read(p), formula(read(scores)), "result");
      expect_close<TypeParam>(read(d_scores), gradient(formula, read(scores), read(dp)),
                              "gradient");
    }
}

TYPED_TEST(FusedKernels, ARowThatSeesNothingBecomesNothing) {
  const std::vector<float> hidden(8, -std::numeric_limits<float>::infinity());
  const auto bias = as<TypeParam>(hidden);
  auto scores = this->numbers(8);
  attention_row(scores.data(), bias.data(), 1.0F, 8, 8);
  for (const double p : read(scores)) EXPECT_EQ(p, 0.0);
}

/// Cross entropy, and `certainty` times the entropy where the target is the first choice.
Formula loss_formula(std::size_t target, double certainty) {
  return [=](const Numbers& logits) -> Numbers {
    const double highest = *std::ranges::max_element(logits);
    double sum = 0.0;
    for (const double x : logits) sum += std::exp(x - highest);
    double entropy = 0.0;
    for (const double x : logits)
      entropy -= std::exp(x - highest) / sum * (x - highest - std::log(sum));
    const bool right = logits[target] == highest;
    return {std::log(sum) - (logits[target] - highest) + (right ? certainty * entropy : 0.0)};
  };
}

TYPED_TEST(FusedKernels, CrossEntropyRow) {
  constexpr std::int64_t kVocabulary = 50;
  for (const float certainty : {0.0F, 0.7F})
    for (const bool right : {true, false}) {
      auto logits = this->numbers(kVocabulary, 2.0F);
      const Numbers before = read(logits);
      const auto first_choice = std::ranges::max_element(before) - before.begin();
      const std::int64_t target = right ? first_choice : (first_choice + 1) % kVocabulary;
      const Formula formula = loss_formula(static_cast<std::size_t>(target), double{certainty});
      const float loss = cross_entropy_row(logits.data(), kVocabulary, {target, 0.25F, certainty});
      EXPECT_NEAR(loss, formula(before).front(), 1e-5);
      expect_close<TypeParam>(read(logits), gradient(formula, before, {0.25}), "gradient");
    }
}

}  // namespace
}  // namespace inpaint::engine::kernels
