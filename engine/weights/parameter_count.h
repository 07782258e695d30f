// How many parameters a model has, as its publisher counts them.
//
// A file may hold one matrix twice: where embedding and head are the same weights, quantisers still
// write both, the head in more bits, and nothing in a GGUF file says so (measured: the 0.5B model of
// Qwen2.5-Coder has 494M parameters and a file of 630M numbers). The rows themselves tell: two
// roundings of one row point the same way, rows that were trained apart do not.
//
// Units:  numbers; norms and biases are counted too.      Thread rule: pure; any thread.
#pragma once

#include <cstdint>

#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

/// A head that repeats the embedding is counted once.
std::int64_t count_parameters(const PretrainedWeights& weights);

}  // namespace inpaint::engine
