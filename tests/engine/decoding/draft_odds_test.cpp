// Odds of drafts follow what comes true, class by class.
#include "engine/decoding/draft_odds.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(DraftOdds, AreWhatTheMaskSaysUntilSomethingWasSeen) {
  const DraftOdds odds;
  EXPECT_NEAR(odds.of_mask(0.95F), 0.95, 0.06);
  EXPECT_NEAR(odds.of_mask(0.05F), 0.05, 0.06);
  EXPECT_NEAR(odds.of_mask(1.0F), 0.95, 0.06);
  EXPECT_GT(odds.of_place(0), odds.of_place(1));
}

TEST(DraftOdds, FollowWhatComesTrueInEachClassAlone) {
  DraftOdds odds;
  const double of_unsure = odds.of_mask(0.45F), of_short = odds.of_copy(2);
  for (int i = 0; i < 200; ++i) odds.learn_mask(1, 0.95F, i % 4 != 0);
  for (int i = 0; i < 200; ++i) odds.learn_copy(8, i % 10 != 0);
  EXPECT_NEAR(odds.of_mask(0.92F), 0.75, 0.05) << "it is less often right than it says";
  EXPECT_NEAR(odds.of_place(1), 0.75, 0.05);
  EXPECT_NEAR(odds.of_copy(8), 0.9, 0.05);
  EXPECT_NEAR(odds.of_copy(20), 0.9, 0.05) << "longer ones are of the longest class";
  EXPECT_EQ(odds.of_mask(0.45F), of_unsure);
  EXPECT_EQ(odds.of_copy(2), of_short);
}

TEST(DraftOdds, ForgetWhatWasLongAgo) {
  DraftOdds odds;
  for (int i = 0; i < 500; ++i) odds.learn_mask(0, 0.9F, false);
  EXPECT_LT(odds.of_mask(0.9F), 0.02);
  for (int i = 0; i < 200; ++i) odds.learn_mask(0, 0.9F, true);
  EXPECT_GT(odds.of_mask(0.9F), 0.9);
}

}  // namespace
}  // namespace inpaint::engine
