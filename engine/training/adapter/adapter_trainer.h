// The loop of `inpaint train --adapter`: prompts in, what the base writes behind them, steps of the masks
// that are to foresee it; a log, checkpoints and an adapter out.
//
// A round writes a few spans side by side (base_writer.h) and takes a step for every `batch` of them.
// Targets are the base's own tokens, so every row behind a place of a span has one.
//
// Errors: as of train().
#pragma once

#include <stop_token>

#include "engine/train_options.h"

namespace inpaint::engine {

/// `options.adapter` is set.
Result<TrainReport> train_adapter(const TrainOptions& options, const std::stop_token& stop,
                                  const TrainLog& log);

}  // namespace inpaint::engine
