// The gate of a feed-forward layer, with gate and value in places of their own.
//
// Source: SwiGLU, arXiv 2002.05202, section 2.      Thread rule: any thread; no state.
#pragma once

#include <cstdint>

namespace inpaint::engine::kernels {

/// x = x * silu(gate), n of each.
void multiply_by_silu(const float* gate, std::int64_t n, float* x);

}  // namespace inpaint::engine::kernels
