#include "lsp/completion/draft_probability.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;

constexpr HoleKind kKinds[] = {HoleKind::line,      HoleKind::expression, HoleKind::argument,
                               HoleKind::statement, HoleKind::block,      HoleKind::middle,
                               HoleKind::span};

using Probability = double (*)(const Draft&, HoleKind);
constexpr Probability kProbabilities[] = {copy_probability, analogy_probability};

TEST(DraftProbability, GrowsWithTheEvidence) {
  Draft some;
  some.text = std::string(20, 'x');
  some.matched_before = 10;
  some.matched_after = 5;
  some.seen = 2;
  Draft before = some;
  before.matched_before = 40;
  Draft after = some;
  after.matched_after = 40;
  Draft seen = some;
  seen.seen = 9;
  Draft longer = some;
  longer.text = std::string(200, 'x');
  for (const Probability probability : kProbabilities) {
    for (const HoleKind kind : kKinds) {
      const double p = probability(some, kind);
      EXPECT_GT(probability(before, kind), p) << to_string(kind);
      EXPECT_GT(probability(after, kind), p) << to_string(kind);
      EXPECT_GT(probability(seen, kind), p) << to_string(kind);
      EXPECT_LT(probability(longer, kind), p) << "what is longer is seldom right as a whole";
    }
  }
}

TEST(DraftProbability, FallsWithTheNamesThatDiffer) {
  Draft some;
  some.text = "x";
  some.matched_before = 10;
  Draft renamed = some;
  renamed.renamed = 4;
  for (const HoleKind kind : kKinds)
    EXPECT_LT(analogy_probability(renamed, kind), analogy_probability(some, kind))
        << to_string(kind);
}

TEST(DraftProbability, IsAProbabilityAtTheEdges) {
  Draft much;
  much.text = "x";
  much.matched_before = 4096;
  much.matched_after = 256;
  much.seen = 64;
  Draft little;
  little.text = std::string(1U << 20, 'x');
  for (const Draft& draft : {Draft{}, much, little}) {
    for (const Probability probability : kProbabilities) {
      for (const HoleKind kind : kKinds) {
        EXPECT_GE(probability(draft, kind), 0.0);
        EXPECT_LE(probability(draft, kind), 1.0);
      }
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
