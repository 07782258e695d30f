// How likely a draft is exactly what belongs in the hole.
//
// The odds of a draft grow with how much of what stands before and behind the hole its source shares, with
// how often the files say it, and fall with its length, each as a logarithm. One set of weights for holes
// of one line, one for blocks and statements, one for spans. Of the drafts of one hole at most one is
// right, so that each takes from the others: p = odds / (1 + sum of all odds), a multinomial logit whose
// last choice is none of them.
//
// Source: fitted by maximum likelihood on the drafts of 11,734 cases of held-out packages
//         (`inpaint cases --strip 2 --per-language 1500 --seed 77`, with `--neighbours 3` for the drafts
//         together: tests/quality/fit_drafts.py). Of 2,400 other cases it gives 238 drafts 0.9 and more: 95 % of
//         these are right (lines 98, spans 93); of those between 0.3 and 0.5 it is 43 %, of those below
//         0.03 one in two hundred. Of the best copies alone 90 to 94 % of those from 0.9 on are right.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "grammar/hole/hole_planner.h"
#include "lsp/retrieval/draft.h"

namespace inpaint::lsp {

/// 0 ... 1: of a hole's best copy, or of an analogy, where nothing is known of other drafts. `bytes`: of
/// the draft.
double copy_probability(const CopyMatch& match, std::size_t bytes, grammar::HoleKind kind);
double analogy_probability(const AnalogyMatch& match, std::size_t bytes, grammar::HoleKind kind);

/// What is seen of a draft among the others of its hole, each part only where it is there:
/// of a copy      1, before, after, places that say the same
/// of an analogy  1, equal, after, places, renamed names, whether a word changed, how many did, whether
///                it corrects a copy
/// of either      both a copy and an analogy, bytes
/// Counts are logarithms. tests/quality/fit_drafts.py fits a weight for each.
using DraftObservations = std::array<double, 14>;
DraftObservations draft_observations(const Draft& draft);

/// The natural logarithm of a draft's odds against none of the drafts.
double log_odds(const Draft& draft, grammar::HoleKind kind);

/// Sets the probability of all drafts of a hole, and puts the most probable first.
void rate_together(std::vector<Draft>& drafts, grammar::HoleKind kind);

}  // namespace inpaint::lsp
