// Turns cached keys to other positions: rotary embeddings compose, so a key at position p becomes
// that at p + n by the rotation of n alone (RoPE, arXiv 2104.09864, section 3.2).
//
// Shapes: keys [blocks, width, 32] f32 as attention_kernel.h has them · cos, sin [width / 2] of the
//         angle, half-split: channel i turns with channel i + width / 2.
// Thread rule: any thread; no state.
#pragma once

#include <cstdint>
#include <span>

namespace inpaint::engine::kernels {

void turn_keys(float* keys, std::int64_t width, std::span<const std::int64_t> rows,
               const float* cos, const float* sin);

}  // namespace inpaint::engine::kernels
