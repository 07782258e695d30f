// Keys and values of the rows that a transformer has finished with: the memory of a KeyValueCache.
//
// Per layer and key head: keys in blocks of 32 as attention_kernel.h reads them, values row by row,
// f32. Capacity doubles when it is full. truncate() moves nothing; keep() moves rows as they are;
// turn() alone computes, and rounds once for each turn.
//
// Shapes: keys [kv_heads, capacity / 32, head_dim, 32], values [kv_heads, capacity, value width],
//         head_dim rounded up to a multiple of 32.
// Thread rule: engine thread only; between reserve() and grow() threads of a forward write to places
//         of their own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/decoding/model.h"

namespace inpaint::engine {

struct RowCacheShape {
  int layers = 0, heads = 0, head_dim = 0;  // heads of keys
  int max_positions = 0;
  std::vector<float> frequencies;  // [head_dim / 2]: angle of a position
};

class RowCache final : public KeyValueCache {
 public:
  explicit RowCache(RowCacheShape shape);
  const CachedRows& rows() const override { return rows_; }
  void truncate(int length) override { rows_.truncate(length); }
  Result<void> keep(std::span<const int> rows) override;
  Result<int> add_segment() override { return rows_.add_segment(); }
  Result<void> turn(int segment, int by) override;

  /// Room for `rows` more rows, which are then written layer by layer, and counted at the end.
  void reserve(int rows);
  /// The key and the value [head_dim] of one head of the row with this index, cached ones included.
  void write(int layer, int head, std::int64_t row, const float* key, const float* value);
  void grow(std::span<const Row> rows) { rows_.append(rows); }

  const RowCacheShape& shape() const { return shape_; }
  const float* keys(int layer, int head) const;
  const float* values(int layer, int head) const;
  std::int64_t value_width() const { return value_width_; }

 private:
  float* keys_of(int layer, int head);
  float* values_of(int layer, int head);

  RowCacheShape shape_;
  std::int64_t value_width_;
  std::int64_t capacity_ = 0;
  std::vector<std::vector<float>> keys_, values_;  // of each layer
  CachedRows rows_;
};

}  // namespace inpaint::engine
