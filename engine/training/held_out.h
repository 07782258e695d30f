// What a run is measured by: a few batches of texts that it does not train on, the same each time.
//
// Thread rule: the training thread only.
#pragma once

#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"
#include "engine/train_options.h"
#include "engine/training/batch_stream.h"
#include "engine/training/trainee.h"

namespace inpaint::engine {

class HeldOut {
 public:
  /// Takes the first batches of a stream. Errors: those of the stream.
  static Result<HeldOut> take(BatchStream& stream);

  /// Means over the batches, with the weights that `model` has in use.
  Measurement measure(const Trainee& model);

  /// Two lines to look at: a span as it is, and as the clean rows continued it when they were
  /// measured last.
  std::string example(const Tokenizer& tokenizer) const;

 private:
  std::vector<Batch> batches_;
  at::Tensor choices_;  // of the last batch: first choices of the rows with a loss, [n] i64
};

}  // namespace inpaint::engine
