#include "lsp/retrieval/draft_probability.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

constexpr HoleKind kKinds[] = {HoleKind::line,      HoleKind::expression, HoleKind::argument,
                               HoleKind::statement, HoleKind::block,      HoleKind::middle,
                               HoleKind::span};

Draft copied(CopyMatch match, std::size_t bytes = 20) {
  Draft draft;
  draft.text = std::string(bytes, 'x');
  draft.copy = match;
  return draft;
}

Draft analogous(AnalogyMatch match) {
  Draft draft;
  draft.text = std::string(20, 'x');
  draft.analogy = match;
  return draft;
}

TEST(DraftProbability, GrowsWithWhatMatches) {
  for (const HoleKind kind : kKinds) {
    const double p = copy_probability({.before = 10, .after = 5, .seen = 2}, 20, kind);
    EXPECT_GT(copy_probability({.before = 40, .after = 5, .seen = 2}, 20, kind), p);
    EXPECT_GT(copy_probability({.before = 10, .after = 40, .seen = 2}, 20, kind), p);
    EXPECT_GT(copy_probability({.before = 10, .after = 5, .seen = 9}, 20, kind), p);
    EXPECT_LT(copy_probability({.before = 10, .after = 5, .seen = 2}, 200, kind), p)
        << "what is longer is seldom right as a whole";

    const double odds = log_odds(copied({.before = 10, .after = 5, .seen = 2}), kind);
    EXPECT_GT(log_odds(copied({.before = 40, .after = 5, .seen = 2}), kind), odds);
    EXPECT_GT(log_odds(copied({.before = 10, .after = 40, .seen = 2}), kind), odds);
    EXPECT_GT(log_odds(copied({.before = 10, .after = 5, .seen = 9}), kind), odds);
    EXPECT_LT(log_odds(copied({.before = 10, .after = 5, .seen = 2}, 200), kind), odds);

    const double alike = log_odds(analogous({.equal = 10, .after = 5, .seen = 2}), kind);
    EXPECT_GT(log_odds(analogous({.equal = 40, .after = 5, .seen = 2}), kind), alike);
    EXPECT_GT(log_odds(analogous({.equal = 10, .after = 40, .seen = 2}), kind), alike);
    EXPECT_GT(log_odds(analogous({.equal = 10, .after = 5, .seen = 9}), kind), alike);
    EXPECT_LT(log_odds(analogous({.equal = 10, .renamed = 4, .after = 5, .seen = 2}), kind), alike);
  }
}

TEST(DraftProbability, DraftsOfOneHoleTakeFromEachOther) {
  for (const HoleKind kind : kKinds) {
    std::vector<Draft> alone = {copied({.before = 40, .after = 9})};
    rate_together(alone, kind);
    std::vector<Draft> drafts = {copied({.before = 10, .after = 2}),
                                 copied({.before = 40, .after = 9}),
                                 analogous({.equal = 12, .renamed = 1, .changed = 1, .after = 6})};
    rate_together(drafts, kind);
    double all = 0.0;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      all += drafts[i].probability;
      EXPECT_LE(drafts[i].probability, i == 0 ? 1.0 : drafts[i - 1].probability) << "best first";
      if (drafts[i] == alone[0] || drafts[i].copy == alone[0].copy) {
        EXPECT_LT(drafts[i].probability, alone[0].probability);
      }
    }
    EXPECT_LT(all, 1.0) << "it may be none of them";
  }
}

TEST(DraftProbability, IsAProbabilityAtTheEdges) {
  for (const HoleKind kind : kKinds) {
    std::vector<Draft> drafts = {
        copied({.before = 4096, .after = 256, .seen = 64}, 1),
        copied({.before = 0, .after = 0, .seen = 1}, 1U << 20),
        analogous({.equal = 60, .renamed = 30, .changed = 400, .after = 60})};
    rate_together(drafts, kind);
    for (const Draft& draft : drafts) {
      EXPECT_GE(draft.probability, 0.0);
      EXPECT_LE(draft.probability, 1.0);
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
