#include "engine/training/batch.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/training/linear_cross_entropy.h"

namespace inpaint::engine {
namespace {

template <class T>
at::Tensor tensor_of(const std::vector<T>& values, at::ScalarType type) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, type);
  std::ranges::copy(values, tensor.data_ptr<T>());
  return tensor;
}

}  // namespace

Batch make_batch(const std::vector<TrainingSample>& samples, const SampleShape& shape,
                 at::ScalarType type, at::Device device) {
  const auto count = static_cast<std::int64_t>(samples.size());
  const std::int64_t rows = shape.rows();
  std::vector<std::int64_t> tokens, positions;
  std::array<std::vector<std::int64_t>, kCopyHints> hints, classes;
  std::vector<std::int64_t> loss_rows, targets, kinds;
  std::vector<float> weights;
  at::Tensor visible = at::empty({count, 1, rows - shape.causal_rows(), rows}, at::kByte);
  std::uint8_t* bits = visible.data_ptr<std::uint8_t>();
  Batch batch;
  for (const TrainingSample& sample : samples) {
    const auto start = static_cast<std::int64_t>(tokens.size());
    tokens.insert(tokens.end(), sample.tokens.begin(), sample.tokens.end());
    positions.insert(positions.end(), sample.positions.begin(), sample.positions.end());
    bits = std::ranges::copy(sample.visible, bits).out;
    batch.used_rows += rows - std::ranges::count(sample.kinds, RowKind::unused);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::size_t rank = 0; rank < kCopyHints; ++rank) {
        hints[rank].push_back(sample.copy_hints[row][rank].token);
        classes[rank].push_back(match_class(sample.copy_hints[row][rank]));
      }
      if (sample.targets[row] < 0) continue;
      loss_rows.push_back(start + row);
      targets.push_back(sample.targets[row]);
      weights.push_back(sample.weights[row]);
      kinds.push_back(static_cast<std::int64_t>(sample.kinds[row]));
    }
  }
  // The rows with a loss differ in number from step to step. Rows that weigh nothing round it up,
  // so that a step asks for blocks of memory of the same few sizes as the one before: without them
  // the trainer's heap grew from 4 to 10 GB in an hour.
  while (loss_rows.size() % kLossChunkRows != 0) {
    loss_rows.push_back(0);
    targets.push_back(0);
    weights.push_back(0.0F);
    kinds.push_back(static_cast<std::int64_t>(RowKind::unused));
  }
  const auto by_row = [&](const std::vector<std::int64_t>& values) {
    return tensor_of(values, at::kLong).view({count, rows}).to(device);
  };
  batch.rows = {by_row(tokens), by_row(positions), {}};
  for (std::size_t rank = 0; rank < kCopyHints; ++rank)
    batch.rows.copy_hints.push_back({by_row(hints[rank]), by_row(classes[rank])});
  batch.mask = at::zeros(visible.sizes(), at::TensorOptions(type).device(device));
  batch.mask.masked_fill_(visible.to(device).eq(0), -std::numeric_limits<float>::infinity());
  batch.loss_rows = tensor_of(loss_rows, at::kLong).to(device);
  batch.targets = tensor_of(targets, at::kLong).to(device);
  batch.weights = tensor_of(weights, at::kFloat).to(device);
  batch.kinds = tensor_of(kinds, at::kLong).to(device);
  return batch;
}

}  // namespace inpaint::engine
