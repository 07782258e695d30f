// The rows of `inpaint bench` about the steps of a fill: planned, tokenised, encoded, denoised.
//
// Each step is measured alone, so the planner is asked here and the engine's own interface, past
// the pipeline that completions go through (lsp/completion/fill_pipeline.h): a fill without drafts
// and checks. Context and denoising are told apart by the engine's reply; all else is timed from
// outside. Whole completions are those of bench_answer_rows.h.
#pragma once

#include "lsp/bench/bench_sampler.h"

namespace inpaint::lsp {

void measure_engine(BenchSampler& sampler);

}  // namespace inpaint::lsp
