// All that a training run needs to go on as if it had never stopped, in one file.
//
// Masters, moments and the mean of the weights, where one is kept, in f32 under their names; steps, rows,
// time and the place in the stream of samples in the metadata. Written atomically: a full disk leaves the old one whole.
// Errors: io_failed, bad_weights (of another shape or version).
#pragma once

#include <filesystem>

#include "engine/training/corpus/sample_stream.h"
#include "engine/training/optimiser.h"
#include "engine/training/weight_average.h"

namespace inpaint::engine {

struct RunState {
  StreamPlace place;
  std::int64_t rows = 0;   // trained on so far
  double seconds = 0;      // spent so far, for schedules in minutes
  std::uint64_t seed = 0;  // of the stream
};

Result<void> save_checkpoint(const std::filesystem::path& file, const Optimiser& optimiser,
                             const WeightAverage& mean, const RunState& state);

/// Restores optimiser and mean in place. On an error they may be half restored: give them up.
Result<RunState> load_checkpoint(const std::filesystem::path& file, Optimiser& optimiser,
                                 WeightAverage& mean);

}  // namespace inpaint::engine
