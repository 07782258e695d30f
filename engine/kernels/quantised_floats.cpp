// Strips of plain numbers: the tile of packed products, with weights of three types.

#include <algorithm>

#include "engine/kernels/quantised_product.h"

namespace inpaint::engine::kernels {

/// Storage of an IEEE half, as half.h has it.
struct Half {
  std::uint16_t bits;
};

/// What float_of_half() does, in a register.
template <bool wide>
INPAINT_INLINE void load_vector(const Half* from, typename Vector<wide>::Floats& to) {
  using Floats = typename Vector<wide>::Floats;
  using Words = typename Vector<wide>::Words;
  typename Vector<wide>::Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  const Words words = __builtin_convertvector(halves, Words);
  const Words magnitudes = words & 0x7FFFU;
  const Floats least = __builtin_convertvector(magnitudes, Floats) * 0x1p-24F;
  Words least_bits;
  std::memcpy(&least_bits, &least, sizeof least_bits);
  constexpr std::uint32_t kRebias = 112U << 23;
  Words bits = (magnitudes << 13) + kRebias;
  bits = magnitudes < 0x400U ? least_bits : bits;
  bits = magnitudes >= 0x7C00U ? bits + kRebias : bits;
  bits |= (words & 0x8000U) << 16;
  std::memcpy(&to, &bits, sizeof to);
}

namespace {

template <bool wide, class Weight>
INPAINT_INLINE void multiply(const FloatStripOperands& o) {
  // A strip stays near the processor while all rows pass by.
  for (std::int64_t strip = 0; strip < o.n_strips; ++strip)
    for (std::int64_t row = 0; row < o.rows; row += kTileRows<wide>)
      multiply_rows<wide>(
          TileOperands<Weight>{.x = o.x + row * o.inputs,
                               .x_stride = o.inputs,
                               .weights = reinterpret_cast<const Weight*>(o.strips) +
                                          strip * o.inputs * kLanes,
                               .weight_stride = kLanes,
                               .inputs = o.inputs,
                               .y = o.y + row * o.y_stride + strip * kLanes,
                               .y_stride = o.y_stride},
          std::min(kTileRows<wide>, o.rows - row));
}

template <bool wide>
INPAINT_INLINE void multiply(BlockFormat format, const FloatStripOperands& o) {
  if (format == BlockFormat::f32) return multiply<wide, float>(o);
  if (format == BlockFormat::f16) return multiply<wide, Half>(o);
  return multiply<wide, Bf16>(o);
}

INPAINT_WIDE void multiply_wide(BlockFormat format, const FloatStripOperands& o) {
  multiply<true>(format, o);
}

INPAINT_NARROW void multiply_narrow(BlockFormat format, const FloatStripOperands& o) {
  multiply<false>(format, o);
}

}  // namespace

void float_strip_product(BlockFormat format, const FloatStripOperands& operands, bool wide) {
  (wide ? multiply_wide : multiply_narrow)(format, operands);
}

}  // namespace inpaint::engine::kernels
