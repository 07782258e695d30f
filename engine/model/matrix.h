// A weight matrix in the forms that products with it may use.
//
// Shapes: weight [out, in]; x [..., in] -> [..., out] in the type of x.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace inpaint::engine {

/// How a product runs.
enum class Product : std::uint8_t {
  f32,
  bf16,    // rows and weights; a row is rounded otherwise among many rows than alone
  packed,  // few rows, in f32, by weights in bf16: packed_product.h. Inference on a processor only
};

Product product_of(at::ScalarType type);

/// A matrix laid out for packed_product.h: blocks [ceil(out / 32), in, 32] bf16, zeros behind the last
/// output.
struct PackedMatrix {
  at::Tensor blocks;
  std::int64_t outputs = 0;
};
PackedMatrix pack(const at::Tensor& weight);

struct Matrix {
  at::Tensor f32;  // either may be undefined, not both
  at::Tensor bf16;
  PackedMatrix packed{};

  /// The product runs as `product` says where there is that form of the matrix, else as it can.
  /// `bias` may be undefined.
  at::Tensor multiply(const at::Tensor& x, const at::Tensor& bias, Product product) const;
  const at::Tensor& any() const { return f32.defined() ? f32 : bf16; }
};

}  // namespace inpaint::engine
