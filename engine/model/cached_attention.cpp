#include "engine/model/cached_attention.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace inpaint::engine {

TensorCache::TensorCache(const ModelConfig& config) {
  for (int layer = 0; layer < config.layers; ++layer) {
    keys_.push_back(at::empty({config.kv_heads, 0, config.head_dim}, at::kFloat));
    values_.push_back(at::empty({config.kv_heads, 0, config.head_dim}, at::kFloat));
  }
}

void TensorCache::truncate(int length) {
  assert(length >= 0 && length <= this->length());
  tokens_.resize(static_cast<std::size_t>(length));
}

void TensorCache::grow(std::span<const Row> rows) {
  for (const Row& row : rows) tokens_.push_back(row.token);
}

void TensorCache::reserve(int rows) {
  const std::int64_t needed = length() + rows;
  const std::int64_t capacity = keys_.front().size(1);
  if (needed <= capacity) return;
  const std::int64_t larger = std::max<std::int64_t>({needed, 2 * capacity, 256});
  for (auto* tensors : {&keys_, &values_})
    for (at::Tensor& tensor : *tensors) {
      at::Tensor grown = at::empty({tensor.size(0), larger, tensor.size(2)}, at::kFloat);
      grown.narrow(1, 0, length()).copy_(tensor.narrow(1, 0, length()));
      tensor = grown;
    }
}

void TensorCache::write(int layer, const at::Tensor& k, const at::Tensor& v) {
  keys_[static_cast<std::size_t>(layer)].narrow(1, length(), k.size(1)).copy_(k);
  values_[static_cast<std::size_t>(layer)].narrow(1, length(), v.size(1)).copy_(v);
}

CachedAttention::CachedAttention(const ModelConfig& config, TensorCache& cache, int rows,
                                 int n_causal)
    : cache_(cache), rows_(rows) {
  cache_.reserve(rows);
  if (n_causal == 0 || (n_causal == 1 && rows == 1)) return;
  const std::int64_t past = cache.length();
  at::Tensor mask = at::zeros({rows, past + rows}, at::kFloat);
  mask.narrow(0, 0, n_causal)
      .narrow(1, past, rows)
      .masked_fill_(at::ones({n_causal, rows}, at::kBool).triu(1),
                    -std::numeric_limits<float>::infinity());
  mask_ = mask.repeat({config.heads / config.kv_heads, 1}).unsqueeze(0).unsqueeze(0);
}

at::Tensor CachedAttention::attend(int layer, const at::Tensor& q, const at::Tensor& k,
                                   const at::Tensor& v) {
  cache_.write(layer, k.squeeze(0), v.squeeze(0));
  const std::int64_t length = cache_.length() + rows_;
  const at::Tensor keys = cache_.keys(layer).narrow(1, 0, length).unsqueeze(0);
  const at::Tensor values = cache_.values(layer).narrow(1, 0, length).unsqueeze(0);
  const std::int64_t kv_heads = keys.size(1);
  const at::Tensor folded = q.reshape({1, kv_heads, q.size(1) / kv_heads * rows_, q.size(3)});
  const auto mask = mask_.defined() ? std::optional<at::Tensor>(mask_) : std::nullopt;
  return at::scaled_dot_product_attention(folded, keys, values, mask).view(q.sizes());
}

}  // namespace inpaint::engine
