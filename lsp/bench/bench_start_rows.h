// The rows of `inpaint bench` about starting: the program itself, run again and again.
#pragma once

#include "lsp/bench/bench_sampler.h"

namespace inpaint::lsp {

/// To --help, to the answer to `initialize`, and to a model that is open. Nothing where the subject
/// names no program.
void measure_starts(BenchSampler& sampler);

}  // namespace inpaint::lsp
