// The rows of `inpaint bench` about whole answers: what stands between a key and its ghost text, and
// the check that every answer must pass.
#pragma once

#include "lsp/bench/bench_sampler.h"

namespace inpaint::lsp {

/// The promise for one fill; a single line answered as the server answers it.
void measure_answers(BenchSampler& sampler);

}  // namespace inpaint::lsp
