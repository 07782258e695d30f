#include "engine/model/cached_attention.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "engine/kernels/turn_keys.h"
#include "engine/model/shape_check.h"

namespace inpaint::engine {
namespace {

using kernels::kAttendedRows;
using kernels::kLanes;
using kernels::whole_lanes;

constexpr std::int64_t kLeastCapacity = 256;

}  // namespace

TensorCache::TensorCache(const ModelConfig& config) : max_positions_(config.max_positions) {
  for (int layer = 0; layer < config.layers; ++layer) {
    keys_.push_back(at::empty({config.kv_heads, 0, config.head_dim, kLanes}, at::kFloat));
    values_.push_back(at::empty({config.kv_heads, 0, whole_lanes(config.head_dim)}, at::kFloat));
  }
  const at::Tensor frequencies = rotary_frequencies(config);
  frequencies_.assign(frequencies.const_data_ptr<float>(),
                      frequencies.const_data_ptr<float>() + frequencies.numel());
}

Result<void> TensorCache::keep(std::span<const int> rows) {
  if (Result<void> kept = rows_.keep(rows); !kept) return kept;
  std::size_t first = 0;  // those in front of it stay where they are
  while (first < rows.size() && rows[first] == static_cast<int>(first)) ++first;
  for (at::Tensor& keys : keys_) {
    const std::int64_t width = keys.size(2);
    for (std::int64_t head = 0; head < keys.size(0); ++head) {
      float* blocks = keys[head].data_ptr<float>();
      const auto lane_of = [&](std::int64_t row) {
        return blocks + row / kLanes * width * kLanes + row % kLanes;
      };
      for (std::size_t i = first; i < rows.size(); ++i) {
        const float* from = lane_of(rows[i]);
        float* to = lane_of(static_cast<std::int64_t>(i));
        for (std::int64_t channel = 0; channel < width; ++channel)
          to[channel * kLanes] = from[channel * kLanes];
      }
    }
  }
  for (at::Tensor& values : values_) {
    const std::int64_t width = values.size(2);
    for (std::int64_t head = 0; head < values.size(0); ++head) {
      float* of_head = values[head].data_ptr<float>();
      for (std::size_t i = first; i < rows.size(); ++i)
        std::copy_n(of_head + rows[i] * width, width,
                    of_head + static_cast<std::int64_t>(i) * width);
    }
  }
  return {};
}

Result<void> TensorCache::turn(int segment, int by) {
  if (Result<void> turned = rows_.turn(segment, by, max_positions_); !turned) return turned;
  std::vector<std::int64_t> rows;
  for (int row = 0; row < length(); ++row)
    if (rows_.segment(row) == segment) rows.push_back(row);
  std::vector<float> cos, sin;
  for (const float frequency : frequencies_) {
    const double angle = static_cast<double>(by) * static_cast<double>(frequency);
    cos.push_back(static_cast<float>(std::cos(angle)));
    sin.push_back(static_cast<float>(std::sin(angle)));
  }
  for (at::Tensor& keys : keys_)
    for (std::int64_t head = 0; head < keys.size(0); ++head)
      kernels::turn_keys(keys[head].data_ptr<float>(), keys.size(2), rows, cos.data(), sin.data());
  return {};
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

CachedAttention::CachedAttention(TensorCache& cache, const Visibility& visibility)
    : cache_(cache), first_seen_{0} {
  cache_.reserve(visibility.rows());
  for (int row = 0; row < visibility.rows(); ++row) {
    for (const RowSpan& span : visibility.seen_by(row)) seen_.push_back({span.begin, span.end});
    first_seen_.push_back(static_cast<std::int64_t>(seen_.size()));
  }
}

at::Tensor CachedAttention::attend(int layer, const at::Tensor& q, const at::Tensor& k,
                                   const at::Tensor& v) {
  const std::int64_t kv_heads = cache_.keys(layer).size(0), head_dim = cache_.keys(layer).size(2);
  const auto n_rows = static_cast<std::int64_t>(first_seen_.size()) - 1;
  check_shape("attention", "q", q, {1, q.size(1), n_rows, head_dim}, at::kFloat);
  for (const at::Tensor& x : {k, v})
    check_shape("attention", "keys and values", x, {1, kv_heads, n_rows, head_dim}, at::kFloat);
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
                            .seen = seen_.data(),
                            .first_seen = first_seen_.data() + row,
                            .scale = 1.0F / std::sqrt(static_cast<float>(width)),
                            .scores = scores.data(),
                            .out = seen.data_ptr<float>() + (head * rows + row) * values.size(2)});
    }
  });
  return seen.narrow(3, 0, width);
}

}  // namespace inpaint::engine
