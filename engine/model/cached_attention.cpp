#include "engine/model/cached_attention.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/kernels/attention_kernel.h"

namespace inpaint::engine {
namespace {

using kernels::kAttendedRows;
using kernels::kLanes;
using kernels::whole_lanes;

constexpr std::int64_t kLeastCapacity = 256;

}  // namespace

TensorCache::TensorCache(const ModelConfig& config) {
  for (int layer = 0; layer < config.layers; ++layer) {
    keys_.push_back(at::empty({config.kv_heads, 0, config.head_dim, kLanes}, at::kFloat));
    values_.push_back(at::empty({config.kv_heads, 0, whole_lanes(config.head_dim)}, at::kFloat));
  }
}

void TensorCache::truncate(int length) {
  assert(length >= 0 && length <= this->length());
  length_ = length;
}

void TensorCache::reserve(int rows) {
  const std::int64_t needed = length() + rows;
  const std::int64_t capacity = values_.front().size(1);
  if (needed <= capacity) return;
  const std::int64_t larger =
      whole_lanes(std::max<std::int64_t>({needed, 2 * capacity, kLeastCapacity}));
  const auto enlarge = [&](at::Tensor& tensor, std::int64_t size) {
    std::vector<std::int64_t> shape = tensor.sizes().vec();
    shape[1] = size;
    at::Tensor grown = at::zeros(shape, at::kFloat);
    grown.narrow(1, 0, tensor.size(1)).copy_(tensor);
    tensor = grown;
  };
  for (at::Tensor& keys : keys_) enlarge(keys, larger / kLanes);
  for (at::Tensor& values : values_) enlarge(values, larger);
}

void TensorCache::write(int layer, const at::Tensor& k, const at::Tensor& v) {
  const auto index = static_cast<std::size_t>(layer);
  const std::int64_t width = v.size(2);
  values_[index].narrow(1, length(), v.size(1)).narrow(2, 0, width).copy_(v);
  const at::Tensor rows = k.contiguous();
  const float* from = rows.const_data_ptr<float>();
  for (std::int64_t head = 0; head < k.size(0); ++head) {
    float* blocks = keys_[index][head].data_ptr<float>();
    for (std::int64_t row = length(); row < length() + k.size(1); ++row) {
      float* to = blocks + row / kLanes * width * kLanes + row % kLanes;
      for (std::int64_t i = 0; i < width; ++i) to[i * kLanes] = *from++;
    }
  }
}

CachedAttention::CachedAttention(TensorCache& cache, int rows, int n_causal) : cache_(cache) {
  cache_.reserve(rows);
  for (int row = 0; row < rows; ++row)
    seen_.push_back(cache.length() + (row < n_causal ? row + 1 : rows));
}

at::Tensor CachedAttention::attend(int layer, const at::Tensor& q, const at::Tensor& k,
                                   const at::Tensor& v) {
  cache_.write(layer, k.squeeze(0), v.squeeze(0));
  const at::Tensor &keys = cache_.keys(layer), &values = cache_.values(layer);
  const std::int64_t heads = q.size(1), rows = q.size(2), width = q.size(3);
  const std::int64_t group = heads / keys.size(0);  // query heads that share a key head
  const std::int64_t n_keys = cache_.length() + rows;
  const at::Tensor queries = q.contiguous();
  at::Tensor seen = at::empty({1, heads, rows, values.size(2)}, at::kFloat);
  const std::int64_t tiles = (rows + kAttendedRows - 1) / kAttendedRows;  // of a head
  at::parallel_for(0, heads * tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scores(static_cast<std::size_t>(kAttendedRows * whole_lanes(n_keys)));
    for (std::int64_t tile = begin; tile < end; ++tile) {
      const std::int64_t head = tile / tiles, row = tile % tiles * kAttendedRows;
      const std::int64_t key_head = head / group;
      kernels::attend_rows({.q = queries.const_data_ptr<float>() + (head * rows + row) * width,
                            .rows = std::min(kAttendedRows, rows - row),
                            .width = width,
                            .value_width = values.size(2),
                            .keys = keys.const_data_ptr<float>() + key_head * keys.stride(0),
                            .values = values.const_data_ptr<float>() + key_head * values.stride(0),
                            .n_keys = n_keys,
                            .seen = seen_.data() + row,
                            .scale = 1.0F / std::sqrt(static_cast<float>(width)),
                            .scores = scores.data(),
                            .out = seen.data_ptr<float>() + (head * rows + row) * values.size(2)});
    }
  });
  return seen.narrow(3, 0, width);
}

}  // namespace inpaint::engine
