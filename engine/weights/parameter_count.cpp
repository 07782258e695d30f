#include "engine/weights/parameter_count.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace inpaint::engine {
namespace {

using kernels::QuantisedMatrix;

constexpr std::int64_t kComparedRows = 16;
// Of the cosine: in the file that the header names every row has 0.998 or more. Far below that, because other
// formats round more coarsely.
constexpr double kSameRow = 0.9;

bool is_same_row(const std::vector<float>& a, const std::vector<float>& b) {
  double product = 0.0;
  double squares_of_a = 0.0;
  double squares_of_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += static_cast<double>(a[i]) * b[i];
    squares_of_a += static_cast<double>(a[i]) * a[i];
    squares_of_b += static_cast<double>(b[i]) * b[i];
  }
  // Rows of tokens that are never used are zero on both sides, and tell nothing.
  if (squares_of_a == 0.0 && squares_of_b == 0.0) return true;
  return product > kSameRow * std::sqrt(squares_of_a * squares_of_b);
}

bool repeats(const QuantisedMatrix& head, const QuantisedMatrix& embedding) {
  if (head.outputs() != embedding.outputs() || head.inputs() != embedding.inputs()) return false;
  const std::int64_t step = std::max<std::int64_t>(1, head.outputs() / kComparedRows);
  std::vector<float> one(static_cast<std::size_t>(head.inputs()));
  std::vector<float> other(one.size());
  for (std::int64_t output = 0; output < head.outputs(); output += step) {
    head.row(output, one.data());
    embedding.row(output, other.data());
    if (!is_same_row(one, other)) return false;
  }
  return true;
}

}  // namespace

std::int64_t count_parameters(const PretrainedWeights& weights) {
  std::int64_t count = std::ssize(weights.final_norm);
  const auto add = [&](const QuantisedMatrix& matrix) {
    count += matrix.outputs() * matrix.inputs();
  };
  add(weights.embedding);
  if (!repeats(weights.head, weights.embedding)) add(weights.head);
  for (const PretrainedLayer& layer : weights.layers) {
    for (const QuantisedMatrix* matrix : matrices_of(layer)) add(*matrix);
    for (const std::vector<float>* values :
         {&layer.attention_norm, &layer.mlp_norm, &layer.q_bias, &layer.k_bias, &layer.v_bias,
          &layer.q_norm, &layer.k_norm})
      count += std::ssize(*values);
  }
  return count;
}

}  // namespace inpaint::engine
