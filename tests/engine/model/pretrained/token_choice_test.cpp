#include "engine/model/pretrained/token_choice.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using testing::ElementsAre;

std::vector<TokenId> tokens_of(const Distribution& distribution) {
  std::vector<TokenId> tokens;
  for (const Candidate& candidate : distribution.candidates()) tokens.push_back(candidate.token);
  return tokens;
}

class TokenChoiceTest : public testing::Test {
 protected:
  static constexpr int kVocabulary = 40;
  // Token i has logit -i / 4.
  static std::vector<float> falling() {
    std::vector<float> logits(kVocabulary);
    for (int i = 0; i < kVocabulary; ++i)
      logits[static_cast<std::size_t>(i)] = -0.25F * static_cast<float>(i);
    return logits;
  }
  const TokenChoice choice_{kVocabulary, std::vector<TokenId>{0, 2}, std::vector<TokenId>{5, 1}};
};

TEST_F(TokenChoiceTest, TheBestComeFirstAndWhatIsForbiddenNever) {
  std::vector<float> logits = falling();
  const auto chosen = choice_.choose(logits, 3, {});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->n_top, Distribution::kCandidates);
  const std::vector<TokenId> tokens = tokens_of(*chosen);
  EXPECT_THAT(std::vector<TokenId>(tokens.begin(), tokens.begin() + 4), ElementsAre(5, 3, 4, 6));
  EXPECT_FLOAT_EQ(chosen->wanted, chosen->top[1].probability);
}

TEST_F(TokenChoiceTest, AllEndsTogetherAreTheFirst) {
  std::vector<float> logits = falling();
  const auto chosen = choice_.choose(logits, 3, {});
  ASSERT_TRUE(chosen);
  const double ends = std::exp(-0.25 * 5) + std::exp(-0.25 * 1);
  EXPECT_NEAR(static_cast<double>(chosen->best().probability / chosen->wanted),
              ends / std::exp(-0.75), 1e-4);
}

TEST_F(TokenChoiceTest, ProbabilitiesAreOverWhatMayBeWritten) {
  std::vector<float> logits = falling();
  double sum = 0.0;
  for (TokenId token = 0; token < kVocabulary; ++token) {
    std::vector<float> again = falling();
    sum += static_cast<double>(choice_.choose(again, token, {})->wanted);
  }
  EXPECT_NEAR(sum, 1.0, 1e-5);
}

TEST_F(TokenChoiceTest, WhereFewAreAllowedThereAreNoOthers) {
  std::vector<float> logits = falling();
  const auto chosen = choice_.choose(logits, 9, std::vector<TokenId>{20, 9, 2, 9});
  ASSERT_TRUE(chosen);
  EXPECT_THAT(tokens_of(*chosen), ElementsAre(9, 20));
  EXPECT_NEAR(static_cast<double>(chosen->top[0].probability + chosen->top[1].probability), 1.0,
              1e-5);
  std::vector<float> again = falling();
  const auto none = choice_.choose(again, 9, std::vector<TokenId>{2, 1});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::bad_argument);
}

TEST_F(TokenChoiceTest, AnOddLogitIsAnError) {
  for (const float odd :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> logits = falling();
    logits[17] = odd;
    const auto chosen = choice_.choose(logits, 3, {});
    ASSERT_FALSE(chosen) << odd;
    EXPECT_EQ(chosen.error().code, ErrorCode::not_finite);
  }
}

}  // namespace
}  // namespace inpaint::engine
