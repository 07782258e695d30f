// The kernel against softmax(q kᵀ) v written out over what each row sees, for both kinds of
// registers; and to the bit against the same row where it sees nothing else.

#include "engine/kernels/attention_kernel.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/kernels/random_floats.h"

namespace inpaint::engine::kernels {
namespace {

/// Keys and values as they come, and who sees which of them.
struct Scene {
  std::int64_t rows, width, n_keys;
  std::vector<float> q, keys, values;       // [rows, width], [n_keys, width] twice
  std::vector<std::vector<KeyRange>> seen;  // by each row
};

Scene random_scene(std::mt19937& random, std::int64_t rows, std::int64_t width,
                   std::int64_t n_keys) {
  Scene scene{rows,
              width,
              n_keys,
              normal_floats(random, rows * width),
              normal_floats(random, n_keys * width),
              normal_floats(random, n_keys * width),
              {}};
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<KeyRange>& seen = scene.seen.emplace_back();
    const bool prefix = random() % 3 == 0;
    for (std::int64_t at = prefix ? 0 : static_cast<std::int64_t>(random() % 3); at < n_keys;) {
      const auto end = std::min(n_keys, at + 1 + static_cast<std::int64_t>(random() % 40));
      seen.push_back({at, end});
      if (prefix) break;
      at = end + 1 + static_cast<std::int64_t>(random() % 20);
    }
    if (seen.empty()) seen.push_back({n_keys - 1, n_keys});
  }
  return scene;
}

std::vector<float> attend(const Scene& scene, bool wide) {
  const std::int64_t value_width = whole_lanes(scene.width);
  const std::int64_t capacity = whole_lanes(scene.n_keys);
  std::vector<float> keys(static_cast<std::size_t>(capacity * scene.width));
  std::vector<float> values(static_cast<std::size_t>(scene.n_keys * value_width));
  for (std::int64_t key = 0; key < scene.n_keys; ++key)
    for (std::int64_t i = 0; i < scene.width; ++i) {
      const auto from = static_cast<std::size_t>(key * scene.width + i);
      keys[static_cast<std::size_t>((key / kLanes * scene.width + i) * kLanes + key % kLanes)] =
          scene.keys[from];
      values[static_cast<std::size_t>(key * value_width + i)] = scene.values[from];
    }
  std::vector<KeyRange> seen;
  std::vector<std::int64_t> first{0};
  for (const std::vector<KeyRange>& ranges : scene.seen) {
    seen.insert(seen.end(), ranges.begin(), ranges.end());
    first.push_back(static_cast<std::int64_t>(seen.size()));
  }
  std::vector<float> scores(static_cast<std::size_t>(kScoreRows * capacity));
  std::vector<float> out(static_cast<std::size_t>(scene.rows * value_width));
  attend_rows({.q = scene.q.data(),
               .rows = scene.rows,
               .width = scene.width,
               .value_width = value_width,
               .keys = keys.data(),
               .values = values.data(),
               .n_keys = scene.n_keys,
               .seen = seen.data(),
               .first_seen = first.data(),
               .scale = 1.0F / std::sqrt(static_cast<float>(scene.width)),
               .scores = scores.data(),
               .out = out.data()},
              wide);
  std::vector<float> dense;
  for (std::int64_t row = 0; row < scene.rows; ++row)
    dense.insert(dense.end(), out.begin() + row * value_width,
                 out.begin() + row * value_width + scene.width);
  return dense;
}

/// The definition, in f64.
std::vector<double> plainly_attended(const Scene& scene) {
  std::vector<double> out;
  for (std::int64_t row = 0; row < scene.rows; ++row) {
    std::vector<double> powers(static_cast<std::size_t>(scene.n_keys));
    double sum = 0.0;
    for (const auto& [begin, end] : scene.seen[static_cast<std::size_t>(row)])
      for (std::int64_t key = begin; key < end; ++key) {
        double score = 0.0;
        for (std::int64_t i = 0; i < scene.width; ++i)
          score += double{scene.q[static_cast<std::size_t>(row * scene.width + i)]} *
                   double{scene.keys[static_cast<std::size_t>(key * scene.width + i)]};
        sum += powers[static_cast<std::size_t>(key)] =
            std::exp(score / std::sqrt(static_cast<double>(scene.width)));
      }
    for (std::int64_t i = 0; i < scene.width; ++i) {
      double value = 0.0;
      for (std::int64_t key = 0; key < scene.n_keys; ++key)
        value += powers[static_cast<std::size_t>(key)] / sum *
                 double{scene.values[static_cast<std::size_t>(key * scene.width + i)]};
      out.push_back(value);
    }
  }
  return out;
}

struct ShapeCase {
  std::int64_t rows, width, n_keys;
};
constexpr ShapeCase kShapes[] = {{1, 8, 1},   {1, 16, 33},  {3, 16, 32},   {8, 64, 70},
                                 {9, 32, 31}, {13, 32, 95}, {20, 64, 200}, {6, 512, 64}};

TEST(AttentionKernel, IsSoftmaxOverWhatARowSees) {
  std::mt19937 random(8);
  for (const auto& [rows, width, n_keys] : kShapes)
    for (int round = 0; round < 4; ++round) {
      SCOPED_TRACE(testing::Message() << rows << " rows, " << n_keys << " keys of " << width);
      const Scene scene = random_scene(random, rows, width, n_keys);
      const std::vector<double> expected = plainly_attended(scene);
      for (const bool wide : register_kinds()) {
        const std::vector<float> out = attend(scene, wide);
        for (std::size_t i = 0; i < out.size(); ++i)
          ASSERT_NEAR(out[i], expected[i], 1e-5) << (wide ? "wide " : "narrow ") << i;
      }
    }
}

// What trees of drafts rest on: a row that sees parts is the row that has these parts alone.
TEST(AttentionKernel, WhatLiesBetweenChangesNoBit) {
  std::mt19937 random(9);
  for (const auto& [rows, width, n_keys] : kShapes) {
    const Scene scene = random_scene(random, rows, width, n_keys);
    for (const bool wide : register_kinds()) {
      const std::vector<float> together = attend(scene, wide);
      for (std::int64_t row = 0; row < rows; ++row) {
        Scene alone{.rows = 1, .width = width, .n_keys = 0};
        const auto piece = [&](const std::vector<float>& from, std::int64_t begin,
                               std::int64_t end) {
          return std::span(from).subspan(static_cast<std::size_t>(begin * width),
                                         static_cast<std::size_t>((end - begin) * width));
        };
        std::ranges::copy(piece(scene.q, row, row + 1), std::back_inserter(alone.q));
        for (const auto& [begin, end] : scene.seen[static_cast<std::size_t>(row)]) {
          std::ranges::copy(piece(scene.keys, begin, end), std::back_inserter(alone.keys));
          std::ranges::copy(piece(scene.values, begin, end), std::back_inserter(alone.values));
          alone.n_keys += end - begin;
        }
        alone.seen = {{{0, alone.n_keys}}};
        const std::vector<float> expected = attend(alone, wide);
        EXPECT_TRUE(std::ranges::equal(piece(together, row, row + 1), expected))
            << "row " << row << " of " << rows << ", " << n_keys << " keys of " << width;
      }
    }
  }
}

}  // namespace
}  // namespace inpaint::engine::kernels
