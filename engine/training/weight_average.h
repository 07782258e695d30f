// The mean of the weights over the last steps of a run.
//
// Steps at a rate that has not fallen to nothing wander about a better place than any of them is at;
// their mean is near it (stochastic weight averaging, arXiv 1803.05407; of checkpoints in the stead of
// a decay, arXiv 2507.17634). All steps count alike, so the mean costs one more copy of the masters.
//
// Thread rule: the training thread only.   Memory: one f32 copy of what is averaged.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <utility>
#include <vector>

namespace inpaint::engine {

class WeightAverage {
 public:
  /// Counts one more step. `weights`: f32, the same tensors in the same order each time.
  void add(const std::vector<std::pair<std::string, at::Tensor>>& weights);

  bool empty() const { return steps_ == 0; }
  std::int64_t steps() const { return steps_; }
  const at::Tensor& mean(std::size_t index) const { return means_[index].second; }
  /// By name, in the order of add(); what a checkpoint holds.
  const std::vector<std::pair<std::string, at::Tensor>>& means() const { return means_; }

  /// Goes on from another run's means.
  void restore(std::vector<std::pair<std::string, at::Tensor>> means, std::int64_t steps);

 private:
  std::vector<std::pair<std::string, at::Tensor>> means_;
  std::int64_t steps_ = 0;
};

}  // namespace inpaint::engine
