#include "engine/kernels/quantised_strip.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_blocks.h"

namespace inpaint::engine::kernels {
namespace {

constexpr std::int64_t kInputs = 768;

TEST(Strip, HoldsTheRowsToTheBitInTheSameNumberOfBytes) {
  std::mt19937 random(31);
  for (const BlockFormat format : kAllFormats) {
    if (!has_strips(format)) continue;
    const int lanes = strip_lanes(format);
    const std::vector<std::byte> rows = random_blocks(random, format, lanes * kInputs);
    const std::vector<float> expected = unpacked(format, rows);
    std::vector<std::byte> strip(rows.size());
    make_strip(format, kInputs, rows.data(), strip.data());
    std::vector<float> row(kInputs);
    for (int lane = 0; lane < lanes; ++lane) {
      strip_row(format, kInputs, strip.data(), lane, row.data());
      EXPECT_TRUE(std::equal(row.begin(), row.end(), expected.begin() + lane * kInputs))
          << shape_of(format).name << ", lane " << lane;
    }
  }
}

TEST(Strip, TakesABlockApartAsTheFileHasIt) {
  std::mt19937 random(32);
  for (const BlockFormat format : kProductFormats) {
    const BlockShape& shape = shape_of(format);
    const std::vector<std::byte> rows = random_blocks(random, format, kBlockLanes * kInputs);
    std::vector<std::byte> strip(rows.size());
    make_strip(format, kInputs, rows.data(), strip.data());
    for (int lane = 0; lane < kBlockLanes; ++lane) {
      const std::byte* block = rows.data() + bytes_of(format, lane * kInputs + shape.values);
      const BlockParts expected = take_apart(format, block);
      const BlockParts parts = strip_parts(format, strip.data() + shape.bytes * kBlockLanes, lane);
      EXPECT_EQ(parts.values, expected.values) << shape.name;
      EXPECT_EQ(parts.per_part, expected.per_part) << shape.name;
      EXPECT_EQ(parts.offset, expected.offset) << shape.name;
      EXPECT_EQ(parts.scale, expected.scale) << shape.name;
      EXPECT_EQ(parts.minimum, expected.minimum) << shape.name;
      EXPECT_EQ(parts.scales, expected.scales) << shape.name;
      EXPECT_EQ(parts.minima, expected.minima) << shape.name;
      EXPECT_EQ(parts.q, expected.q) << shape.name;
    }
  }
}

TEST(Strip, FormatsWithoutAProductHaveNone) {
  EXPECT_FALSE(has_strips(BlockFormat::q2_k));
  EXPECT_FALSE(has_strips(BlockFormat::q3_k));
  for (const BlockFormat format : kProductFormats) EXPECT_TRUE(has_strips(format));
}

}  // namespace
}  // namespace inpaint::engine::kernels
