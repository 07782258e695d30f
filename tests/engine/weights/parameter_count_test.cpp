#include "engine/weights/parameter_count.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using kernels::QuantisedMatrix;

constexpr std::int64_t kVocabulary = 40;
constexpr std::int64_t kHidden = 32;

std::vector<float> table(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(kVocabulary * kHidden);
  for (float& value : values) value = normal(random);
  return values;
}

QuantisedMatrix matrix_of(const std::vector<float>& values) {
  std::vector<std::byte> data(values.size() * sizeof(float));
  std::memcpy(data.data(), values.data(), data.size());
  return {kernels::BlockFormat::f32, kVocabulary, kHidden, std::move(data)};
}

/// To steps of a half, as if there were some three bits for a value.
std::vector<float> rounded(std::vector<float> values) {
  for (float& value : values) value = std::round(value * 2.0F) / 2.0F;
  return values;
}

std::int64_t count(const std::vector<float>& embedding, const std::vector<float>& head) {
  PretrainedWeights weights;
  weights.embedding = matrix_of(embedding);
  if (!head.empty()) weights.head = matrix_of(head);
  return count_parameters(weights);
}

constexpr std::int64_t kOneTable = kVocabulary * kHidden;

TEST(ParameterCount, AHeadThatRepeatsTheEmbeddingIsCountedOnce) {
  EXPECT_EQ(count(table(1), {}), kOneTable);
  EXPECT_EQ(count(table(1), table(1)), kOneTable);
  EXPECT_EQ(count(rounded(table(1)), table(1)), kOneTable) << "in another precision";
}

TEST(ParameterCount, AHeadOfItsOwnIsCounted) {
  EXPECT_EQ(count(table(1), table(2)), 2 * kOneTable);
  auto changed = table(1);
  for (float& value : changed) value = -value;
  EXPECT_EQ(count(table(1), changed), 2 * kOneTable);
}

TEST(ParameterCount, UnusedRowsTellNothing) {
  auto one = table(1);
  auto other = table(2);
  std::fill_n(one.begin(), kHidden, 0.0F);
  std::fill_n(other.begin(), kHidden, 0.0F);
  EXPECT_EQ(count(one, one), kOneTable);
  EXPECT_EQ(count(one, other), 2 * kOneTable);
}

TEST(ParameterCount, CountsNormsAndBiases) {
  PretrainedWeights weights;
  weights.final_norm.resize(4);
  weights.layers.resize(2);
  for (PretrainedLayer& layer : weights.layers) {
    layer.attention_norm.resize(4);
    layer.mlp_norm.resize(4);
    layer.q_bias.resize(3);
  }
  EXPECT_EQ(count_parameters(weights), 4 + 2 * 11);
}

}  // namespace
}  // namespace inpaint::engine
