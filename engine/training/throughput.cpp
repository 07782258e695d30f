#include "engine/training/throughput.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>

namespace inpaint::engine {

double step_operations(const ModelConfig& config, const SampleShape& shape, const Batch& batch) {
  const double hidden = config.hidden;
  const double attention = static_cast<double>(config.heads) * config.head_dim;
  const double keys = static_cast<double>(config.kv_heads) * config.head_dim;
  const double matrices = hidden * (2 * attention + 2 * keys) + 3.0 * hidden * config.intermediate;
  const double context = shape.context;
  const double seen = context * context / 2 + static_cast<double>(shape.area) * shape.rows();
  const auto sequences = static_cast<double>(batch.rows.tokens.size(0));
  const double used = static_cast<double>(batch.used_rows) / (sequences * shape.rows());

  const double layers = config.layers * (matrices * static_cast<double>(batch.used_rows) +
                                         2 * attention * seen * sequences * used);
  const double head = hidden * config.vocabulary * static_cast<double>(batch.loss_rows.size(0));
  constexpr double kMultiplyAdd = 2.0, kForwardAndBackward = 3.0;
  return kMultiplyAdd * kForwardAndBackward * (layers + head);
}

double product_speed(const ModelConfig& config, std::int64_t rows, at::ScalarType type,
                     at::Device device) {
  using Clock = std::chrono::steady_clock;
  at::NoGradGuard no_grad;
  const auto options = at::TensorOptions(type).device(device);
  const at::Tensor x = at::rand({rows, config.hidden}, options);
  const at::Tensor weight =
      at::rand({std::int64_t{2} * config.intermediate, config.hidden}, options);
  const double operations =
      2.0 * static_cast<double>(rows) * config.hidden * 2.0 * config.intermediate;
  double best = 0.0;
  const Clock::time_point start = Clock::now();
  while (Clock::now() - start < std::chrono::milliseconds(300)) {
    const Clock::time_point before = Clock::now();
    // One number read back: on a GPU a product is only begun when linear() returns.
    at::linear(x, weight)[0][0].item<double>();
    const std::chrono::duration<double> took = Clock::now() - before;
    best = std::max(best, operations / took.count());
  }
  return best;
}

}  // namespace inpaint::engine
