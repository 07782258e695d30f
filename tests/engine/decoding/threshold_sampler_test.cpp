// The rule of Fast-dLLM (arXiv 2505.22618, section 3.3), with `<end>` held back until nothing is
// missing to its left.
#include "engine/decoding/threshold_sampler.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

constexpr TokenId kEnd = 2;
constexpr int kWidth = 8;

/// A block of kWidth cells of which those without a proposal are set already.
Canvas canvas_for(const std::vector<Proposal>& proposals) {
  Canvas canvas;
  canvas.open_block(kWidth);
  for (int i = 0; i < kWidth; ++i)
    if (std::ranges::find(proposals, i, &Proposal::index) == proposals.end())
      canvas.set(i, 99, 1.0F);
  return canvas;
}

std::vector<CellEdit> sorted_step(float threshold, const std::vector<Proposal>& proposals) {
  const Canvas canvas = canvas_for(proposals);
  std::vector<CellEdit> edits = ThresholdSampler(threshold, kEnd).step(canvas, proposals);
  std::ranges::sort(edits, {}, &CellEdit::index);
  return edits;
}

struct Case {
  const char* name;
  std::vector<Proposal> proposals;
  std::vector<int> set;  // indices, with the threshold 0.9
};

const Case kCases[] = {
    {"all that are certain enough at once",
     {{0, {10, 0.95F}}, {1, {11, 0.5F}}, {2, {12, 0.92F}}, {3, {13, 0.1F}}},
     {0, 2}},
    {"the threshold itself is enough", {{0, {10, 0.9F}}, {1, {11, 0.5F}}}, {0}},
    {"the surest one where none is certain",
     {{0, {10, 0.2F}}, {1, {11, 0.6F}}, {2, {12, 0.4F}}},
     {1}},
    {"the leftmost of equals", {{0, {10, 0.4F}}, {1, {11, 0.4F}}}, {0}},
    {"an end that is certain waits for what is to its left",
     {{0, {10, 0.3F}}, {1, {11, 0.2F}}, {2, {kEnd, 0.99F}}},
     {0}},
    {"an end is not the surest one either while it waits",
     {{0, {10, 0.1F}}, {3, {kEnd, 0.8F}}},
     {0}},
    {"an end on the leftmost mask needs no waiting", {{4, {kEnd, 0.95F}}, {5, {11, 0.2F}}}, {4}},
    {"an end that is merely the surest closes as well, where it is leftmost",
     {{4, {kEnd, 0.6F}}, {5, {11, 0.5F}}},
     {4}},
    {"an end is set together with the last tokens before it",
     {{0, {10, 0.95F}}, {1, {11, 0.95F}}, {2, {kEnd, 0.95F}}, {3, {12, 0.1F}}},
     {0, 1, 2}},
    {"an end that is not certain is not set along with others",
     {{0, {10, 0.95F}}, {1, {kEnd, 0.8F}}},
     {0}},
    {"a single mask is always set", {{7, {10, 0.01F}}}, {7}},
};

TEST(ThresholdSampler, SetsWhatTheRuleSays) {
  for (const Case& c : kCases) {
    std::vector<int> set;
    for (const CellEdit& edit : sorted_step(0.9F, c.proposals)) {
      const auto from = std::ranges::find(c.proposals, edit.index, &Proposal::index);
      ASSERT_NE(from, c.proposals.end()) << c.name;
      EXPECT_EQ(edit.token, from->choice.token) << c.name;
      EXPECT_EQ(edit.confidence, from->choice.probability) << c.name;
      set.push_back(edit.index);
    }
    EXPECT_EQ(set, c.set) << c.name;
  }
}

TEST(ThresholdSampler, AThresholdOfZeroSetsAllAndOneSetsTheSurest) {
  const std::vector<Proposal> proposals = {{0, {10, 0.3F}}, {1, {11, 0.7F}}, {2, {12, 0.1F}}};
  EXPECT_EQ(sorted_step(0.0F, proposals).size(), 3U);
  EXPECT_EQ(sorted_step(1.0F, proposals), (std::vector<CellEdit>{{1, 11, 0.7F}}));
}

TEST(ThresholdSampler, KeepsItsPromisesForAnyProposals) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::vector<Proposal> proposals;
    for (int i = 0; i < kWidth; ++i)
      if (random() % 3 != 0)
        proposals.push_back(
            {i, {random() % 4 == 0 ? kEnd : 10 + i, static_cast<float>(random() % 100) / 100.0F}});
    if (proposals.empty()) continue;
    const float threshold = static_cast<float>(random() % 100) / 100.0F;
    const auto edits = sorted_step(threshold, proposals);
    const auto is_set = [&](int index) {
      return std::ranges::find(edits, index, &CellEdit::index) != edits.end();
    };

    ASSERT_FALSE(edits.empty()) << "every forward makes progress";
    for (std::size_t i = 1; i < edits.size(); ++i) EXPECT_LT(edits[i - 1].index, edits[i].index);
    int n_below = 0;
    float greatest = 0.0F;  // of those that were free to be set before the step
    bool any_certain = false;
    for (const Proposal& p : proposals) {
      const bool leftmost = p.index == proposals.front().index;
      if (p.choice.token != kEnd || leftmost) {
        greatest = std::max(greatest, p.choice.probability);
        any_certain |= p.choice.probability >= threshold;
        EXPECT_TRUE(p.choice.probability < threshold || is_set(p.index)) << p.index;
      }
      if (!is_set(p.index)) continue;
      if (p.choice.probability < threshold) {
        ++n_below;
        EXPECT_FALSE(any_certain);
        EXPECT_EQ(p.choice.probability, greatest);
      }
      if (p.choice.token == kEnd) {
        for (const Proposal& left : proposals)
          EXPECT_TRUE(left.index >= p.index || is_set(left.index)) << left.index << " misses";
      }
    }
    EXPECT_LE(n_below, 1);
  }
}

}  // namespace
}  // namespace inpaint::engine
