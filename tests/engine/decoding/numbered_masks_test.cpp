// Numbered masks. Lossless: behind each end of a draft, and the text is that of autoregression,
// whatever they say and whatever a row costs. Diffusion: what they are sure of is the text.
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/scripted_constraint.h"
#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

class NumberedMasksTest : public SpanDecoderTest {
 protected:
  static void number(ScriptedModel& model, int masks) {
    model.masks = masks;
    model.mask_target = MaskTarget::next_place;
  }
  static SpanTask random_task(std::mt19937_64& random, unsigned most_tokens) {
    return {.hole = static_cast<int>(random() % 8),
            .max_tokens = 1 + static_cast<int>(random() % most_tokens),
            .stops_at_newline = random() % 4 == 0,
            .temperature = random() % 4 == 0 ? 0.7F : 0.0F,
            .seed = random()};
  }
};

TEST_F(NumberedMasksTest, AFreshDraftIsThereWhateverWasAccepted) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const int n = static_cast<int>(token_ids(tokenizer_, expected).size());
  row_cost_ = 0.01;
  ScriptedModel right(says({expected}).language(), special_);
  number(right, 3);
  const Written fast = write(right, {.mode = Mode::lossless});
  EXPECT_EQ(text(fast), expected);
  EXPECT_LE(fast.span->forwards, 2 + (n + 3) / 4) << "three that are drafted and one more";
  EXPECT_THAT(right.violations(), IsEmpty());

  // Every third mask is wrong, and not sure: there are masks behind more than one end.
  ScriptedTexts script = says({expected});
  for (int i = 0; i < 64; i += 3)
    script.masks[{0, i}] = {token_ids(tokenizer_, "wrong").front(), 0.5F};
  ScriptedModel model(script.language(), special_);
  number(model, 3);
  const Written written = write(model, {.mode = Mode::lossless});
  EXPECT_EQ(text(written), expected);
  EXPECT_LT(written.span->forwards, 2 * n / 3);
  int most_blocks = 0;
  for (const ScriptedModel::Forward& forward : model.forwards) {
    int blocks = 0;
    for (const Row& row : forward.rows) blocks = std::max(blocks, row.block + 1);
    most_blocks = std::max(most_blocks, blocks);
  }
  EXPECT_GT(most_blocks, 1);
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(NumberedMasksTest, TheTextIsThatOfAutoregressionForAnyModelAndCost) {
  const std::vector<TokenId> tokens = alphabet();
  int saved = 0, with_drafts = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    SpanTask task = random_task(random, 40);
    row_cost_ = 0.002 * static_cast<double>(1 + random() % 100);
    const int masks = 1 + static_cast<int>(random() % 5);
    const bool constrained = random() % 3 == 0;
    const ScriptedLanguage language = random_language(seed, tokens, special_.end);
    ScriptedModel a(language, special_), b(language, special_);
    number(b, masks);
    ScriptedConstraint first = random_constraint(seed), second = random_constraint(seed);
    if (constrained) task.constraint = &first;
    if (random() % 4 == 0)
      for (int i = 0; i < 5; ++i) task.draft.push_back(tokens[random() % tokens.size()]);
    task.mode = Mode::autoregressive;
    const Written slow = write(a, task);
    ASSERT_TRUE(slow.span);
    if (constrained) task.constraint = &second;
    task.mode = Mode::lossless;
    const Written fast = write(b, task);
    ASSERT_TRUE(fast.span);
    EXPECT_EQ(slow.span->canvas.tokens(), fast.span->canvas.tokens());
    EXPECT_EQ(slow.span->end, fast.span->end);
    EXPECT_EQ(slow.span->end_probability, fast.span->end_probability);
    EXPECT_EQ(slow.span->remasked, fast.span->remasked);
    EXPECT_EQ(slow.span->cut, fast.span->cut);
    EXPECT_EQ(slow.span->text_size, fast.span->text_size);
    EXPECT_TRUE(std::ranges::equal(slow.rows, fast.rows, [](const Row& x, const Row& y) {
      return x.token == y.token && x.position == y.position;
    })) << "the next span finds the same rows";
    EXPECT_LE(fast.span->forwards, slow.span->forwards);
    EXPECT_THAT(b.violations(), IsEmpty());
    saved += slow.span->forwards - fast.span->forwards;
    with_drafts += fast.span->forwards < slow.span->forwards ? 1 : 0;
  }
  EXPECT_GT(saved, 100) << "the masks of this test must be worth something";
  EXPECT_GT(with_drafts, 50);
}

// --- diffusion: what masks say is written where they are sure -----------------------------------

TEST_F(NumberedMasksTest, SureMasksAreWrittenWithoutBeingAskedAgain) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const int n = static_cast<int>(token_ids(tokenizer_, expected).size());
  ScriptedModel right(says({expected}).language(), special_);
  number(right, 3);
  const Written fast = write(right, {.mode = Mode::diffusion});
  EXPECT_EQ(text(fast), expected);
  EXPECT_EQ(fast.span->forwards, n / 4 + 1) << "a clean token and three of masks each";
  EXPECT_THAT(right.violations(), IsEmpty());
}

TEST_F(NumberedMasksTest, WhatAnUnsureMaskSaysIsAskedOfACleanRow) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const std::vector<TokenId> tokens = token_ids(tokenizer_, expected);
  ScriptedTexts script = says({expected});
  for (int i = 0; std::cmp_less_equal(i, tokens.size()); ++i)
    script.masks[{0, i}] = {token_ids(tokenizer_, "wrong").front(), 0.5F};
  ScriptedModel model(script.language(), special_);
  number(model, 3);
  const Written written = write(model, {.mode = Mode::diffusion});
  EXPECT_EQ(text(written), expected);
  EXPECT_EQ(written.span->forwards, static_cast<int>(tokens.size()) + 1);
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(NumberedMasksTest, ASureMaskThatErrsIsBelieved) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  const std::vector<TokenId> tokens = token_ids(tokenizer_, expected);
  const TokenId wrong = token_ids(tokenizer_, "wrong").front();
  ScriptedTexts script = says({expected});
  script.masks[{0, 2}] = {wrong, 0.95F};
  ScriptedModel model(script.language(), special_);
  number(model, 3);
  const Written written = write(model, {.max_tokens = 8, .mode = Mode::diffusion});
  ASSERT_GE(written.span->canvas.size(), 3);
  EXPECT_EQ(written.span->canvas.tokens()[1], tokens[1]);
  EXPECT_EQ(written.span->canvas.tokens()[2], wrong);
}

TEST_F(NumberedMasksTest, DiffusionKeepsToRoomAndRulesForAnyModel) {
  const std::vector<TokenId> tokens = alphabet();
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    SpanTask task = random_task(random, 20);
    task.mode = Mode::diffusion;
    task.sampler.threshold = static_cast<float>(random() % 11) / 10.0F;
    ScriptedModel model(random_language(seed, tokens, special_.end), special_);
    number(model, 1 + static_cast<int>(random() % 5));
    ScriptedConstraint constraint = random_constraint(seed);
    if (random() % 3 == 0) task.constraint = &constraint;
    const int room = task.max_tokens;
    if (random() % 4 == 0)
      for (int i = 0; i < 5; ++i) task.draft.push_back(tokens[random() % tokens.size()]);
    const Written written = write(model, task);
    ASSERT_TRUE(written.span);
    EXPECT_LE(written.span->canvas.size(), room);
    for (const TokenId token : written.span->canvas.tokens())
      EXPECT_FALSE(tokenizer_.is_special(token));
    if (task.constraint == nullptr) {
      if (task.stops_at_newline) EXPECT_EQ(text(written).find('\n'), std::string::npos);
      else EXPECT_NE(written.span->end, SpanEnd::edge);
      EXPECT_LE(written.span->forwards, room + 1) << "a forward writes one at least";
    }
    expect_rows_of(written, task.hole);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(NumberedMasksTest, DiffusionStopsWhereItIsAskedTo) {
  const std::string expected = "alpha(beta, gamma) = delta[0] + 1";
  int asked = 0;
  SpanHooks hooks;
  hooks.cancelled = [&] { return ++asked > 2; };
  ScriptedModel cancelled(says({expected}).language(), special_);
  number(cancelled, 2);
  const Written none = write(cancelled, {.mode = Mode::diffusion}, hooks);
  ASSERT_FALSE(none.span);
  EXPECT_EQ(none.span.error().code, ErrorCode::cancelled);
  EXPECT_EQ(cancelled.forwards.size(), 2U);

  asked = 0;
  hooks.cancelled = [] { return false; };
  hooks.out_of_time = [&] { return ++asked > 2; };
  ScriptedModel late(says({expected}).language(), special_);
  number(late, 2);
  const Written part = write(late, {.mode = Mode::diffusion}, hooks);
  ASSERT_TRUE(part.span);
  EXPECT_EQ(part.span->end, SpanEnd::deadline);
  EXPECT_TRUE(expected.starts_with(text(part)));
  EXPECT_EQ(part.span->canvas.size(), 2 * 3);

  ScriptedModel failing(says({expected}).language(), special_);
  number(failing, 2);
  failing.fails_at = 2;
  EXPECT_EQ(write(failing, {.mode = Mode::diffusion}).span.error().code, ErrorCode::not_finite);
}

}  // namespace
}  // namespace inpaint::engine
