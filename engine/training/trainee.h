// The model while it is trained: working weights, their optimiser, and what a batch says of them.
//
// Thread rule: the training thread only.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/model/transformer.h"
#include "engine/model/weight_files.h"
#include "engine/train_options.h"
#include "engine/training/batch.h"
#include "engine/training/optimiser.h"
#include "engine/training/weight_average.h"

namespace inpaint::engine {

/// Weights of a new model: normal with deviation 0.02, the outputs of each block scaled down by
/// sqrt(2 layers) so that the sum over the layers starts at the scale of one.
TransformerWeights initial_weights(const ModelConfig& config, std::uint64_t seed);

/// That `name` says: "bf16", "f32", or "auto", which is bf16 where the device is fast at it.
at::ScalarType working_type(const std::string& name, Device device);

class Trainee {
 public:
  /// `weights` in f32; `type` is that of the working weights and of all that flows.
  Trainee(ModelConfig config, const TransformerWeights& weights, at::ScalarType type,
          at::Device device, int max_positions);

  /// Forward, backward and one step. Masks that are right already learn to be sure of it with the
  /// weight `certainty` (linear_cross_entropy.h). Returns the loss; not finite: nothing has moved.
  double learn(const Batch& batch, double learning_rate, double certainty = 0.0);

  /// Counts the weights as they are now into the mean.
  void average();

  /// Which weights measure() is asked of; learn() goes on from the last ones. The mean must not be
  /// empty.
  enum class Weights { last, mean };
  void use(Weights which);

  /// Losses and accuracies of a batch, no gradients. The first choices of the rows that carry a
  /// loss go to `first_choices` [n] i64 if asked.
  Measurement measure(const Batch& batch, at::Tensor* first_choices = nullptr) const;

  /// What the run is to leave, in f32 under the names of a weight file: the mean if there is one,
  /// else the masters.
  std::vector<NamedTensor> finished() const;

  Optimiser& optimiser() { return optimiser_; }
  WeightAverage& mean() { return mean_; }
  const ModelConfig& config() const { return config_; }
  at::ScalarType type() const { return type_; }
  at::Device device() const { return device_; }

 private:
  at::Tensor hidden(const Batch& batch) const;  // of the rows with a loss
  const at::Tensor& weight(Weights which, std::size_t index) const {
    return which == Weights::mean ? mean_.mean(index) : optimiser_.master(index);
  }

  ModelConfig config_;
  at::ScalarType type_;
  at::Device device_;
  TransformerWeights working_;
  RotaryTable rotary_;
  Optimiser optimiser_;
  WeightAverage mean_;
};

}  // namespace inpaint::engine
