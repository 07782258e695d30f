// Keys and values per layer, and the attention of new rows over them.
//
// Per layer and key head: keys in blocks of 32 as attention_kernel.h reads them, values row by row, f32;
// capacity doubles when it is full. Rows are appended by a forward and dropped by truncate(), which moves
// nothing: what is left is exact.
//
// A row sees the same, to the bit, whatever rows go with it.
#pragma once

#include <vector>

#include "engine/decoding/model.h"
#include "engine/model/transformer.h"

namespace inpaint::engine {

class TensorCache final : public KeyValueCache {
 public:
  explicit TensorCache(const ModelConfig& config);
  int length() const override { return length_; }
  void truncate(int length) override;

  /// Room for `rows` more rows, which are then written layer by layer, and counted at the end.
  void reserve(int rows);
  void write(int layer, const at::Tensor& k, const at::Tensor& v);  // [kv_heads, rows, head_dim]
  void grow(int rows) { length_ += rows; }

  /// [kv_heads, capacity / 32, head_dim, 32]
  const at::Tensor& keys(int layer) const { return keys_[static_cast<std::size_t>(layer)]; }
  /// [kv_heads, capacity, head_dim rounded up to a multiple of 32]
  const at::Tensor& values(int layer) const { return values_[static_cast<std::size_t>(layer)]; }

 private:
  std::vector<at::Tensor> keys_, values_;
  int length_ = 0;
};

class CachedAttention final : public Attention {
 public:
  /// The first `n_causal` of `rows` rows see the cache and each other causally, the rest of them
  /// everything.
  CachedAttention(TensorCache& cache, int rows, int n_causal);

  at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  TensorCache& cache_;
  std::vector<std::int64_t> seen_;  // by each row, of the cache and the rows
};

}  // namespace inpaint::engine
