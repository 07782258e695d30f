// Keys and values per layer, and the attention of new rows over them.
//
// Per layer and key head: keys in blocks of 32 as attention_kernel.h reads them, values row by row,
// f32; capacity doubles when it is full. Rows are appended by a forward. truncate() moves nothing;
// keep() moves rows as they are; turn() alone computes, and rounds once for each turn.
//
// A row sees the same, to the bit, whatever rows go with it.
//
// Thread rule: engine thread only.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/visibility.h"
#include "engine/kernels/attention_kernel.h"
#include "engine/model/transformer.h"

namespace inpaint::engine {

class TensorCache final : public KeyValueCache {
 public:
  explicit TensorCache(const ModelConfig& config);
  const CachedRows& rows() const override { return rows_; }
  void truncate(int length) override { rows_.truncate(length); }
  Result<void> keep(std::span<const int> rows) override;
  Result<int> add_segment() override { return rows_.add_segment(); }
  Result<void> turn(int segment, int by) override;

  /// Room for `rows` more rows, which are then written layer by layer, and counted at the end.
  void reserve(int rows);
  void write(int layer, const at::Tensor& k, const at::Tensor& v);  // [kv_heads, rows, head_dim]
  void grow(std::span<const Row> rows) { rows_.append(rows); }

  /// [kv_heads, capacity / 32, head_dim, 32]
  const at::Tensor& keys(int layer) const { return keys_[static_cast<std::size_t>(layer)]; }
  /// [kv_heads, capacity, head_dim rounded up to a multiple of 32]
  const at::Tensor& values(int layer) const { return values_[static_cast<std::size_t>(layer)]; }

 private:
  std::vector<at::Tensor> keys_, values_;
  std::vector<float> frequencies_;  // [head_dim / 2]: angle of a position
  int max_positions_;
  CachedRows rows_;
};

class CachedAttention final : public Attention {
 public:
  /// Rows see what `visibility` says of the cache and of one another.
  CachedAttention(TensorCache& cache, const Visibility& visibility);

  at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                    const at::Tensor& v) override;

 private:
  TensorCache& cache_;
  std::vector<kernels::KeyRange> seen_;   // by each row, of the cache and the rows
  std::vector<std::int64_t> first_seen_;  // [rows + 1]
};

}  // namespace inpaint::engine
