// The row-wise operations of the transformer as functions of tensors, with gradients.
//
// On the CPU, in f32 and bf16, they run the kernels of fused_kernels.h; on other devices and types
// the same formulas written with ATen, which are also the reference that the tests compare with.
//
// Shapes are given per function, and checked at its door (shape_check.h).
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace inpaint::engine {

/// x [..., width], weight [width] -> x / rms(x) * weight.
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps);

/// x = [gate | up] [..., 2 width] -> silu(gate) * up [..., width].
at::Tensor gated_silu(const at::Tensor& x);

struct HeadLayout {
  int heads = 0, kv_heads = 0, head_dim = 0;
  double eps = 0.0;
};

/// Queries, keys and values of one projection: splits, norms each head of q and k where q_norm and
/// k_norm [head_dim] are defined, turns them by the rotary rows cos, sin [batch, rows, head_dim] f32.
/// qkv [batch, rows, (heads + 2 kv_heads) head_dim] ->
///   q [batch, heads, rows, head_dim], k and v [batch, kv_heads, rows, head_dim]
struct Heads {
  at::Tensor q, k, v;
};
Heads split_heads(const at::Tensor& qkv, const at::Tensor& q_norm, const at::Tensor& k_norm,
                  const at::Tensor& cos, const at::Tensor& sin, const HeadLayout& layout);

/// The same three with ATen alone.
namespace reference {
at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps);
at::Tensor gated_silu(const at::Tensor& x);
Heads split_heads(const at::Tensor& qkv, const at::Tensor& q_norm, const at::Tensor& k_norm,
                  const at::Tensor& cos, const at::Tensor& sin, const HeadLayout& layout);
}  // namespace reference

}  // namespace inpaint::engine
