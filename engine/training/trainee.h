// The model while it is trained: working weights, their optimiser, and what a batch says of them.
//
// Thread rule: the training thread only.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/model/transformer.h"
#include "engine/model/weight_files.h"
#include "engine/training/batch.h"
#include "engine/training/optimiser.h"
#include "engine/training/train_options.h"

namespace inpaint::engine {

/// Weights of a new model: normal with deviation 0.02, the outputs of each block scaled down by
/// sqrt(2 layers) so that the sum over the layers starts at the scale of one.
TransformerWeights initial_weights(const ModelConfig& config, std::uint64_t seed);

class Trainee {
 public:
  /// `weights` in f32; `type` is that of the working weights and of all that flows.
  Trainee(ModelConfig config, const TransformerWeights& weights, at::ScalarType type,
          at::Device device, int max_positions);

  /// Forward, backward and one step. Returns the loss; not finite: nothing has moved.
  double learn(const Batch& batch, double learning_rate);

  /// Losses and accuracies of a batch, no gradients. The first choices of the rows that carry a
  /// loss go to `first_choices` [n] i64 if asked.
  Measurement measure(const Batch& batch, at::Tensor* first_choices = nullptr) const;

  /// The f32 masters under the names of a weight file.
  std::vector<NamedTensor> masters() const;

  Optimiser& optimiser() { return optimiser_; }
  const ModelConfig& config() const { return config_; }
  at::ScalarType type() const { return type_; }
  at::Device device() const { return device_; }

 private:
  at::Tensor hidden(const Batch& batch) const;  // of the rows with a loss

  ModelConfig config_;
  at::ScalarType type_;
  at::Device device_;
  TransformerWeights working_;
  RotaryTable rotary_;
  Optimiser optimiser_;
};

}  // namespace inpaint::engine
