#include "engine/decoding/row_cache.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/kernels/tile.h"
#include "engine/kernels/turn_keys.h"

namespace inpaint::engine {
namespace {

using kernels::kLanes;
using kernels::whole_lanes;

constexpr std::int64_t kLeastCapacity = 256;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace

RowCache::RowCache(RowCacheShape shape)
    : shape_(std::move(shape)),
      value_width_(whole_lanes(shape_.head_dim)),
      keys_(index(shape_.layers)),
      values_(index(shape_.layers)) {}

float* RowCache::keys_of(int layer, int head) {
  return keys_[index(layer)].data() + head * capacity_ * shape_.head_dim;
}

float* RowCache::values_of(int layer, int head) {
  return values_[index(layer)].data() + head * capacity_ * value_width_;
}

const float* RowCache::keys(int layer, int head) const {
  return keys_[index(layer)].data() + head * capacity_ * shape_.head_dim;
}

const float* RowCache::values(int layer, int head) const {
  return values_[index(layer)].data() + head * capacity_ * value_width_;
}

void RowCache::reserve(int rows) {
  const std::int64_t needed = length() + rows;
  if (needed <= capacity_) return;
  const std::int64_t larger =
      whole_lanes(std::max<std::int64_t>({needed, 2 * capacity_, kLeastCapacity}));
  const auto enlarge = [&](std::vector<float>& old, std::int64_t of_row) {
    std::vector<float> grown(index(shape_.heads * larger * of_row));
    for (std::int64_t head = 0; head < shape_.heads; ++head)
      std::copy_n(old.data() + head * capacity_ * of_row, capacity_ * of_row,
                  grown.data() + head * larger * of_row);
    old = std::move(grown);
  };
  for (std::vector<float>& keys : keys_) enlarge(keys, shape_.head_dim);
  for (std::vector<float>& values : values_) enlarge(values, value_width_);
  capacity_ = larger;
}

void RowCache::write(int layer, int head, std::int64_t row, const float* key, const float* value) {
  float* to = keys_of(layer, head) + row / kLanes * shape_.head_dim * kLanes + row % kLanes;
  for (int i = 0; i < shape_.head_dim; ++i) to[static_cast<std::int64_t>(i) * kLanes] = key[i];
  std::copy_n(value, shape_.head_dim, values_of(layer, head) + row * value_width_);
}

Result<void> RowCache::keep(std::span<const int> rows) {
  if (Result<void> kept = rows_.keep(rows); !kept) return kept;
  std::size_t first = 0;  // those in front of it stay where they are
  while (first < rows.size() && rows[first] == static_cast<int>(first)) ++first;
  for (int layer = 0; layer < static_cast<int>(keys_.size()); ++layer)
    for (int head = 0; head < shape_.heads; ++head) {
      const auto lane_of = [&](std::int64_t row) {
        return keys_of(layer, head) + row / kLanes * shape_.head_dim * kLanes + row % kLanes;
      };
      float* values = values_of(layer, head);
      for (std::size_t i = first; i < rows.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i);
        const float* from = lane_of(rows[i]);
        float* to = lane_of(row);
        for (std::int64_t channel = 0; channel < shape_.head_dim; ++channel)
          to[channel * kLanes] = from[channel * kLanes];
        std::copy_n(values + rows[i] * value_width_, value_width_, values + row * value_width_);
      }
    }
  return {};
}

Result<void> RowCache::turn(int segment, int by) {
  if (Result<void> turned = rows_.turn(segment, by, shape_.max_positions); !turned) return turned;
  std::vector<std::int64_t> rows;
  for (int row = 0; row < length(); ++row)
    if (rows_.segment(row) == segment) rows.push_back(row);
  std::vector<float> cos, sin;
  for (const float frequency : shape_.frequencies) {
    const double angle = static_cast<double>(by) * static_cast<double>(frequency);
    cos.push_back(static_cast<float>(std::cos(angle)));
    sin.push_back(static_cast<float>(std::sin(angle)));
  }
  for (int layer = 0; layer < static_cast<int>(keys_.size()); ++layer)
    for (int head = 0; head < shape_.heads; ++head)
      kernels::turn_keys(keys_of(layer, head), shape_.head_dim, rows, cos.data(), sin.data());
  return {};
}

}  // namespace inpaint::engine
