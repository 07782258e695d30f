// How much of the processor's matrix speed a training step uses.
//
// A step's work is counted from the shapes: two operations for each multiply-add of every product,
// three times over for a forward and its backward (one for the outputs, one for the gradients of
// either factor). What is computed twice, and rows that carry nothing, do not count.
//
// Units:  floating-point operations, and these a second.   Thread rule: the training thread.
// Source: the counting of arXiv 2204.02311 (PaLM), appendix B, with the causal half of attention.
#pragma once

#include "engine/training/batch.h"
#include "engine/weights/model_config.h"

namespace inpaint::engine {

/// Of one step on `batch`, with its context rows and span area as in `shape`.
double step_operations(const ModelConfig& config, const SampleShape& shape, const Batch& batch);

/// What one large product of this model reaches alone: `rows` rows times its widest matrix, measured
/// for about a third of a second with torch's current number of threads.
double product_speed(const ModelConfig& config, std::int64_t rows, at::ScalarType type,
                     at::Device device);

}  // namespace inpaint::engine
