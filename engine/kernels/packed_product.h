// Products of a few rows with a weight matrix that was packed for them once.
//
// A library's product packs its matrix at each call, which is most of the work where few rows share it.
// Here the matrix lies ready: outputs in blocks of 32, and in a block the weights of all 32 for one
// input side by side, in bf16, so that a product reads half of what f32 would.
//
// Rows stay f32 and sums are f32, taken in the order of the inputs. So a row's result is the same, to
// the bit, in whatever company it is multiplied: what lossless decoding rests on.
//
// Shapes: x [rows, inputs] f32 · blocks [n_blocks, inputs, 32] bf16 -> y [rows, 32 n_blocks] f32.
//         Memory is dense.                        Thread rule: any thread; no state.
#pragma once

#include <cstdint>

#include "engine/kernels/tile.h"

namespace inpaint::engine::kernels {

struct PackedShape {
  std::int64_t rows, inputs, n_blocks;
};

/// `wide`: as for registers of 64 bytes; the other way is there for processors without them.
void packed_product(const float* x, const Bf16* blocks, const PackedShape& shape, float* y,
                    bool wide = has_wide_registers());

}  // namespace inpaint::engine::kernels
