// Answers one case by its best draft alone: the baseline that every model has to beat.
//
// This goes round the pipeline of completions (lsp/completion/fill_pipeline.h) on purpose. What is
// measured is a draft as it is found, brought into no style and checked by nothing; so planner,
// finders and promise are asked here directly, and the promise only counts how badly the file then
// parses.
//
// Thread rule: any thread.
#pragma once

#include "grammar/tree/language.h"
#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"
#include "lsp/evaluation/runner_options.h"

namespace inpaint::lsp {

/// Without an id. `language` may be null. Of the options those count that are about drafts.
EvalResult answer_by_draft(const EvalCase& asked, const grammar::Language* language,
                           const RunnerOptions& options);

}  // namespace inpaint::lsp
