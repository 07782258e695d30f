// A span whose hole begins in the middle of a token says the cut bytes again.
#include "engine/decoding/span_opening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/scripted_constraint.h"
#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

class SpanOpeningTest : public SpanDecoderTest {
 protected:
  Result<SpanOpening> open(ScriptedModel& model, std::string_view held,
                           grammar::Constraint* constraint = nullptr) const {
    const std::unique_ptr<KeyValueCache> cache = model.new_cache();
    const int context = encode_context(model, *cache);
    TrailingBlock policy;
    const SpanDecoder decoder(model, tokenizer_, special_, policy);
    const SpanRules rules(tokenizer_, special_.end, /*stops_at_newline=*/true, constraint);
    Result<SpanOpening> opening = decoder.open(0, context, held, *cache, {}, rules);
    EXPECT_EQ(cache->length(), context) << "left as it was";
    return opening;
  }
};

TEST_F(SpanOpeningTest, SaysTheHeldBytesAndWhatTheirTokenAddsToThem) {
  ScriptedModel model(says({"return x"}).language(), special_);
  const std::vector<TokenId> text = token_ids(tokenizer_, "return x");
  ASSERT_EQ(tokenizer_.bytes(text[0]), "return") << "the tokenizer has the word";
  const auto opening = open(model, "ret");
  ASSERT_TRUE(opening);
  EXPECT_THAT(opening->tokens, testing::ElementsAre(text[0]));
  EXPECT_EQ(opening->given, "urn");
  ASSERT_EQ(model.forwards.size(), 1U);
  EXPECT_THAT(model.violations(), testing::IsEmpty());
}

TEST_F(SpanOpeningTest, GoesOnUntilAllOfThemAreSaid) {
  ScriptedModel model(says({"return self"}).language(), special_);
  const std::vector<TokenId> text = token_ids(tokenizer_, "return self");
  const auto opening = open(model, "return s");
  ASSERT_TRUE(opening);
  std::string said;
  for (const TokenId token : opening->tokens) said += tokenizer_.bytes(token);
  EXPECT_EQ(said, "return s" + opening->given);
  EXPECT_EQ(model.forwards.size(), opening->tokens.size());
}

TEST_F(SpanOpeningTest, TakesNothingThatMayNotBegin) {
  ScriptedModel model(says({"return x"}).language(), special_);
  ScriptedConstraint constraint;
  constraint.admits_run = [](std::string_view given) { return !given.starts_with("urn"); };
  const auto opening = open(model, "ret", &constraint);
  ASSERT_TRUE(opening);
  EXPECT_FALSE(opening->given.starts_with("urn")) << opening->given;
}

TEST_F(SpanOpeningTest, TheSpanBeginsWithWhatIsGiven) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"return x"}).language(), special_);
    const std::vector<TokenId> text = token_ids(tokenizer_, "return x");
    SpanTask task{.mode = mode};
    task.opening = {{text[0]}, "urn", 0.9F};
    const Written written = write(model, task);
    ASSERT_TRUE(written.span) << to_string(written.span.error());
    EXPECT_EQ(this->text(written), " x") << "the canvas holds what comes behind the opening";
    EXPECT_EQ(written.span->text_size, std::string("urn x").size());
    std::vector<TokenId> rows;
    for (const Row& row : written.rows) rows.push_back(row.token);
    std::vector<TokenId> expected{special_.fill[0]};
    expected.insert(expected.end(), text.begin(), text.end());
    rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(expected.size()));
    EXPECT_EQ(rows, expected);
    for (std::size_t i = 1; i < written.rows.size(); ++i)
      EXPECT_EQ(written.rows[i].position, written.rows[i - 1].position + 1);
    EXPECT_THAT(model.violations(), testing::IsEmpty());
  }
}

TEST_F(SpanOpeningTest, WhatIsGivenMayEndTheSpan) {
  ScriptedModel model(says({"):\n    pass"}).language(), special_);
  SpanTask task{.stops_at_newline = true, .mode = Mode::autoregressive};
  task.opening = {token_ids(tokenizer_, "):"), ":\n", 1.0F};
  const Written written = write(model, task);
  ASSERT_TRUE(written.span);
  EXPECT_EQ(written.span->end, SpanEnd::edge);
  EXPECT_EQ(written.span->text_size, 1U);
  EXPECT_THAT(model.forwards, testing::IsEmpty());
}

}  // namespace
}  // namespace inpaint::engine
