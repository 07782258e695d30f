// Spans that begin from a draft: text that somebody else wrote, of which stays what the model agrees
// with.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

using DraftedSpanTest = SpanDecoderTest;

TEST_F(DraftedSpanTest, ARightDraftIsTakenInOneForward) {
  const std::string expected = "alpha(beta, gamma) = delta[0]";
  const std::vector<TokenId> draft = token_ids(tokenizer_, expected);
  for (const Mode mode : kModes) {
    SCOPED_TRACE(kModeNames[static_cast<int>(mode)]);
    ScriptedModel model(says({expected}).language(), special_);
    const Written written = write(model, {.mode = mode, .draft = draft});
    EXPECT_EQ(text(written), expected);
    EXPECT_EQ(written.span->forwards, 1);
    EXPECT_EQ(written.span->end, SpanEnd::ended);
    expect_rows_of(written, 0);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(DraftedSpanTest, ADraftChangesNoTextThatIsWrittenCausally) {
  const std::vector<TokenId> tokens = alphabet();
  int saved = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    SpanTask task{.max_tokens = 1 + static_cast<int>(random() % 40),
                  .block_width = 1 + static_cast<int>(random() % 16),
                  .stops_at_newline = random() % 4 == 0,
                  .mode = random() % 2 == 0 ? Mode::autoregressive : Mode::lossless};
    const ScriptedLanguage language = random_language(seed, tokens, special_.end);
    ScriptedModel plain(language, special_);
    const Written without = write(plain, task);
    ASSERT_TRUE(without.span);
    // A draft that is right for a while, and longer than the span may be.
    task.draft = without.span->canvas.tokens();
    if (!task.draft.empty()) task.draft.resize(random() % task.draft.size());
    for (int i = 0; i < 20; ++i) task.draft.push_back(tokens[random() % tokens.size()]);
    ScriptedModel drafted(language, special_);
    const Written with = write(drafted, task);
    ASSERT_TRUE(with.span);
    EXPECT_EQ(with.span->canvas.tokens(), without.span->canvas.tokens());
    EXPECT_EQ(with.span->end, without.span->end);
    // Lossless has drafts of its own, which may have been the better ones.
    const bool one_by_one = task.mode == Mode::autoregressive;
    EXPECT_LE(with.span->forwards, one_by_one ? without.span->forwards : task.max_tokens + 1);
    saved += without.span->forwards - with.span->forwards;
    expect_rows_of(with, 0);
    EXPECT_THAT(drafted.violations(), IsEmpty());
  }
  EXPECT_GT(saved, 100);
}

TEST_F(DraftedSpanTest, DiffusionAlsoKeepsWhatAgreesBehindTheFirstDisagreement) {
  ScriptedModel model(says({"alpha + beta * gamma - delta"}).language(), special_);
  const std::vector<TokenId> draft = token_ids(tokenizer_, "alpha + wrong * gamma - delta");
  const Written written =
      write(model, {.block_width = 16, .mode = Mode::diffusion, .draft = draft});
  EXPECT_EQ(text(written), "alpha + beta * gamma - delta");
  ASSERT_EQ(model.forwards.size(), 2U);
  const ScriptedModel::Forward& second = model.forwards[1];
  const auto block = second.rows.begin() + second.n_causal;
  EXPECT_EQ(block->token, draft[3]) << "` *` stands where the draft had it";
  EXPECT_THAT(model.violations(), IsEmpty());
}

TEST_F(DraftedSpanTest, WritingFromADraftScoresIt) {
  for (const char* text : {"alpha + beta", "alpha = beta", "alpha + beta * gamma"})
    for (const Mode mode : {Mode::autoregressive, Mode::lossless, Mode::diffusion}) {
      SCOPED_TRACE(testing::Message() << text << ", mode " << static_cast<int>(mode));
      const std::vector<TokenId> draft = token_ids(tokenizer_, text);
      ScriptedModel model(says({"alpha + beta"}).language(), special_);
      const std::unique_ptr<KeyValueCache> cache = model.new_cache();
      TrailingBlock policy;
      const SpanDecoder decoder(model, tokenizer_, special_, policy);
      const auto alone = decoder.score(0, encode_context(model, *cache), {&draft, 1}, *cache, {});
      const Written written = write(model, {.block_width = 8, .mode = mode, .draft = draft});
      ASSERT_TRUE(alone && written.span && written.span->draft);
      EXPECT_EQ(written.span->draft->probabilities, alone->front().probabilities);
      EXPECT_EQ(written.span->draft->end_probability, alone->front().end_probability);
    }
}

TEST_F(DraftedSpanTest, AScoreIsTheProbabilityOfEachTokenAndOfTheEnd) {
  ScriptedModel model(says({"alpha + beta"}).language(), special_);
  const std::unique_ptr<KeyValueCache> cache = model.new_cache();
  const int context = encode_context(model, *cache);
  TrailingBlock policy;
  const SpanDecoder decoder(model, tokenizer_, special_, policy);
  const std::vector<std::vector<TokenId>> drafts{token_ids(tokenizer_, "alpha + beta"),
                                                 token_ids(tokenizer_, "alpha = beta")};
  const auto scores = decoder.score(0, context, drafts, *cache, {});
  ASSERT_TRUE(scores);
  const auto& [right, wrong] = std::tie((*scores)[0], (*scores)[1]);
  EXPECT_THAT(right.probabilities, testing::ElementsAre(0.95F, 0.95F, 0.95F));
  EXPECT_FLOAT_EQ(right.end_probability, 0.95F);
  EXPECT_LT(wrong.probabilities[1], 0.01F);
  EXPECT_EQ(cache->length(), context) << "nothing is left behind";
  EXPECT_EQ(model.forwards.size(), 1U) << "of all drafts";
  EXPECT_THAT(model.violations(), IsEmpty());
}

}  // namespace
}  // namespace inpaint::engine
