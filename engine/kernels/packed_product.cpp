#include "engine/kernels/packed_product.h"

#include <algorithm>

namespace inpaint::engine::kernels {
namespace {

template <bool wide>
INPAINT_INLINE void multiply(const float* x, const Bf16* blocks, const PackedShape& shape,
                             float* y) {
  const std::int64_t stride = shape.n_blocks * kLanes;
  // A block stays near the processor while all rows pass by.
  for (std::int64_t block = 0; block < shape.n_blocks; ++block)
    for (std::int64_t row = 0; row < shape.rows; row += kTileRows<wide>)
      multiply_rows<wide>(TileOperands<Bf16>{.x = x + row * shape.inputs,
                                             .x_stride = shape.inputs,
                                             .weights = blocks + block * shape.inputs * kLanes,
                                             .weight_stride = kLanes,
                                             .inputs = shape.inputs,
                                             .y = y + row * stride + block * kLanes,
                                             .y_stride = stride},
                          std::min(kTileRows<wide>, shape.rows - row));
}

INPAINT_WIDE void multiply_wide(const float* x, const Bf16* blocks, const PackedShape& shape,
                                float* y) {
  multiply<true>(x, blocks, shape, y);
}

INPAINT_NARROW void multiply_narrow(const float* x, const Bf16* blocks, const PackedShape& shape,
                                    float* y) {
  multiply<false>(x, blocks, shape, y);
}

}  // namespace

void packed_product(const float* x, const Bf16* blocks, const PackedShape& shape, float* y,
                    bool wide) {
  (wide ? multiply_wide : multiply_narrow)(x, blocks, shape, y);
}

}  // namespace inpaint::engine::kernels
