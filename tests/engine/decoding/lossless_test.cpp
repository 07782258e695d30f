// The lossless mode writes what autoregression writes, in no more forwards.
#include "engine/decoding/span_decoder.h"

#include <random>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

using LosslessTest = SpanDecoderTest;

bool same_rows(const std::vector<Row>& a, const std::vector<Row>& b) {
  return std::ranges::equal(a, b, [](const Row& x, const Row& y) {
    return x.token == y.token && x.position == y.position;
  });
}

TEST_F(LosslessTest, GoodDraftsSaveForwardsAndBadOnesCostNone) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const int n = static_cast<int>(token_ids(tokenizer_, expected).size());
  ScriptedTexts good = says({expected});
  ScriptedTexts bad = good;
  for (int i = 0; i < 64; ++i) bad.masks[{0, i}] = {token_ids(tokenizer_, "wrong").front(), 0.9F};

  ScriptedModel one_by_one(good.language(), special_);
  EXPECT_EQ(write(one_by_one, {.mode = Mode::autoregressive}).span->forwards, n + 1);
  ScriptedModel drafted(good.language(), special_);
  const Written fast = write(drafted, {.block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(fast), expected);
  EXPECT_EQ(fast.span->forwards, 1 + (n + 7) / 8) << "the first drafts, each other takes eight";
  ScriptedModel misled(bad.language(), special_);
  const Written slow = write(misled, {.block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(slow), expected);
  EXPECT_EQ(slow.span->forwards, n + 1);
  ScriptedModel parallel(good.language(), special_);
  const Written blocks = write(parallel, {.block_width = 8, .mode = Mode::diffusion});
  EXPECT_EQ(blocks.span->forwards, n / 8 + 1) << "certain of all, a forward a block";
}

TEST_F(LosslessTest, ACopyIsADraftThatNeedsNoMasks) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const std::vector<TokenId> tokens = token_ids(tokenizer_, expected);
  const int n = static_cast<int>(tokens.size());
  ScriptedModel right(says({expected}).language(), special_);
  right.tell_copies(tokenizer_, "x = " + expected);
  const Written fast = write(right, {.block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(fast), expected);
  EXPECT_LE(fast.span->forwards, n / 2);
  for (std::size_t i = 0; i + 1 < right.forwards.size(); ++i)
    EXPECT_EQ(right.forwards[i].n_causal, static_cast<int>(right.forwards[i].rows.size()));
  EXPECT_THAT(right.violations(), IsEmpty());

  // Whatever is written, the text that stood last went on wrongly behind it.
  std::string misleading;
  for (std::size_t written = tokens.size() + 1; written-- > 0;) {
    const std::vector<TokenId> so_far(tokens.begin(),
                                      tokens.begin() + static_cast<std::ptrdiff_t>(written));
    misleading += "x = " + tokenizer_.decode(so_far) + "wrong" + kTextBorder;
  }
  ScriptedModel wrong(says({expected}).language(), special_);
  wrong.tell_copies(tokenizer_, misleading);
  const Written slow = write(wrong, {.block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(slow), expected);
  EXPECT_EQ(slow.span->forwards, n + 1);
  EXPECT_THAT(wrong.violations(), IsEmpty());
}

TEST_F(LosslessTest, AShiftedBlockDraftsATokenMore) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const int n = static_cast<int>(token_ids(tokenizer_, expected).size());
  const auto forwards = [&](MaskTarget target) {
    ScriptedModel model(says({expected}).language(), special_);
    model.mask_target = target;
    const Written written = write(model, {.block_width = 3, .mode = Mode::lossless});
    EXPECT_EQ(text(written), expected);
    EXPECT_THAT(model.violations(), IsEmpty());
    return written.span->forwards;
  };
  // The first forward writes a token, the others what was drafted and one more; `<end>` is not
  // drafted.
  EXPECT_EQ(forwards(MaskTarget::own_place), 1 + (n + 2) / 3);
  EXPECT_EQ(forwards(MaskTarget::next_place), 1 + (n + 3) / 4);
}

TEST_F(LosslessTest, MasksThatAreAlwaysWrongAreSeldomAsked) {
  std::string expected;
  for (int i = 0; i < 10; ++i) expected += "alpha(" + std::to_string(i * i) + ") + ";
  ScriptedTexts script = says({expected});
  for (int i = 0; i < 256; ++i)
    script.masks[{0, i}] = {token_ids(tokenizer_, "wrong").front(), 0.9F};
  ScriptedModel model(script.language(), special_);
  const Written written =
      write(model, {.max_tokens = 200, .block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(written), expected);
  const auto with_masks =
      std::ranges::count_if(model.forwards, [](const ScriptedModel::Forward& forward) {
        return forward.n_causal < static_cast<int>(forward.rows.size());
      });
  EXPECT_GE(with_masks, 4) << "they may become right again";
  EXPECT_LE(with_masks, 4 + written.span->forwards / 16);
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(LosslessTest, ADraftIsTakenUpToItsFirstError) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  ScriptedTexts script = says({expected});
  script.masks[{0, 3}] = {token_ids(tokenizer_, "wrong").front(), 0.9F};
  ScriptedModel model(script.language(), special_);
  const Written written = write(model, {.block_width = 8, .mode = Mode::lossless});
  EXPECT_EQ(text(written), expected);
  ASSERT_GE(model.forwards.size(), 3U);
  EXPECT_EQ(model.forwards[1].n_causal, 8)
      << "the token that is certain and seven that are drafted";
  EXPECT_EQ(model.forwards[2].cached, model.forwards[1].cached + 3)
      << "two of the draft were right";
  EXPECT_EQ(model.forwards[2].n_causal, 1) << "what follows an error speaks of another text";
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(LosslessTest, LosslessIsAutoregressionForAnyModelSeedAndTemperature) {
  const std::vector<TokenId> tokens = alphabet();
  int saved = 0;
  int longest = 0;
  std::set<SpanEnd> ends;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    SpanTask task{.hole = static_cast<int>(random() % 8),
                  .max_tokens = 1 + static_cast<int>(random() % 40),
                  .block_width = 1 + static_cast<int>(random() % 16),
                  .stops_at_newline = random() % 4 == 0,
                  .temperature = random() % 2 == 0 ? 0.0F : 0.7F,
                  .seed = random()};
    const ScriptedLanguage language = random_language(seed, tokens, special_.end);
    ScriptedModel a(language, special_);
    ScriptedModel b(language, special_);
    if (random() % 3 == 0) b.mask_target = MaskTarget::next_place;
    task.mode = Mode::autoregressive;
    const Written slow = write(a, task);
    ASSERT_TRUE(slow.span);
    // Copies that are right for a while.
    std::vector<TokenId> copied = slow.span->canvas.tokens();
    for (TokenId& token : copied)
      if (random() % 4 == 0) token = tokens[random() % tokens.size()];
    if (random() % 2 == 0) b.tell_copies(tokenizer_, "x = " + tokenizer_.decode(copied));
    task.mode = Mode::lossless;
    const Written fast = write(b, task);
    ASSERT_TRUE(fast.span);
    EXPECT_EQ(slow.span->canvas.tokens(), fast.span->canvas.tokens());
    ASSERT_EQ(slow.span->canvas.size(), fast.span->canvas.size());
    for (std::size_t i = 0; i < slow.span->canvas.cells().size(); ++i)
      EXPECT_EQ(slow.span->canvas.cells()[i].confidence, fast.span->canvas.cells()[i].confidence);
    EXPECT_EQ(slow.span->end, fast.span->end);
    EXPECT_EQ(slow.span->end_probability, fast.span->end_probability);
    EXPECT_TRUE(same_rows(slow.rows, fast.rows)) << "the next span finds the same rows";
    EXPECT_LE(fast.span->forwards, slow.span->forwards);
    expect_rows_of(fast, task.hole);
    EXPECT_THAT(a.violations(), IsEmpty());
    EXPECT_THAT(b.violations(), IsEmpty());
    saved += slow.span->forwards - fast.span->forwards;
    longest = std::max(longest, slow.span->canvas.size());
    ends.insert(slow.span->end);
  }
  EXPECT_GT(saved, 100) << "the drafts of this test must be worth something";
  EXPECT_GT(longest, 20);
  EXPECT_EQ(ends.size(), 3U) << "by <end>, newline and length";
}

}  // namespace
}  // namespace inpaint::engine
