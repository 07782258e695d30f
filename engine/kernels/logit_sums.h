// Sums over a whole vocabulary of logits.
//
// Shapes: logits [n] f32, -inf where a token has no probability.
// Thread rule: any thread; no state.
#pragma once

#include <span>

namespace inpaint::engine::kernels {

/// log of the sum of exp(logit), taken from the greatest one so that nothing overflows. Not finite
/// where a logit is NaN or infinite, or where none has a probability.
float log_sum_exp(std::span<const float> logits);

}  // namespace inpaint::engine::kernels
