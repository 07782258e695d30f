#include "engine/decoding/row_cache.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/tile.h"

namespace inpaint::engine {
namespace {

class RowCacheTest : public testing::Test {
 protected:
  RowCacheTest() {
    shape_.heads = 2;
    shape_.layers = 3;
    shape_.head_dim = 8;
    shape_.max_positions = 4096;
    shape_.frequencies = {1.0F, 0.1F, 0.01F, 0.001F};
  }

  static float key(int layer, int head, int row, int channel) {
    return static_cast<float>(layer * 1000 + head * 100 + row) +
           0.125F * static_cast<float>(channel);
  }

  void add_rows(RowCache& cache, int n) const {
    cache.reserve(n);
    std::vector<Row> rows;
    const int before = cache.length();
    for (int row = before; row < before + n; ++row) {
      for (int layer = 0; layer < shape_.layers; ++layer)
        for (int head = 0; head < shape_.heads; ++head) {
          std::vector<float> k, v;
          for (int i = 0; i < shape_.head_dim; ++i) {
            k.push_back(key(layer, head, row, i));
            v.push_back(-key(layer, head, row, i));
          }
          cache.write(layer, head, row, k.data(), v.data());
        }
      rows.push_back({.token = 1, .position = row});
    }
    cache.grow(rows);
  }

  float key_at(const RowCache& cache, int layer, int head, int row, int channel) const {
    constexpr int kLanes = kernels::kLanes;
    return cache.keys(
        layer, head)[row / kLanes * shape_.head_dim * kLanes + channel * kLanes + row % kLanes];
  }
  static float value_at(const RowCache& cache, int layer, int head, int row, int channel) {
    return cache.values(layer, head)[row * cache.value_width() + channel];
  }

  RowCacheShape shape_;
};

TEST_F(RowCacheTest, RowsStayWhereTheyAreWhenItGrows) {
  RowCache cache(shape_);
  add_rows(cache, 5);
  add_rows(cache, 700);
  ASSERT_EQ(cache.length(), 705);
  for (const int row : {0, 4, 5, 31, 32, 255, 256, 704})
    for (int layer = 0; layer < 3; ++layer)
      for (int head = 0; head < 2; ++head)
        for (int i = 0; i < 8; ++i) {
          EXPECT_EQ(key_at(cache, layer, head, row, i), key(layer, head, row, i));
          EXPECT_EQ(value_at(cache, layer, head, row, i), -key(layer, head, row, i));
        }
}

TEST_F(RowCacheTest, KeepsTheRowsThatAreNamed) {
  RowCache cache(shape_);
  add_rows(cache, 50);
  const std::vector<int> kept = {0, 1, 7, 33, 49};
  ASSERT_TRUE(cache.keep(kept));
  ASSERT_EQ(cache.length(), 5);
  for (int row = 0; row < 5; ++row) {
    EXPECT_EQ(key_at(cache, 2, 1, row, 3), key(2, 1, kept[static_cast<std::size_t>(row)], 3));
    EXPECT_EQ(value_at(cache, 2, 1, row, 3), -key(2, 1, kept[static_cast<std::size_t>(row)], 3));
  }
}

TEST_F(RowCacheTest, TurnsTheKeysOfASegmentAndNothingElse) {
  RowCache cache(shape_);
  add_rows(cache, 3);
  ASSERT_TRUE(cache.turn(0, 7));
  for (int i = 0; i < 4; ++i) {
    const double angle = 7.0 * static_cast<double>(shape_.frequencies[static_cast<std::size_t>(i)]);
    const auto a = static_cast<double>(key(1, 1, 2, i)),
               b = static_cast<double>(key(1, 1, 2, i + 4));
    EXPECT_NEAR(static_cast<double>(key_at(cache, 1, 1, 2, i)),
                a * std::cos(angle) - b * std::sin(angle), 1e-3);
    EXPECT_NEAR(static_cast<double>(key_at(cache, 1, 1, 2, i + 4)),
                b * std::cos(angle) + a * std::sin(angle), 1e-3);
    EXPECT_EQ(value_at(cache, 1, 1, 2, i), -key(1, 1, 2, i));
  }
  EXPECT_EQ(cache.rows().position(2), 9);
  EXPECT_FALSE(cache.turn(0, 1 << 20));
}

}  // namespace
}  // namespace inpaint::engine
