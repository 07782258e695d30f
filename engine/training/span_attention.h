// How the rows of a training sequence see each other: two calls instead of one with a dense mask.
//
// The context rows are plainly causal, which needs no mask and skips half of the work; the rows of
// the span area see everything through a small mask. One dense mask over all rows costs as much as
// the matrix products of the layer.
//
// q [batch, heads, rows, head_dim], k, v [batch, kv_heads, rows, head_dim], rows = context + area.
#pragma once

#include "engine/model/transformer.h"

namespace inpaint::engine {

class SpanAttention final : public Attention {
 public:
  /// `mask` [batch, 1, area, context + area]: 0 where a row may look, -inf where not, type of q.
  SpanAttention(std::int64_t context, at::Tensor mask)
      : context_(context), mask_(std::move(mask)) {}

  at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  std::int64_t context_;
  at::Tensor mask_;
};

}  // namespace inpaint::engine
