#include "engine/training/adapter/frozen_product.h"

#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include <span>
#include <utility>
#include <vector>

#include "engine/kernels/quantised_rows.h"
#include "engine/kernels/quantised_strip.h"
#include "engine/training/adapter/dense_matrix.h"

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;
using kernels::QuantisedMatrix;
using kernels::ThreadPool;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor multiply(const QuantisedMatrix& weights, const at::Tensor& x, ThreadPool& pool) {
  at::Tensor in = x.to(at::kFloat);
  const std::int64_t behind = weights.inputs() - in.size(1);
  in = (behind == 0 ? in : at::constant_pad_nd(in, {0, behind})).contiguous();
  at::Tensor out = at::empty({in.size(0), weights.outputs()}, at::kFloat);
  weights.multiply(in.data_ptr<float>(), in.size(0), out.data_ptr<float>(), pool);
  return out.to(x.scalar_type());
}

/// What the gradient of x is made with.
struct Backwards : torch::CustomClassHolder {
  Backwards(QuantisedMatrix weights, ThreadPool& threads)
      : transposed(std::move(weights)), pool(&threads) {}
  QuantisedMatrix transposed;
  ThreadPool* pool;
};

struct Product : torch::autograd::Function<Product> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const QuantisedMatrix& weights, const QuantisedMatrix& transposed,
                            ThreadPool& pool) {
    context->saved_data["backwards"] =
        at::IValue::make_capsule(c10::make_intrusive<Backwards>(transposed, pool));
    return multiply(weights, x, pool);
  }
  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto capsule = context->saved_data["backwards"].toCapsule();
    const auto& backwards = static_cast<const Backwards&>(*capsule);  // what forward() put there
    return {multiply(backwards.transposed, grads[0], *backwards.pool), {}, {}, {}};
  }
};

/// Outputs are completed by zeros to whole blocks.
QuantisedMatrix transposed(const QuantisedMatrix& weights) {
  const std::int64_t outputs = weights.outputs(), inputs = weights.inputs();
  const bool plain = kernels::is_plain(weights.format());
  const std::int64_t block = plain ? 1 : kernels::kRoundedValues;
  const std::int64_t padded = (outputs + block - 1) / block * block;
  const at::Tensor turned =
      at::constant_pad_nd(dense(weights).t(), {0, padded - outputs}).contiguous();
  const auto bytes =
      std::as_bytes(std::span(turned.data_ptr<float>(), static_cast<std::size_t>(turned.numel())));
  const BlockFormat format = plain ? BlockFormat::f32 : BlockFormat::q8_0;
  return {format, inputs, padded,
          kernels::repacked(BlockFormat::f32, format, inputs, padded, bytes)};
}

}  // namespace

FrozenProduct::FrozenProduct(QuantisedMatrix weights, at::ScalarType type, ThreadPool& pool)
    : pool_(&pool) {
  if (type == at::kBFloat16) {
    bf16_ = dense(weights).to(type);
    return;
  }
  transposed_ = transposed(weights);
  weights_ = std::move(weights);
}

at::Tensor FrozenProduct::operator()(const at::Tensor& x) const {
  if (bf16_.defined()) return at::linear(x, bf16_);
  return Product::apply(x, weights_, transposed_, *pool_);
}

}  // namespace inpaint::engine
