// The share of the learning rate at a point of a run: warm-up, stable, decay.
//
// Progress is counted in steps or in minutes, whichever limit of the run is nearer.
// Source: arXiv 2404.06395, section 4; with a linear decay.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/train_options.h"

namespace inpaint::engine {

/// How much of the run is done, 0 … 1; 0 where it has no limit.
inline double run_progress(const TrainOptions& options, std::int64_t step, double seconds) {
  double progress = 0.0;
  if (options.steps > 0) progress = static_cast<double>(step) / static_cast<double>(options.steps);
  if (options.minutes > 0) progress = std::max(progress, seconds / (options.minutes * 60.0));
  return progress;
}

inline double learning_rate_share(const TrainOptions& options, std::int64_t step, double seconds) {
  const double warm =
      std::min(1.0, static_cast<double>(step + 1) / std::max(1, options.warmup_steps));
  const double progress = run_progress(options, step, seconds);
  const double left = options.decay > 0 ? (1.0 - progress) / options.decay : 1.0;
  return warm * std::clamp(left, 0.0, 1.0);
}

}  // namespace inpaint::engine
