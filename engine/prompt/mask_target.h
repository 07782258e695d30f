// Which token a masked row predicts: an option of a model's format.
//
// Masks that were learned beside a causal loss from the start speak of their own place (LLaDA,
// arXiv 2502.09992; block diffusion, arXiv 2503.09573). Models that were trained left to right
// first, and kept their shift, speak of the place behind it, as their clean rows do (Dream, arXiv
// 2508.15487; Fast-dLLM v2, arXiv 2509.26328).
#pragma once

#include <cstdint>

namespace inpaint::engine {

enum class MaskTarget : std::uint8_t { own_place, next_place };

}  // namespace inpaint::engine
