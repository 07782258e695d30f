#include "engine/decoding/span_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

TEST_F(SpanDecoderTest, EveryModeWritesTheTextOfTheModelAndLeavesEachRowOnce) {
  for (const char* expected :
       {"", "a", "alpha + beta", "alpha(beta,\n      gamma)\nreturn x[0] == 17 or none"})
    for (const Mode mode : kModes)
      for (const int width : {1, 3, 8, 16}) {
        SCOPED_TRACE(testing::Message()
                     << kModeNames[static_cast<int>(mode)] << ", width " << width);
        ScriptedModel model(says({expected}).language(), special_);
        const Written written = write(model, {.block_width = width, .mode = mode});
        EXPECT_EQ(text(written), expected);
        EXPECT_EQ(written.span->end, SpanEnd::ended);
        EXPECT_FLOAT_EQ(written.span->end_probability, 0.95F);
        EXPECT_EQ(static_cast<std::size_t>(written.span->forwards), model.forwards.size());
        for (const Cell& cell : written.span->canvas.cells())
          EXPECT_FLOAT_EQ(cell.confidence, 0.95F);
        expect_rows_of(written, 0);
        EXPECT_THAT(model.violations(), IsEmpty());
      }
}

TEST_F(SpanDecoderTest, DiffusionKeepsTheContractForAnyModel) {
  const std::vector<TokenId> tokens = alphabet();
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const SpanTask task{
        .hole = static_cast<int>(random() % 8),
        .max_tokens = 1 + static_cast<int>(random() % 40),
        .block_width = 1 + static_cast<int>(random() % 16),
        .stops_at_newline = random() % 4 == 0,
        .mode = Mode::diffusion,
        .sampler = {.rule = random() % 2 == 0 ? SamplerRule::threshold : SamplerRule::factor,
                    .threshold = static_cast<float>(random() % 100) / 100.0F},
        .temperature = random() % 2 == 0 ? 0.0F : 0.7F,
        .seed = random()};
    const ScriptedLanguage language = random_language(seed, tokens, special_.end);
    ScriptedModel model(language, special_);
    if (random() % 3 == 0) model.mask_target = MaskTarget::next_place;
    std::size_t n_committed = 0;
    std::vector<TokenId> committed;
    SpanHooks hooks;
    hooks.after_forward = [&](const SpanResult& span) {
      const Canvas& canvas = span.canvas;
      // What stands left of the open block never changes again.
      const auto cells = canvas.cells();
      for (std::size_t i = 0; i < committed.size() && i < cells.size(); ++i)
        EXPECT_EQ(cells[i].token, committed[i]);
      const auto n = static_cast<std::size_t>(canvas.open_begin());
      EXPECT_GE(n, n_committed);
      n_committed = n;
      committed.clear();
      for (std::size_t i = 0; i < n; ++i) committed.push_back(cells[i].token);
      return true;
    };
    const Written written = write(model, task, hooks);
    ASSERT_TRUE(written.span);
    const Canvas& canvas = written.span->canvas;
    EXPECT_TRUE(canvas.complete());
    EXPECT_LE(canvas.size(), task.max_tokens);
    for (const TokenId token : canvas.tokens()) EXPECT_FALSE(tokenizer_.is_special(token));
    if (task.stops_at_newline) EXPECT_EQ(text(written).find('\n'), std::string::npos);
    else EXPECT_NE(written.span->end, SpanEnd::edge);
    const int blocks = (std::max(canvas.size(), 1) + task.block_width - 1) / task.block_width + 1;
    EXPECT_LE(written.span->forwards, blocks * task.block_width) << "a forward sets one at least";
    expect_rows_of(written, task.hole);
    EXPECT_THAT(model.violations(), IsEmpty());

    ScriptedModel again(language, special_);
    again.mask_target = model.mask_target;
    EXPECT_EQ(write(again, task).span->canvas.tokens(), canvas.tokens()) << "same seed, same text";
  }
}

TEST_F(SpanDecoderTest, DiffusionSetsEndOnlyBehindWhatIsSet) {
  // The end is certain from the first forward, what stands before it is not.
  ScriptedTexts script = says({"alpha + beta"});
  const int n = static_cast<int>(script.texts[0].size());
  for (int i = 0; i < n; ++i)
    script.masks[{0, i}] = {script.texts[0][static_cast<std::size_t>(i)],
                            0.2F + 0.1F * static_cast<float>(i)};
  ScriptedModel model(script.language(), special_);
  const Written written = write(model, {.block_width = 8, .mode = Mode::diffusion});
  EXPECT_EQ(text(written), "alpha + beta");
  EXPECT_EQ(written.span->forwards, n) << "one a forward, and the end along with the last";
  EXPECT_FLOAT_EQ(written.span->end_probability, 0.95F);
}

struct EndCase {
  const char* name;
  const char* text;  // what the model would say
  int max_tokens;
  bool stops_at_newline;
  SpanEnd end;
  const char* expect;  // without the tokens behind the edge
};
const EndCase kEndCases[] = {
    {"its end", "x + y", 64, true, SpanEnd::ended, "x + y"},
    {"a newline", "x + y\nz", 64, true, SpanEnd::edge, "x + y"},
    {"a newline and its indentation", "x +\n    y", 64, true, SpanEnd::edge, "x +"},
    {"a newline at once", "\nz", 64, true, SpanEnd::edge, ""},
    {"newlines that are welcome", "x\ny", 64, false, SpanEnd::ended, "x\ny"},
    {"the greatest length", "x + y * z - w", 3, true, SpanEnd::length, "x + y"},
    {"one token", "x + y", 1, true, SpanEnd::length, "x"},
};

TEST_F(SpanDecoderTest, ASpanEndsWithTheFirstOf) {
  for (const EndCase& c : kEndCases)
    for (const Mode mode : kModes)
      for (const int width : {1, 4, 16}) {
        SCOPED_TRACE(testing::Message()
                     << c.name << ", " << kModeNames[static_cast<int>(mode)] << " " << width);
        ScriptedModel model(says({c.text}).language(), special_);
        const Written written = write(model, {.max_tokens = c.max_tokens,
                                              .block_width = width,
                                              .stops_at_newline = c.stops_at_newline,
                                              .mode = mode});
        EXPECT_EQ(text(written), c.expect);
        EXPECT_EQ(written.span->end, c.end);
        expect_rows_of(written, 0);
        EXPECT_THAT(model.violations(), IsEmpty());
      }
}

TEST_F(SpanDecoderTest, ADeadlineLeavesWhatIsWritten) {
  const std::string whole = "alpha(beta, gamma) = delta[0] + 1";
  ScriptedTexts script = says({whole});
  script.certainty = 0.25F;  // too little for a draft and for the threshold: one token a forward
  for (const Mode mode : kModes) {
    SCOPED_TRACE(kModeNames[static_cast<int>(mode)]);
    for (int after = 0; after < 6; ++after) {
      ScriptedModel model(script.language(), special_);
      SpanHooks hooks;
      hooks.out_of_time = [&] { return model.forwards.size() >= static_cast<std::size_t>(after); };
      const Written written = write(model, {.block_width = 4, .mode = mode}, hooks);
      ASSERT_TRUE(written.span);
      EXPECT_EQ(written.span->end, SpanEnd::deadline);
      EXPECT_TRUE(written.span->canvas.complete()) << "no gap is left";
      EXPECT_TRUE(whole.starts_with(text(written))) << text(written);
      // A diffusion makes one forward at least, and one forward gives a whole block.
      const int least = mode == Mode::diffusion ? 1 : 0;
      EXPECT_EQ(model.forwards.size(), static_cast<std::size_t>(std::max(after, least)));
      EXPECT_EQ(text(written).empty(), mode != Mode::diffusion && after == 0);
      expect_rows_of(written, 0);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
  }
}

TEST_F(SpanDecoderTest, ADiffusionThatIsOutOfTimeCutsAtItsProposedEnd) {
  ScriptedTexts script = says({"x + y"});
  script.certainty = 0.4F;
  ScriptedModel model(script.language(), special_);
  SpanHooks hooks;
  hooks.out_of_time = [] { return true; };
  const Written written = write(model, {.block_width = 16, .mode = Mode::diffusion}, hooks);
  EXPECT_EQ(text(written), "x + y");
  EXPECT_EQ(model.forwards.size(), 1U);
  EXPECT_EQ(written.span->end, SpanEnd::deadline);
}

TEST_F(SpanDecoderTest, MasksThatSpeakOfTheNextPlaceAreReadThere) {
  ScriptedTexts script = says({"alpha(beta, gamma) = delta[0] + alpha(x, y) - beta"});
  for (const float certainty : {0.95F, 0.6F}) {
    script.certainty = certainty;  // all at once, or one by one
    for (const int width : {1, 3, 8}) {
      SCOPED_TRACE(testing::Message() << "certain by " << certainty << ", blocks of " << width);
      const SpanTask task{.block_width = width, .mode = Mode::diffusion};
      ScriptedModel own(script.language(), special_);
      ScriptedModel next(script.language(), special_);
      next.mask_target = MaskTarget::next_place;
      const Written expected = write(own, task);
      const Written written = write(next, task);
      ASSERT_TRUE(expected.span && written.span);
      EXPECT_EQ(text(written), text(expected));
      EXPECT_EQ(written.span->forwards, expected.span->forwards);
      EXPECT_EQ(written.span->end_probability, expected.span->end_probability);
      expect_rows_of(written, 0);
      EXPECT_THAT(next.violations(), IsEmpty());
    }
  }
}

TEST_F(SpanDecoderTest, ACancelledSpanStopsBeforeTheNextForwardAndHarmsNoOther) {
  const ScriptedLanguage language = random_language(5, alphabet(), special_.end);
  for (const Mode mode : kModes)
    for (const bool fails : {false, true})
      for (std::size_t at = 0; at < 4; ++at) {
        SCOPED_TRACE(testing::Message() << kModeNames[static_cast<int>(mode)] << " forward " << at);
        const SpanTask plain{.max_tokens = 12, .block_width = 4, .mode = mode};
        ScriptedModel fresh(language, special_);
        const Written expected = write(fresh, plain);

        ScriptedModel model(language, special_);
        const auto cache = model.new_cache();
        SpanTask task = plain;
        task.context_length = encode_context(model, *cache);
        std::vector<Row> pending;
        SpanHooks hooks;
        if (fails) model.fails_at = at;
        else hooks.cancelled = [&] { return model.forwards.size() >= at; };
        const Written broken = write_on(model, task, *cache, pending, hooks);
        ASSERT_GT(fresh.forwards.size(), at) << "the span is too short for this test";
        ASSERT_FALSE(broken.span);
        EXPECT_EQ(broken.span.error().code, fails ? ErrorCode::not_finite : ErrorCode::cancelled);
        EXPECT_EQ(model.forwards.size(), fails ? at + 1 : at);

        model.fails_at.reset();
        cache->truncate(task.context_length);
        pending.clear();
        EXPECT_EQ(text(write_on(model, task, *cache, pending)), text(expected));
        EXPECT_THAT(model.violations(), IsEmpty());
      }
}

TEST_F(SpanDecoderTest, ASecondSpanSeesTheFirstOneInEveryMode) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const ScriptedLanguage language = random_language(seed, alphabet(), special_.end);
    std::vector<std::string> texts;
    for (const Mode mode : {Mode::autoregressive, Mode::lossless}) {
      ScriptedModel model(language, special_);
      const auto cache = model.new_cache();
      SpanTask task{.context_length = encode_context(model, *cache),
                    .max_tokens = 9,
                    .block_width = 4,
                    .mode = mode};
      std::vector<Row> pending;
      std::string both;
      for (task.hole = 0; task.hole < 3; ++task.hole) {
        const Written written = write_on(model, task, *cache, pending);
        both += text(written) + "|";
        expect_rows_of(written, task.hole);
        pending.push_back({special_.end, task.context_length + 1 + written.span->canvas.size()});
      }
      EXPECT_THAT(model.violations(), IsEmpty());
      texts.push_back(both);
    }
    EXPECT_EQ(texts[0], texts[1]);
  }
  // What the first span says must reach the second one.
  ScriptedTexts script = says({"alpha", "beta"});
  const ScriptedLanguage plain = script.language();
  std::vector<TokenId> seen;
  ScriptedLanguage spying = plain;
  spying.next = [&](const ScriptedView& view) {
    if (view.hole == 1) seen = view.context;
    return plain.next(view);
  };
  spying.propose = [&](const ScriptedView& view, int index) {
    if (view.hole == 1) seen = view.context;
    return plain.propose(view, index);
  };
  for (const Mode mode : kModes) {
    ScriptedModel model(spying, special_);
    const auto cache = model.new_cache();
    SpanTask task{.context_length = encode_context(model, *cache), .mode = mode};
    std::vector<Row> pending;
    const Written first = write_on(model, task, *cache, pending);
    pending.push_back({special_.end, task.context_length + 1 + first.span->canvas.size()});
    task.hole = 1;
    seen.clear();
    const Written second = write_on(model, task, *cache, pending);
    EXPECT_EQ(text(second), "beta");
    EXPECT_TRUE(shown(tokenizer_, seen).ends_with("<near><fill_0>alpha<end><fill_1>"))
        << shown(tokenizer_, seen);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(SpanDecoderTest, WatchersSeeEveryForwardOnce) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"alpha(beta, gamma) = delta[0]"}).language(), special_);
    std::vector<int> numbers;
    SpanHooks hooks;
    hooks.after_forward = [&](const SpanResult& span) {
      numbers.push_back(span.forwards);
      return true;
    };
    const Written written = write(model, {.block_width = 4, .mode = mode}, hooks);
    ASSERT_EQ(numbers.size(), model.forwards.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<int>(i) + 1);
    EXPECT_EQ(written.span->forwards, numbers.back());
  }
}

}  // namespace
}  // namespace inpaint::engine
