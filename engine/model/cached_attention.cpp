#include "engine/model/cached_attention.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "engine/model/shape_check.h"

namespace inpaint::engine {
namespace {

using kernels::whole_lanes;

/// k and v [1, heads, rows, head_dim], behind what is cached.
void write_rows(RowCache& cache, int layer, const at::Tensor& k, const at::Tensor& v) {
  const at::Tensor keys = k.contiguous(), values = v.contiguous();
  const float* key = keys.const_data_ptr<float>();
  const float* value = values.const_data_ptr<float>();
  const std::int64_t width = k.size(3);
  for (int head = 0; head < k.size(1); ++head)
    for (std::int64_t row = 0; row < k.size(2); ++row, key += width, value += width)
      cache.write(layer, head, cache.length() + row, key, value);
}

}  // namespace

CachedAttention::CachedAttention(RowCache& cache, const Visibility& visibility)
    : cache_(cache), seen_(visibility) {
  cache_.reserve(visibility.rows());
}

at::Tensor CachedAttention::attend(int layer, const at::Tensor& q, const at::Tensor& k,
                                   const at::Tensor& v) {
  const std::int64_t kv_heads = cache_.shape().heads, width = cache_.shape().head_dim;
  const std::int64_t heads = q.size(1), rows = seen_.rows;
  check_shape("attention", "q", q, {1, heads, rows, width}, at::kFloat);
  for (const at::Tensor& x : {k, v})
    check_shape("attention", "keys and values", x, {1, kv_heads, rows, width}, at::kFloat);
  write_rows(cache_, layer, k, v);
  const std::int64_t value_width = cache_.value_width();
  const std::int64_t group = heads / kv_heads;  // query heads that share a key head
  const std::int64_t n_keys = cache_.length() + rows;
  const at::Tensor queries = q.contiguous();
  at::Tensor seen = at::empty({1, heads, rows, value_width}, at::kFloat);
  const std::int64_t of_tile = kernels::attended_rows();
  const std::int64_t tiles = (rows + of_tile - 1) / of_tile;  // of a head
  at::parallel_for(0, heads * tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scores(static_cast<std::size_t>(kernels::kScoreRows * whole_lanes(n_keys)));
    for (std::int64_t tile = begin; tile < end; ++tile) {
      const std::int64_t head = tile / tiles, row = tile % tiles * of_tile;
      const int key_head = static_cast<int>(head / group);
      kernels::attend_rows({.q = queries.const_data_ptr<float>() + (head * rows + row) * width,
                            .rows = std::min(of_tile, rows - row),
                            .width = width,
                            .value_width = value_width,
                            .keys = cache_.keys(layer, key_head),
                            .values = cache_.values(layer, key_head),
                            .n_keys = n_keys,
                            .seen = seen_.ranges.data(),
                            .first_seen = seen_.first.data() + row,
                            .scale = 1.0F / std::sqrt(static_cast<float>(width)),
                            .scores = scores.data(),
                            .out = seen.data_ptr<float>() + (head * rows + row) * value_width});
    }
  });
  return seen.narrow(3, 0, width);
}

}  // namespace inpaint::engine
