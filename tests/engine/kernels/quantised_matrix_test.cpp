#include "engine/kernels/quantised_matrix.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_blocks.h"
#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

constexpr std::int64_t kInputs = 512;
constexpr std::int64_t kOutputs = 83;  // the last strip is not whole, of either width

QuantisedMatrix random_matrix(std::mt19937& random, BlockFormat format,
                              std::int64_t outputs = kOutputs) {
  return {format, outputs, kInputs, random_blocks(random, format, outputs * kInputs)};
}

std::vector<float> product(const QuantisedMatrix& matrix, std::span<const float> x, int threads) {
  const std::int64_t rows = std::ssize(x) / matrix.inputs();
  std::vector<float> y(static_cast<std::size_t>(rows * matrix.outputs()));
  ThreadPool pool(threads);
  matrix.multiply(x.data(), rows, y.data(), pool);
  return y;
}

std::string name_of(BlockFormat format) { return std::string(shape_of(format).name); }

TEST(QuantisedMatrix, RowsAreThoseOfTheFile) {
  std::mt19937 random(51);
  for (const BlockFormat format : kAllFormats) {
    const std::vector<std::byte> data = random_blocks(random, format, kOutputs * kInputs);
    const std::vector<float> expected = unpacked(format, data);
    const QuantisedMatrix matrix(format, kOutputs, kInputs, data);
    EXPECT_EQ(matrix.outputs(), kOutputs);
    EXPECT_EQ(matrix.inputs(), kInputs);
    EXPECT_FALSE(matrix.empty());
    EXPECT_GE(matrix.bytes(),
              static_cast<std::size_t>(bytes_of(matrix.format(), kOutputs * kInputs)));
    const bool is_repacked = format == BlockFormat::q2_k || format == BlockFormat::q3_k;
    EXPECT_EQ(matrix.format(), is_repacked ? BlockFormat::q8_0 : format);
    std::vector<float> row(kInputs);
    for (std::int64_t output = 0; output < kOutputs; ++output) {
      matrix.row(output, row.data());
      for (std::int64_t begin = 0; begin < kInputs; begin += 32) {
        float greatest = 0.0F;
        const float* values = expected.data() + output * kInputs + begin;
        for (int i = 0; i < 32; ++i) greatest = std::max(greatest, std::abs(values[i]));
        const float tolerance = is_repacked ? greatest / 127.0F * 0.57F : 0.0F;
        for (int i = 0; i < 32; ++i)
          ASSERT_NEAR(row[static_cast<std::size_t>(begin + i)], values[i], tolerance)
              << name_of(format) << ", output " << output << ", input " << begin + i;
      }
    }
  }
}

TEST(QuantisedMatrix, ProductsAreThoseOfItsRowsWithinEightBits) {
  std::mt19937 random(52);
  for (const BlockFormat format : kAllFormats) {
    const QuantisedMatrix matrix = random_matrix(random, format);
    const std::vector<float> x = normal_floats(random, 70 * kInputs);
    const std::vector<float> y = product(matrix, x, 2);
    std::vector<float> weights(kInputs);
    for (std::int64_t output = 0; output < kOutputs; ++output) {
      matrix.row(output, weights.data());
      for (std::int64_t row = 0; row < 70; ++row) {
        double sum = 0.0, squares = 0.0;
        for (std::int64_t i = 0; i < kInputs; ++i) {
          const double weight{weights[static_cast<std::size_t>(i)]};
          sum += double{x[static_cast<std::size_t>(row * kInputs + i)]} * weight;
          squares += weight * weight;
        }
        // An input's greatest magnitude in 32 is about 2.1, seldom 4; a step is a 127th, and its error
        // even between half a step and minus that. Five standard deviations of their sum.
        const bool is_plain = shape_of(format).values == 1;
        const double step = 4.0 / 127.0;
        const double tolerance =
            is_plain ? 1e-5 : 5.0 * step / std::sqrt(12.0) * std::sqrt(squares);
        ASSERT_NEAR(y[static_cast<std::size_t>(row * kOutputs + output)], sum, tolerance)
            << name_of(format) << ", row " << row << ", output " << output;
      }
    }
  }
}

TEST(QuantisedMatrix, ARowsResultIsTheSameInAnyCompanyAndOnAnyNumberOfThreads) {
  std::mt19937 random(53);
  for (const BlockFormat format : kAllFormats) {
    const QuantisedMatrix matrix = random_matrix(random, format);
    const std::vector<float> x = normal_floats(random, 130 * kInputs);
    std::vector<float> alone;
    for (std::int64_t row = 0; row < 130; ++row) {
      const auto one = std::span(x).subspan(static_cast<std::size_t>(row * kInputs), kInputs);
      std::ranges::copy(product(matrix, one, 1), std::back_inserter(alone));
    }
    for (const std::int64_t rows : {1, 2, 3, 4, 5, 9, 16, 64, 130})
      for (const int threads : {1, 2, 3})
        for (const std::int64_t first : {std::int64_t{0}, 130 - rows}) {
          const auto some = std::span(x).subspan(static_cast<std::size_t>(first * kInputs),
                                                 static_cast<std::size_t>(rows * kInputs));
          const auto expected = std::span(alone).subspan(static_cast<std::size_t>(first * kOutputs),
                                                         static_cast<std::size_t>(rows * kOutputs));
          ASSERT_TRUE(std::ranges::equal(product(matrix, some, threads), expected))
              << name_of(format) << ", " << rows << " rows from " << first << ", " << threads
              << " threads";
        }
  }
}

TEST(QuantisedMatrix, SomeOutputsAreThoseOfTheWholeProductInTheOrderAskedFor) {
  std::mt19937 random(54);
  const std::vector<std::vector<std::int32_t>> choices = {
      {0}, {82}, {5, 4, 3, 40, 41, 5}, {82, 0, 81, 64, 7, 8, 31, 32}};
  for (const BlockFormat format : kAllFormats) {
    const QuantisedMatrix matrix = random_matrix(random, format);
    for (const std::int64_t rows : {1, 3, 70}) {
      const std::vector<float> x = normal_floats(random, rows * kInputs);
      const std::vector<float> all = product(matrix, x, 1);
      for (const std::vector<std::int32_t>& outputs : choices) {
        const auto n = outputs.size();
        std::vector<float> y(static_cast<std::size_t>(rows) * n);
        ThreadPool pool(2);
        matrix.multiply_some(x.data(), rows, outputs, y.data(), pool);
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
          for (std::size_t i = 0; i < n; ++i)
            ASSERT_EQ(y[row * n + i], all[row * kOutputs + static_cast<std::size_t>(outputs[i])])
                << name_of(format) << ", row " << row << ", output " << outputs[i];
      }
    }
  }
}

TEST(QuantisedMatrix, WithoutRowsOrOutputsThereIsNothingToDo) {
  std::mt19937 random(55);
  ThreadPool pool(2);
  const QuantisedMatrix matrix = random_matrix(random, BlockFormat::q5_0, 8);
  matrix.multiply(nullptr, 0, nullptr, pool);
  matrix.multiply_some(nullptr, 0, std::vector<std::int32_t>{1}, nullptr, pool);
  const std::vector<float> x(kInputs, 1.0F);
  matrix.multiply_some(x.data(), 1, {}, nullptr, pool);
  EXPECT_TRUE(QuantisedMatrix().empty());
  EXPECT_EQ(QuantisedMatrix().bytes(), 0U);
}

TEST(QuantisedMatrix, IsCopiedAndMovedWithItsWeights) {
  std::mt19937 random(56);
  QuantisedMatrix matrix = random_matrix(random, BlockFormat::q4_k);
  const std::vector<float> x = normal_floats(random, kInputs);
  const std::vector<float> y = product(matrix, x, 1);
  const QuantisedMatrix copy = matrix;
  EXPECT_EQ(product(copy, x, 1), y);
  const QuantisedMatrix moved = std::move(matrix);
  EXPECT_EQ(product(moved, x, 1), y);
}

}  // namespace
}  // namespace inpaint::engine::kernels
