// A batch of training samples as tensors.
//
// Shapes: rows [batch, rows] i64 each · mask [batch, 1, rows - causal rows, rows] in the training
// type, 0 or -inf · of the rows that carry a loss, flattened over the batch: loss_rows [n] i64 into
// [batch * rows], targets [n] i64, weights [n] f32, kinds [n] i64 (RowKind); n is a multiple of
// kLossChunkRows, the last ones weigh nothing and are of the kind unused.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/model/transformer.h"
#include "engine/training/corpus/training_sample.h"

namespace inpaint::engine {

struct Batch {
  RowTensors rows;
  at::Tensor mask;
  at::Tensor loss_rows, targets, weights, kinds;
  std::int64_t used_rows = 0;  // that carry a token
};

Batch make_batch(const std::vector<TrainingSample>& samples, const SampleShape& shape,
                 at::ScalarType type, at::Device device);

}  // namespace inpaint::engine
