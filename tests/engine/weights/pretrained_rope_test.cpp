#include "engine/weights/pretrained_rope.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using Kind = RopeScaling::Kind;

void expect_near(const std::vector<float>& got, const std::vector<float>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-6F * expected[i]) << i;
}

TEST(PretrainedRope, PlainPairsTurnBySmallerPowers) {
  const Rope rope = rope_of(8, 10000.0, {});
  expect_near(rope.inverse_frequencies, {1.0F, 0.1F, 0.01F, 0.001F});
  EXPECT_EQ(rope.attention_factor, 1.0F);
}

TEST(PretrainedRope, LinearScalingSlowsAll) {
  expect_near(rope_of(8, 10000.0, {.kind = Kind::linear, .factor = 4.0}).inverse_frequencies,
              {0.25F, 0.025F, 0.0025F, 0.00025F});
}

TEST(PretrainedRope, DivisorsComeFirst) {
  expect_near(rope_of(4, 100.0, {}, std::vector<float>{2.0F, 8.0F}).inverse_frequencies,
              {0.5F, 0.0125F});
}

// The numbers here and below are those of modeling_rope_utils of transformers 5.24, in f64.
TEST(PretrainedRope, Llama3KeepsFastPairsAndSlowsSlowOnes) {
  const RopeScaling scaling{.kind = Kind::llama3,
                            .factor = 8.0,
                            .trained_positions = 32.0,
                            .low_frequency = 1.0,
                            .high_frequency = 4.0};
  const Rope rope = rope_of(16, 10000.0, scaling);
  expect_near(rope.inverse_frequencies, {1.0F, 0.0958399859F, 0.0125F, 0.00395284708F, 0.00125F,
                                         0.000395284708F, 0.000125F, 3.95284708e-05F});
  EXPECT_EQ(rope.attention_factor, 1.0F);
}

TEST(PretrainedRope, YarnSlowsByDegrees) {
  const RopeScaling scaling{.kind = Kind::yarn, .factor = 4.0, .trained_positions = 256.0};
  const Rope rope = rope_of(16, 1000.0, scaling);
  expect_near(rope.inverse_frequencies,
              {1.0F, 0.358442028F, 0.124479559F, 0.0412441815F, 0.0126491106F, 0.00333380358F,
               0.00140585331F, 0.000592843426F});
  EXPECT_NEAR(rope.attention_factor, 1.1386294F, 1e-6F);
}

TEST(PretrainedRope, YarnWithBordersBetweenPairs) {
  const RopeScaling scaling{.kind = Kind::yarn,
                            .factor = 4.0,
                            .trained_positions = 256.0,
                            .beta_fast = 16.0,
                            .beta_slow = 2.0,
                            .whole_pairs = false,
                            .attention_factor = 1.25};
  const Rope rope = rope_of(16, 1000.0, scaling);
  expect_near(rope.inverse_frequencies,
              {1.0F, 0.421696503F, 0.127016176F, 0.0302082652F, 0.00790569415F, 0.00333380358F,
               0.00140585331F, 0.000592843426F});
  EXPECT_EQ(rope.attention_factor, 1.25F);
}

TEST(PretrainedRope, ProblemsAreNamed) {
  const double nan = std::nan("");
  struct Case {
    const char* name;
    RopeScaling scaling;
    double theta;
    const char* problem;
  };
  const RopeScaling llama3{.kind = Kind::llama3, .factor = 8.0, .trained_positions = 32.0};
  RopeScaling untrained = llama3, crossed = llama3, lost = llama3;
  untrained.trained_positions = 0.0;
  crossed.low_frequency = 4.0;
  lost.high_frequency = nan;
  const Case cases[] = {
      {"plain", {}, 10000.0, ""},
      {"llama3", llama3, 10000.0, ""},
      {"no base",
       {},
       nan,
       "the base of rotary positions is nan, expected more than 1 and up to 1000000000000"},
      {"a base of 1 for yarn",
       {.kind = Kind::yarn, .trained_positions = 32.0},
       1.0,
       "the base of rotary positions is 1, expected more than 1 and up to 1000000000000"},
      {"a factor that is none",
       {.kind = Kind::linear, .factor = nan},
       10.0,
       "the factor of rope scaling is nan, expected 1 to 1000000"},
      {"an attention factor of 0",
       {.kind = Kind::yarn, .attention_factor = 0.0},
       10.0,
       "the attention factor of rope scaling is 0, expected 0.001 to 1000"},
      {"nothing trained", untrained, 10.0,
       "the positions before rope scaling are 0, expected 1 to 67108864"},
      {"borders that cross", crossed, 10.0,
       "the borders of rope scaling are 4 and 4, expected ascending numbers above 0"},
      {"a border that is none", lost, 10.0,
       "the borders of rope scaling are 1 and nan, expected ascending numbers above 0"},
  };
  for (const Case& c : cases) EXPECT_EQ(problem_of(c.scaling, c.theta), c.problem) << c.name;
}

}  // namespace
}  // namespace inpaint::engine
