// How likely a draft is exactly what belongs in the hole.
//
// A logistic function of how much of what stands before and behind the hole the draft's source shares,
// of how often the files say it, and of the draft's length, each as a logarithm; of an analogy also of
// how many names differ. One set of weights for holes of one line, one for blocks and statements, one for
// spans.
//
// Source: fitted by maximum likelihood on the best drafts of 11,734 cases of held-out packages
//         (`inpaint cases --strip 2 --per-language 1500 --seed 77`, see tests/quality/). Of the best
//         drafts that it gives 0.9 to 1, 94 % (lines), 90 % (blocks) and 90 % (spans) were right
//         there, of those around a half a half, of those below 0.1 1 to 3 %. tests/quality/ checks
//         it on other cases.
#pragma once

#include "grammar/hole_planner.h"
#include "lsp/completion/draft.h"

namespace inpaint::lsp {

/// 0 ... 1, growing with each match. What the draft says of its probability is not looked at.
double copy_probability(const Draft& copy, grammar::HoleKind kind);
double analogy_probability(const Draft& analogy, grammar::HoleKind kind);

}  // namespace inpaint::lsp
