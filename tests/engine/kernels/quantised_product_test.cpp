// Strips by each set of instructions against the plain loops, to the bit, and those against sums in double precision.

#include "engine/kernels/quantised_product.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/quantised_strip.h"
#include "tests/engine/kernels/random_blocks.h"
#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

constexpr std::int64_t kInputs = 1024;
constexpr std::int64_t kStrips = 3;  // of blocks: two together and one
constexpr std::int64_t kOutputs = kStrips * kBlockLanes;
constexpr std::int64_t kRows[] = {1, 2, 3, 4, 5, 7, 16, 64};

struct Strips {
  std::vector<float> weights;  // [outputs, kInputs]
  std::vector<std::byte> strips;
};

Strips strips_of(BlockFormat format, const std::vector<std::byte>& rows) {
  Strips made{.weights = unpacked(format, rows), .strips = std::vector<std::byte>(rows.size())};
  const auto bytes = static_cast<std::size_t>(bytes_of(format, strip_lanes(format) * kInputs));
  for (std::size_t at = 0; at < rows.size(); at += bytes)
    make_strip(format, kInputs, rows.data() + at, made.strips.data() + at);
  return made;
}

Strips random_strips(std::mt19937& random, BlockFormat format) {
  return strips_of(format, random_blocks(random, format, kOutputs * kInputs));
}

/// [kInputs / 32, rows]
std::vector<RoundedBlock> rounded_panel(const std::vector<float>& x, std::int64_t rows) {
  std::vector<RoundedBlock> panel(static_cast<std::size_t>(rows * kInputs / 32));
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t block = 0; block < kInputs / 32; ++block)
      round_block(x.data() + row * kInputs + block * 32,
                  panel[static_cast<std::size_t>(block * rows + row)]);
  return panel;
}

std::vector<float> product(StripProduct multiply, const Strips& strips,
                           const std::vector<RoundedBlock>& x, std::int64_t rows) {
  std::vector<float> y(static_cast<std::size_t>(rows * kOutputs));
  multiply({.strips = strips.strips.data(),
            .n_strips = kStrips,
            .x = x.data(),
            .n_blocks = kInputs / 32,
            .rows = rows,
            .y = y.data(),
            .y_stride = kOutputs});
  return y;
}

TEST(StripProduct, OfPlainLoopsIsThatOfTheUnpackedWeightsAndTheRoundedRow) {
  std::mt19937 random(41);
  for (const BlockFormat format : kProductFormats) {
    const Strips strips = random_strips(random, format);
    const std::vector<float> x = normal_floats(random, 5 * kInputs);
    const std::vector<RoundedBlock> panel = rounded_panel(x, 5);
    const std::vector<float> y = product(plain_strip_product(format), strips, panel, 5);
    for (std::int64_t row = 0; row < 5; ++row)
      for (std::int64_t lane = 0; lane < kOutputs; ++lane) {
        double sum = 0.0, magnitude = 0.0;
        for (std::int64_t i = 0; i < kInputs; ++i) {
          const RoundedBlock& block = panel[static_cast<std::size_t>(i / 32 * 5 + row)];
          const double part = double{block.scale} * block.q[i % 32] *
                              double{strips.weights[static_cast<std::size_t>(lane * kInputs + i)]};
          sum += part;
          magnitude += std::abs(part);
        }
        // What adding 64 numbers of f32 may lose; the weights' minima cancel against their scales.
        EXPECT_NEAR(y[static_cast<std::size_t>(row * kOutputs + lane)], sum, 1e-6 * magnitude)
            << shape_of(format).name << ", row " << row << ", lane " << lane;
      }
  }
}

class StripProductBy : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!has_instructions(GetParam())) GTEST_SKIP() << "this processor has no such instructions";
  }
};

TEST_P(StripProductBy, IsThatOfPlainLoopsToTheBit) {
  std::mt19937 random(42);
  for (const BlockFormat format : kProductFormats)
    for (const std::int64_t rows : kRows) {
      const Strips strips = random_strips(random, format);
      const std::vector<RoundedBlock> x =
          rounded_panel(normal_floats(random, rows * kInputs), rows);
      EXPECT_EQ(product(strip_product(format, GetParam()), strips, x, rows),
                product(plain_strip_product(format), strips, x, rows))
          << shape_of(format).name << ", " << rows << " rows";
    }
}

TEST_P(StripProductBy, GreatestWeightsAndInputsOverflowNothing) {
  for (const BlockFormat format : kProductFormats)
    for (const unsigned bits : {0x00U, 0xFFU, 0x80U, 0x7FU, 0x0FU, 0xF0U})
      for (const float sign : {1.0F, -1.0F}) {
        std::vector<std::byte> rows(static_cast<std::size_t>(bytes_of(format, kOutputs * kInputs)),
                                    static_cast<std::byte>(bits));
        const auto block_bytes = static_cast<std::size_t>(shape_of(format).bytes);
        for (std::size_t block = 0; block < rows.size(); block += block_bytes)
          for (const std::size_t place : places_of_halves(format)) {
            const std::uint16_t one = half_of_float(1.0F);
            std::memcpy(rows.data() + block + place, &one, sizeof one);
          }
        const Strips strips = strips_of(format, rows);
        const std::vector<RoundedBlock> x = rounded_panel(
            std::vector<float>(static_cast<std::size_t>(5 * kInputs), sign * 127.0F), 5);
        double sum = 0.0;
        for (std::int64_t i = 0; i < kInputs; ++i)
          sum += double{strips.weights[static_cast<std::size_t>(i)]} * double{sign} * 127.0;
        const std::vector<float> plain = product(plain_strip_product(format), strips, x, 5);
        EXPECT_NEAR(plain[0], sum, 1e-5 * std::abs(sum)) << shape_of(format).name << " " << bits;
        EXPECT_EQ(product(strip_product(format, GetParam()), strips, x, 5), plain)
            << shape_of(format).name << " " << bits;
      }
}

TEST_P(StripProductBy, ANumberThatIsNotFiniteMakesItsRowNotANumber) {
  std::mt19937 random(43);
  std::vector<float> x = normal_floats(random, 5 * kInputs);
  x[2 * kInputs + 700] = std::numeric_limits<float>::infinity();
  const std::vector<RoundedBlock> panel = rounded_panel(x, 5);
  for (const BlockFormat format : kProductFormats) {
    const Strips strips = random_strips(random, format);
    const std::vector<float> y = product(strip_product(format, GetParam()), strips, panel, 5);
    for (std::size_t i = 0; i < y.size(); ++i)
      EXPECT_EQ(std::isnan(y[i]), i / kOutputs == 2) << shape_of(format).name << " " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, StripProductBy,
                         testing::Values(Instructions::plain, Instructions::avx2,
                                         Instructions::vnni, Instructions::avx512),
                         [](const auto& test) { return name_of(test.param); });

TEST(Instructions, AreHeldToTheNamedOnes) {
  EXPECT_EQ(best_instructions("plain"), Instructions::plain);
  EXPECT_LE(best_instructions("avx2"), Instructions::avx2);
  EXPECT_EQ(best_instructions("no such"), best_instructions("avx512"));
  for (const Instructions one : {Instructions::avx2, Instructions::vnni, Instructions::avx512})
    EXPECT_EQ(best_instructions(name_of(one)) == one, has_instructions(one)) << name_of(one);
}

TEST(FloatStripProduct, IsThatOfTheWeightsInF32) {
  std::mt19937 random(44);
  for (const BlockFormat format : {BlockFormat::f32, BlockFormat::f16, BlockFormat::bf16}) {
    std::vector<std::byte> rows = random_blocks(random, format, 2 * kLanes * kInputs);
    if (format == BlockFormat::f16) {  // subnormal halves as well
      const std::uint16_t halves[] = {0x0001, 0x83FF, 0x0000, 0x8000, 0x0400};
      std::memcpy(rows.data(), halves, sizeof halves);
    }
    const Strips strips = strips_of(format, rows);
    const std::vector<float> x = normal_floats(random, 13 * kInputs);
    for (const bool wide : register_kinds())
      for (const std::int64_t n : {1, 2, 7, 13}) {
        std::vector<float> y(static_cast<std::size_t>(n * 2 * kLanes));
        float_strip_product(format,
                            {.strips = strips.strips.data(),
                             .n_strips = 2,
                             .x = x.data(),
                             .inputs = kInputs,
                             .rows = n,
                             .y = y.data(),
                             .y_stride = 2 * kLanes},
                            wide);
        for (std::int64_t row = 0; row < n; ++row)
          for (std::int64_t lane = 0; lane < 2 * kLanes; ++lane) {
            double sum = 0.0;
            for (std::int64_t i = 0; i < kInputs; ++i)
              sum += double{x[static_cast<std::size_t>(row * kInputs + i)]} *
                     double{strips.weights[static_cast<std::size_t>(lane * kInputs + i)]};
            ASSERT_NEAR(y[static_cast<std::size_t>(row * 2 * kLanes + lane)], sum, 1e-5)
                << shape_of(format).name << ", row " << row << " of " << n << ", lane " << lane;
          }
      }
  }
}

}  // namespace
}  // namespace inpaint::engine::kernels
