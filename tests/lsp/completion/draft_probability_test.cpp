#include "lsp/completion/draft_probability.h"

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

TEST(DraftProbability, GrowsWithTheEvidence) {
  const DraftEvidence some{.matched_before = 10, .matched_after = 5, .seen = 2, .bytes = 20};
  DraftEvidence before = some;
  before.matched_before = 40;
  DraftEvidence after = some;
  after.matched_after = 40;
  DraftEvidence seen = some;
  seen.seen = 9;
  DraftEvidence longer = some;
  longer.bytes = 200;
  for (const HoleKind kind :
       {HoleKind::line, HoleKind::expression, HoleKind::argument, HoleKind::statement,
        HoleKind::block, HoleKind::middle, HoleKind::span}) {
    const double p = draft_probability(some, kind);
    EXPECT_GT(draft_probability(before, kind), p) << to_string(kind);
    EXPECT_GT(draft_probability(after, kind), p) << to_string(kind);
    EXPECT_GT(draft_probability(seen, kind), p) << to_string(kind);
    EXPECT_LT(draft_probability(longer, kind), p) << "what is longer is seldom right as a whole";
  }
}

TEST(DraftProbability, IsAProbabilityAtTheEdges) {
  for (const DraftEvidence& evidence :
       {DraftEvidence{},
        DraftEvidence{.matched_before = 4096, .matched_after = 256, .seen = 64, .bytes = 1},
        DraftEvidence{.matched_before = 0, .matched_after = 0, .seen = 0, .bytes = 1U << 30}}) {
    for (const HoleKind kind : {HoleKind::line, HoleKind::block, HoleKind::span}) {
      EXPECT_GE(draft_probability(evidence, kind), 0.0);
      EXPECT_LE(draft_probability(evidence, kind), 1.0);
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
