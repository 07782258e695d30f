#include "engine/model/matrix.h"

#include "engine/kernels/packed_product.h"
#include "engine/model/shape_check.h"

namespace inpaint::engine {
namespace {

using kernels::kLanes;

at::Tensor multiply_packed(const at::Tensor& x, const PackedMatrix& matrix) {
  const std::int64_t inputs = matrix.blocks.size(1);
  const at::Tensor rows = x.to(at::kFloat).reshape({-1, inputs}).contiguous();
  const std::int64_t n_blocks = matrix.blocks.size(0);
  at::Tensor y = at::empty({rows.size(0), n_blocks * kLanes}, at::kFloat);
  kernels::packed_product(rows.const_data_ptr<float>(),
                          static_cast<const kernels::Bf16*>(matrix.blocks.const_data_ptr()),
                          {rows.size(0), inputs, n_blocks}, y.data_ptr<float>());
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = matrix.outputs;
  return y.narrow(1, 0, matrix.outputs).reshape(shape);
}

}  // namespace

Product product_of(at::ScalarType type) {
  return type == at::kBFloat16 ? Product::bf16 : Product::f32;
}

PackedMatrix pack(const at::Tensor& weight) {
  const std::int64_t outputs = weight.size(0), inputs = weight.size(1);
  const std::int64_t whole = kernels::whole_lanes(outputs);
  const at::Tensor padded =
      whole == outputs ? weight : at::constant_pad_nd(weight, {0, 0, 0, whole - outputs});
  return {padded.view({whole / kLanes, kLanes, inputs})
              .transpose(1, 2)
              .to(at::kBFloat16, false, false, at::MemoryFormat::Contiguous),
          outputs};
}

at::Tensor Matrix::multiply(const at::Tensor& x, const at::Tensor& bias, Product product) const {
  if (product == Product::packed && packed.blocks.defined()) {
    check_width("packed product", "x", x, packed.blocks.size(1));
    if (bias.defined()) check_shape("packed product", "bias", bias, {packed.outputs});
    const at::Tensor y = multiply_packed(x, packed);
    return (bias.defined() ? y + bias : y).to(x.scalar_type());
  }
  const at::Tensor& weight =
      product == Product::bf16 ? (bf16.defined() ? bf16 : f32) : (f32.defined() ? f32 : bf16);
  const at::ScalarType type = weight.scalar_type();
  const at::Tensor y = at::linear(x.to(type), weight, bias.defined() ? bias.to(type) : bias);
  return y.to(x.scalar_type());
}

}  // namespace inpaint::engine
