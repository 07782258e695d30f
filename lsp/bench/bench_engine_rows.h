// The rows of `inpaint bench` about the steps of a fill: planned, tokenised, context encoded, denoised.
//
// Context and denoising are told apart by the engine's own reply; all else is timed from outside.
#pragma once

#include "lsp/bench/bench_sampler.h"

namespace inpaint::lsp {

void measure_engine(BenchSampler& sampler);

}  // namespace inpaint::lsp
