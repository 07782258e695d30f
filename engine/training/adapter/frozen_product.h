// Products with the base's own weights, which are not trained: gradients flow through, none stays.
//
// In f32 the product is the engine's: weights in the blocks of the file, x rounded to 8 bits, so that a mask
// is trained on the numbers that it will see. The gradient of x is a product with the transposed weights, in
// q8_0 where the file has blocks, and rounds the gradient of y to 8 bits in blocks of 32. Of a file with blocks
// two copies are held, of 8 bits at most.
//
// In bf16, the type where a processor has units for it, it is torch's, of the same weights: nearer to them than
// 8 bits of x are, and several times faster there.
//
// Shapes: x [rows, inputs] of `type` -> y [rows, outputs], of that type.
// Thread rule: one thread at a time, which may use those of the pool.
#pragma once

#include <ATen/ATen.h>

#include "engine/kernels/quantised_matrix.h"

namespace inpaint::engine {

class FrozenProduct {
 public:
  /// `type`: f32 or bf16. For f32 `weights` are shared, not copied. `pool` outlives this.
  FrozenProduct(kernels::QuantisedMatrix weights, at::ScalarType type, kernels::ThreadPool& pool);

  at::Tensor operator()(const at::Tensor& x) const;

 private:
  kernels::QuantisedMatrix weights_, transposed_;  // [outputs, inputs], [inputs, padded outputs]
  at::Tensor bf16_;                                // [outputs, inputs], in place of those
  kernels::ThreadPool* pool_;
};

}  // namespace inpaint::engine
