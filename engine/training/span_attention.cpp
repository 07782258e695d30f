#include "engine/training/span_attention.h"

namespace inpaint::engine {

at::Tensor SpanAttention::attend(int /*layer*/, const at::Tensor& q, const at::Tensor& k,
                                 const at::Tensor& v) {
  const std::int64_t groups = q.size(1) / k.size(1);
  const at::Tensor keys = groups == 1 ? k : k.repeat_interleave(groups, 1);
  const at::Tensor values = groups == 1 ? v : v.repeat_interleave(groups, 1);
  const std::int64_t area = q.size(2) - context_;
  const at::Tensor above = at::scaled_dot_product_attention(
      q.narrow(2, 0, context_), keys.narrow(2, 0, context_), values.narrow(2, 0, context_), {}, 0.0,
      /*is_causal=*/true);
  const at::Tensor below =
      at::scaled_dot_product_attention(q.narrow(2, context_, area), keys, values, mask_);
  return at::cat({above, below}, 2);
}

}  // namespace inpaint::engine
