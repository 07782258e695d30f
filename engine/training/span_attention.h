// How the rows of a training sequence see each other: two calls instead of one with a dense mask.
//
// The context rows are plainly causal, which needs no mask and skips half of the work; the rows of
// the span area see everything through a small mask. One dense mask over all rows costs as much as
// the matrix products of the layer. On the CPU both are batched products over tiles of whole rows,
// because scaled_dot_product_attention multiplies bf16 there as f32.
//
// q [batch, heads, rows, head_dim], k, v [batch, kv_heads, rows, head_dim].
#pragma once

#include "engine/model/transformer.h"

namespace inpaint::engine {

class SpanAttention final : public Attention {
 public:
  /// `mask` [batch, 1, masked, rows]: 0 where one of the last `masked` rows may look, -inf where not,
  /// type of q. The rows in front of these are causal.
  explicit SpanAttention(at::Tensor mask)
      : causal_rows_(mask.size(3) - mask.size(2)), mask_(std::move(mask)) {}

  at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  std::int64_t causal_rows_;
  at::Tensor mask_;
};

}  // namespace inpaint::engine
