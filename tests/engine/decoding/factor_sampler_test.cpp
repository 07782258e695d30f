// The rule of Fast-dLLM (arXiv 2505.22618, section 3.3, "factor"), against its definition, and with
// `<end>` held back until nothing is missing to its left.
#include "engine/decoding/factor_sampler.h"

#include <algorithm>
#include <random>
#include <typeinfo>

#include <gtest/gtest.h>

#include "engine/decoding/threshold_sampler.h"

namespace inpaint::engine {
namespace {

constexpr TokenId kEnd = 2;

/// The indices that are set of a block in which all is masked.
std::vector<int> set_by(float factor, const std::vector<Proposal>& proposals) {
  Canvas canvas;
  canvas.open_block(static_cast<int>(proposals.size()));
  std::vector<int> set;
  for (const CellEdit& edit : FactorSampler(factor, kEnd).step(canvas, proposals)) {
    EXPECT_EQ(edit.token, proposals[static_cast<std::size_t>(edit.index)].choice.token);
    set.push_back(edit.index);
  }
  return set;
}

struct Case {
  const char* name;
  std::vector<float> certainties;
  std::vector<int> set;  // by a factor of 1
  std::vector<int> ends = {};
};

const Case kCases[] = {
    {"one needs a half", {0.5F, 0.2F}, {0}},
    {"two need two thirds each", {0.67F, 0.67F}, {0, 1}},
    {"and three more than two", {0.7F, 0.7F, 0.7F}, {0, 1}},
    {"the surest where none is sure", {0.1F, 0.3F, 0.2F}, {1}},
    {"all that are certain", {0.99F, 0.99F, 0.99F, 0.99F, 0.99F}, {0, 1, 2, 3, 4}},
    {"an end waits for what is to its left", {0.1F, 0.99F, 0.6F}, {2}, {1}},
    {"an end joins where nothing is missing then", {0.9F, 0.9F, 0.1F}, {0, 1}, {1}},
    {"an end that is not sure enough for one more does not", {0.9F, 0.6F, 0.1F}, {0}, {1}},
};

TEST(FactorSampler, SetsWhatTheRuleSays) {
  for (const Case& c : kCases) {
    std::vector<Proposal> proposals;
    for (const float certainty : c.certainties) {
      const int index = static_cast<int>(proposals.size());
      const bool ends = std::ranges::count(c.ends, index) > 0;
      proposals.push_back({index, {ends ? kEnd : 10 + index, certainty}});
    }
    EXPECT_EQ(set_by(1.0F, proposals), c.set) << c.name;
  }
}

TEST(FactorSampler, IsTheDefinitionForAnyCertainties) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    std::mt19937_64 random(seed);
    const auto unit = [&] { return static_cast<float>(random() % 1000) / 1000.0F; };
    std::vector<Proposal> proposals(1 + random() % 16);
    for (std::size_t i = 0; i < proposals.size(); ++i)
      proposals[i] = {static_cast<int>(i), {10, std::max(unit(), unit())}};
    const float factor = 2.0F * unit();
    std::vector<float> sorted;
    for (const Proposal& proposal : proposals) sorted.push_back(proposal.choice.probability);
    std::ranges::sort(sorted, std::ranges::greater{});
    std::size_t expected = 1;
    for (std::size_t n = 1; n <= sorted.size(); ++n)
      if (sorted[n - 1] >= 1.0F - factor / static_cast<float>(n + 1)) expected = n;
    const std::vector<int> set = set_by(factor, proposals);
    ASSERT_EQ(set.size(), expected) << "seed " << seed;
    for (const int index : set)
      EXPECT_GE(proposals[static_cast<std::size_t>(index)].choice.probability,
                sorted[expected - 1]);
  }
}

TEST(Sampler, IsTheOneThatTheOptionsName) {
  const auto is = [](const Sampler& sampler, const std::type_info& type) {
    return typeid(sampler) == type;
  };
  EXPECT_TRUE(is(*make_sampler({}, kEnd), typeid(ThresholdSampler)));
  EXPECT_TRUE(is(*make_sampler({.rule = SamplerRule::factor}, kEnd), typeid(FactorSampler)));
}

}  // namespace
}  // namespace inpaint::engine
