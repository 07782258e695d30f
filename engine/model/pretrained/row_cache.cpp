#include "engine/model/pretrained/row_cache.h"

#include <algorithm>
#include <cmath>

#include "engine/kernels/tile.h"
#include "engine/kernels/turn_keys.h"

namespace inpaint::engine {
namespace {

using kernels::kLanes;
using kernels::whole_lanes;

constexpr std::int64_t kLeastCapacity = 256;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace

RowCache::RowCache(const PretrainedConfig& config)
    : heads_(config.kv_heads),
      width_(config.head_dim),
      max_positions_(config.max_positions),
      value_width_(whole_lanes(config.head_dim)),
      keys_(index(config.layers)),
      values_(index(config.layers)),
      frequencies_(config.inverse_frequencies) {}

float* RowCache::keys_of(int layer, int head) {
  return keys_[index(layer)].data() + head * capacity_ * width_;
}

float* RowCache::values_of(int layer, int head) {
  return values_[index(layer)].data() + head * capacity_ * value_width_;
}

const float* RowCache::keys(int layer, int head) const {
  return keys_[index(layer)].data() + head * capacity_ * width_;
}

const float* RowCache::values(int layer, int head) const {
  return values_[index(layer)].data() + head * capacity_ * value_width_;
}

std::size_t RowCache::bytes() const {
  const std::int64_t of_row = heads_ * (width_ + value_width_);
  return index(capacity_ * of_row) * keys_.size() * sizeof(float);
}

void RowCache::reserve(int rows) {
  const std::int64_t needed = length() + rows;
  if (needed <= capacity_) return;
  const std::int64_t larger =
      whole_lanes(std::max<std::int64_t>({needed, 2 * capacity_, kLeastCapacity}));
  const auto enlarge = [&](std::vector<float>& old, std::int64_t of_row) {
    std::vector<float> grown(index(heads_ * larger * of_row));
    for (std::int64_t head = 0; head < heads_; ++head)
      std::copy_n(old.data() + head * capacity_ * of_row, capacity_ * of_row,
                  grown.data() + head * larger * of_row);
    old = std::move(grown);
  };
  for (std::vector<float>& keys : keys_) enlarge(keys, width_);
  for (std::vector<float>& values : values_) enlarge(values, value_width_);
  capacity_ = larger;
}

void RowCache::write(int layer, int head, std::int64_t row, const float* key, const float* value) {
  float* to = keys_of(layer, head) + row / kLanes * width_ * kLanes + row % kLanes;
  for (int i = 0; i < width_; ++i) to[static_cast<std::int64_t>(i) * kLanes] = key[i];
  std::copy_n(value, width_, values_of(layer, head) + row * value_width_);
}

Result<void> RowCache::keep(std::span<const int> rows) {
  if (Result<void> kept = rows_.keep(rows); !kept) return kept;
  std::size_t first = 0;  // those in front of it stay where they are
  while (first < rows.size() && rows[first] == static_cast<int>(first)) ++first;
  for (int layer = 0; layer < static_cast<int>(keys_.size()); ++layer)
    for (int head = 0; head < heads_; ++head) {
      const auto lane_of = [&](std::int64_t row) {
        return keys_of(layer, head) + row / kLanes * width_ * kLanes + row % kLanes;
      };
      float* values = values_of(layer, head);
      for (std::size_t i = first; i < rows.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i);
        const float* from = lane_of(rows[i]);
        float* to = lane_of(row);
        for (std::int64_t channel = 0; channel < width_; ++channel)
          to[channel * kLanes] = from[channel * kLanes];
        std::copy_n(values + rows[i] * value_width_, value_width_, values + row * value_width_);
      }
    }
  return {};
}

Result<void> RowCache::turn(int segment, int by) {
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
  for (int layer = 0; layer < static_cast<int>(keys_.size()); ++layer)
    for (int head = 0; head < heads_; ++head)
      kernels::turn_keys(keys_of(layer, head), width_, rows, cos.data(), sin.data());
  return {};
}

}  // namespace inpaint::engine
