// Blocks of every format against the values that the package `gguf` reads from them.

#include "engine/kernels/block_format.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/half.h"
#include "tests/engine/kernels/random_floats.h"
#include "tests/project_folders.h"

namespace inpaint::engine::kernels {
namespace {

struct FormatCase {
  BlockFormat format;
  const char* name;
  std::uint32_t ggml_type;
  int values, bytes;  // of a block
};
constexpr FormatCase kFormats[] = {
    {BlockFormat::f32, "F32", 0, 1, 4},        {BlockFormat::f16, "F16", 1, 1, 2},
    {BlockFormat::bf16, "BF16", 30, 1, 2},     {BlockFormat::q4_0, "Q4_0", 2, 32, 18},
    {BlockFormat::q4_1, "Q4_1", 3, 32, 20},    {BlockFormat::q5_0, "Q5_0", 6, 32, 22},
    {BlockFormat::q5_1, "Q5_1", 7, 32, 24},    {BlockFormat::q8_0, "Q8_0", 8, 32, 34},
    {BlockFormat::q2_k, "Q2_K", 10, 256, 84},  {BlockFormat::q3_k, "Q3_K", 11, 256, 110},
    {BlockFormat::q4_k, "Q4_K", 12, 256, 144}, {BlockFormat::q5_k, "Q5_K", 13, 256, 176},
    {BlockFormat::q6_k, "Q6_K", 14, 256, 210},
};

template <class T>
std::vector<T> read_golden(const std::string& name) {
  std::ifstream file(tests::source_folder() + "/tests/golden/blocks/" + name, std::ios::binary);
  const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
  std::vector<T> numbers(bytes.size() / sizeof(T));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(T));
  return numbers;
}

std::uint32_t bits_of(float number) { return std::bit_cast<std::uint32_t>(number); }

TEST(BlockFormat, ShapesAndNumbersAreThoseOfGgml) {
  for (const FormatCase& c : kFormats) {
    EXPECT_EQ(shape_of(c.format).name, c.name);
    EXPECT_EQ(shape_of(c.format).values, c.values) << c.name;
    EXPECT_EQ(shape_of(c.format).bytes, c.bytes) << c.name;
    EXPECT_EQ(block_format_of_ggml(c.ggml_type), c.format) << c.name;
    EXPECT_EQ(bytes_of(c.format, 3 * 256), std::int64_t{3} * 256 / c.values * c.bytes) << c.name;
  }
}

TEST(BlockFormat, OtherNumbersOfGgmlAreNotServed) {
  // Numbers taken out, blocks of sums, "importance" formats, integers, one beyond all.
  for (const std::uint32_t type : {4U, 5U, 9U, 15U, 16U, 24U, 28U, 31U, 34U, 4'000'000'000U})
    EXPECT_EQ(block_format_of_ggml(type), std::nullopt) << type;
}

TEST(BlockFormat, UnpacksToTheBitWhatThePackageReads) {
  for (const FormatCase& c : kFormats) {
    if (c.format == BlockFormat::f32) continue;
    const auto blocks = read_golden<std::byte>(std::string(c.name) + ".blocks");
    const auto expected = read_golden<float>(std::string(c.name) + ".f32");
    ASSERT_FALSE(expected.empty()) << c.name;
    const auto n = static_cast<std::int64_t>(expected.size());
    ASSERT_EQ(std::ssize(blocks), bytes_of(c.format, n)) << c.name;
    std::vector<float> values(expected.size());
    unpack(c.format, blocks.data(), n, values.data());
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(bits_of(values[i]), bits_of(expected[i]))
          << c.name << ", value " << i << ": " << values[i] << ", not " << expected[i];
  }
}

TEST(BlockFormat, PlainNumbersStayThemselves) {
  const std::vector<float> numbers = {0.0F, -0.0F, 1.5F, -3e38F, 1e-45F};
  std::vector<float> values(numbers.size());
  unpack(BlockFormat::f32, reinterpret_cast<const std::byte*>(numbers.data()), 5, values.data());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(bits_of(values[i]), bits_of(numbers[i]));
}

std::vector<float> packed_and_unpacked(const std::vector<float>& values) {
  const auto n = static_cast<std::int64_t>(values.size());
  std::vector<std::byte> blocks(static_cast<std::size_t>(bytes_of(BlockFormat::q8_0, n)));
  pack_q8_0(values.data(), n, blocks.data());
  std::vector<float> read(values.size());
  unpack(BlockFormat::q8_0, blocks.data(), n, read.data());
  return read;
}

TEST(PackQ8, RoundsToTheNearestStepAndHalvesAwayFromZero) {
  std::vector<float> values(32, 0.0F), expected(32, 0.0F);
  const float given[] = {-127.0F, 0.5F, -0.5F, 2.5F, -2.5F, 0.49F, 126.6F, -7.2F};
  const float read[] = {-127.0F, 1.0F, -1.0F, 3.0F, -3.0F, 0.0F, 127.0F, -7.0F};
  std::ranges::copy(given, values.begin());
  std::ranges::copy(read, expected.begin());
  EXPECT_EQ(packed_and_unpacked(values), expected);
}

TEST(PackQ8, IsHalfAStepFromTheValuesAtMost) {
  std::mt19937 random(11);
  const std::vector<float> values = normal_floats(random, 32 * 100, 3.0F);
  const std::vector<float> read = packed_and_unpacked(values);
  for (std::size_t begin = 0; begin < values.size(); begin += 32) {
    float greatest = 0.0F;
    for (std::size_t i = begin; i < begin + 32; ++i)
      greatest = std::max(greatest, std::abs(values[i]));
    // The scale has eleven bits: at 127 steps the error of rounding it is a twentieth of a step.
    for (std::size_t i = begin; i < begin + 32; ++i)
      EXPECT_NEAR(read[i], values[i], greatest / 127.0F * 0.57F) << i;
  }
}

TEST(PackQ8, NothingAndTheLeastNumbersBecomeZero) {
  EXPECT_EQ(packed_and_unpacked(std::vector<float>(32, 0.0F)), std::vector<float>(32, 0.0F));
  EXPECT_EQ(packed_and_unpacked(std::vector<float>(32, 1e-44F)), std::vector<float>(32, 0.0F));
}

TEST(Repacked, EachRowIsWhatItsValuesPackTo) {
  constexpr std::int64_t kRows = 3, kInputs = 64;
  std::vector<float> values;
  for (int i = 0; i < kRows * kInputs; ++i) values.push_back(0.5F * static_cast<float>(i % 17 - 8));
  const auto given = std::as_bytes(std::span(values));
  const auto same = repacked(BlockFormat::f32, BlockFormat::f32, kRows, kInputs, given);
  EXPECT_TRUE(std::ranges::equal(same, given));
  const auto packed = repacked(BlockFormat::f32, BlockFormat::q8_0, kRows, kInputs, given);
  const auto row_bytes = static_cast<std::size_t>(bytes_of(BlockFormat::q8_0, kInputs));
  for (std::int64_t row = 0; row < kRows; ++row) {
    std::vector<std::byte> expected(row_bytes);
    pack_q8_0(values.data() + row * kInputs, kInputs, expected.data());
    EXPECT_TRUE(std::ranges::equal(
        std::span(packed).subspan(static_cast<std::size_t>(row) * row_bytes, row_bytes), expected))
        << row;
  }
}

TEST(Half, EveryHalfIsAFloatAndTheSameHalfAgain) {
  for (std::uint32_t half = 0; half < 65536; ++half) {
    const float number = float_of_half(static_cast<std::uint16_t>(half));
    if (std::isnan(number)) continue;
    ASSERT_EQ(half_of_float(number), half);
  }
}

TEST(Half, RoundsToNearestAndTiesToEven) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  struct HalfCase {
    float number;
    std::uint16_t half;
  };
  constexpr HalfCase kCases[] = {
      {1.0F, 0x3C00},     {1.0F + 0x1p-11F, 0x3C00}, {1.0F + 0x3p-11F, 0x3C02},
      {65504.0F, 0x7BFF}, {65519.0F, 0x7BFF},        {65520.0F, 0x7C00},
      {-1e30F, 0xFC00},   {kInfinity, 0x7C00},       {0x1p-24F, 0x0001},
      {0x1p-25F, 0x0000}, {0x1.8p-24F, 0x0002},      {0x1.FFFp-15F, 0x0400},
      {-0.0F, 0x8000},    {1e-45F, 0x0000},
  };
  for (const HalfCase& c : kCases) EXPECT_EQ(half_of_float(c.number), c.half) << c.number;
  EXPECT_TRUE(std::isnan(float_of_half(half_of_float(std::nanf("")))));
}

}  // namespace
}  // namespace inpaint::engine::kernels
