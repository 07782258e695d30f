// The step of all rules that go by confidence alone: how sure the n-th surest proposal has to be.
//
// Source: Fast-dLLM, arXiv 2505.22618, section 3.3.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/decoding/sampler.h"

namespace inpaint::engine {

/// Sets the surest proposals, as long as the n-th of them, counted from 1, is at least
/// `required(n)` certain, and always the first; of equals the leftmost is the surest. `required`
/// never falls. `end`: held back as Sampler::step() has it; it joins the others where with them
/// nothing is missing to its left and it is as certain as the next one has to be.
std::vector<CellEdit> set_surest(const Canvas& canvas, std::span<const Proposal> proposals,
                                 TokenId end, const std::function<float(std::size_t n)>& required);

}  // namespace inpaint::engine
