// Over whole files of all languages: the beginning of what is true is never refused, whatever was asked
// before and whether there is a tree, and what is refused is never a file that parses.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "grammar/check/viable_prefix.h"
#include "grammar/tree/syntax_tree.h"
#include "tests/grammar/source_samples.h"

namespace inpaint::grammar {
namespace {

constexpr int kPlaces = 100;      // of each file
constexpr int kTruncations = 25;  // of what follows each place

std::string_view following(std::string_view text, std::size_t at) { return text.substr(at, 240); }

TEST(ViablePrefixProperty, ATruncatedTextThatIsTrueIsNeverRefused) {
  const std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random(seed);
  int n = 0;
  for (const SourceSample& sample : source_samples()) {
    const std::string_view text = sample.text;
    const auto tree = SyntaxTree::parse(*sample.language, text);
    for (int i = 0; i < kPlaces; ++i) {
      const std::size_t at = random() % text.size();
      ViablePrefix prefix(*sample.language, text.substr(0, at), i % 2 ? &*tree : nullptr,
                          text.size());
      for (int j = 0; j < kTruncations; ++j, ++n) {
        const std::string_view fill = following(text, at).substr(0, random() % 240);
        EXPECT_EQ(prefix.error_in(fill), std::nullopt)
            << "seed " << seed << ", " << sample.language->name << ", byte " << at << ": " << fill;
      }
    }
  }
  std::printf("%d truncations\n", n);
  EXPECT_GE(n, 20'000);
}

/// The true text with one byte taken out, doubled or exchanged for a mark.
std::string damaged(std::string_view fill, std::mt19937_64& random) {
  std::string text(fill);
  if (text.empty()) return text;
  const std::size_t at = random() % text.size();
  switch (random() % 3) {
    case 0: text.erase(at, 1 + random() % 6); break;
    case 1: text.insert(at, text.substr(at, 1 + random() % 6)); break;
    default: text[at] = std::string_view("()[]{};:,.=+\"'")[random() % 14];
  }
  return text;
}

TEST(ViablePrefixProperty, WhatIsRefusedNeverParsesAndNoQuestionChangesAnother) {
  const std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random(seed);
  int n = 0;
  int n_refused = 0;
  for (const SourceSample& sample : source_samples()) {
    const std::string_view text = sample.text;
    const auto tree = SyntaxTree::parse(*sample.language, text);
    for (int i = 0; i < kPlaces; ++i) {
      const std::size_t at = random() % text.size();
      const std::string_view fixed = text.substr(0, at);
      const std::string_view behind = following(text, at);
      ViablePrefix prefix(*sample.language, fixed, &*tree, text.size());
      for (int j = 0; j < 8; ++j) {
        const std::string fill = damaged(behind.substr(0, random() % 240), random);
        // As a fill is written: a longer and longer beginning.
        std::optional<std::size_t> error;
        for (std::size_t size = 0; size <= fill.size() && !error; size += 1 + random() % 20)
          error = prefix.error_in(std::string_view(fill).substr(0, size));
        if (!error) error = prefix.error_in(fill);
        ViablePrefix fresh(*sample.language, fixed, nullptr, fixed.size());
        const bool refused = !fresh.admits(fill);
        ASSERT_EQ(error.has_value(), refused)
            << "seed " << seed << ", " << sample.language->name << ", byte " << at << ": " << fill;
        ++n;
        if (!refused) continue;
        ++n_refused;
        const std::string rest(text.substr(at + std::min(fill.size(), text.size() - at)));
        for (const std::string& end : {std::string(), rest})
          EXPECT_NE(SyntaxTree::parse(*sample.language, std::string(fixed) + fill + end)->errors(),
                    ErrorCount{})
              << "seed " << seed << ", " << sample.language->name << ", byte " << at << ": "
              << fill;
      }
    }
  }
  std::printf("%d of %d damaged texts refused\n", n_refused, n);
  EXPECT_GT(n_refused * 4, n);
}

}  // namespace
}  // namespace inpaint::grammar
