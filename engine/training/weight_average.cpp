#include "engine/training/weight_average.h"

#include <ATen/core/grad_mode.h>

namespace inpaint::engine {

void WeightAverage::add(const std::vector<std::pair<std::string, at::Tensor>>& weights) {
  at::NoGradGuard no_grad;
  ++steps_;
  if (means_.empty())
    for (const auto& [name, weight] : weights) means_.emplace_back(name, weight.clone());
  else
    for (std::size_t i = 0; i < weights.size(); ++i)
      means_[i].second.lerp_(weights[i].second, 1.0 / static_cast<double>(steps_));
}

void WeightAverage::restore(std::vector<std::pair<std::string, at::Tensor>> means,
                            std::int64_t steps) {
  means_ = std::move(means);
  steps_ = steps;
}

}  // namespace inpaint::engine
