// Spans between fixed sides: what a constraint refuses, where it ends a span, and how it is repaired.
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/decoding/span_rules.h"
#include "tests/engine/decoding/scripted_constraint.h"
#include "tests/engine/decoding/span_decoder_fixture.h"

namespace inpaint::engine {
namespace {

using grammar::ByteRange;
using grammar::Review;
using testing::IsEmpty;

using ConstrainedSpanTest = SpanDecoderTest;

Review remask(std::size_t begin, std::size_t end) {
  return {Review::Verdict::remask, {{begin, end}}, 0};
}

/// Asks for the word to be written again for as long as it is there.
Review without(std::string_view word, std::string_view fill) {
  const std::size_t at = fill.find(word);
  return at == std::string_view::npos ? Review{} : remask(at, at + word.size());
}

TEST_F(ConstrainedSpanTest, WhatIsNotAdmittedIsPassedOver) {
  for (const Mode mode : kModes) {
    SCOPED_TRACE(kModeNames[static_cast<int>(mode)]);
    ScriptedModel model(says({"alpha + beta"}).language(), special_);
    ScriptedConstraint constraint;
    constraint.admits_run = [](std::string_view run) { return !run.contains("beta"); };
    // With this threshold a forward sets one mask, the leftmost one: so each is at the left edge.
    const Written written =
        write(model, {.mode = mode, .sampler = {.threshold = 0.99F}, .constraint = &constraint});
    EXPECT_TRUE(text(written).starts_with("alpha +")) << text(written);
    EXPECT_EQ(text(written).find("beta"), std::string::npos) << text(written);
    EXPECT_EQ(written.span->canvas.size(), 3);
    expect_rows_of(written, 0);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(ConstrainedSpanTest, ARuleThatRefusesAllIsNotBelieved) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"alpha + beta"}).language(), special_);
    ScriptedConstraint constraint;
    constraint.admits_run = [](std::string_view) { return false; };
    const Written written =
        write(model, {.mode = mode, .sampler = {.threshold = 0.99F}, .constraint = &constraint});
    // `<end>` is always admitted, so the span ends where no text may stand and it is a candidate;
    // this model does not propose it before the text is over.
    EXPECT_EQ(text(written), "alpha + beta") << kModeNames[static_cast<int>(mode)];
  }
}

TEST_F(ConstrainedSpanTest, WhatLeavesTheHoleEndsItAlsoWhereItMayNotBeWritten) {
  for (const Mode mode : kModes)
    for (const bool by_newline : {true, false}) {
      SCOPED_TRACE(testing::Message() << kModeNames[static_cast<int>(mode)] << by_newline);
      ScriptedModel model(
          says({by_newline ? "alpha + beta\ngamma" : "alpha + beta)gamma"}).language(), special_);
      ScriptedConstraint constraint;
      const char last = by_newline ? '\n' : ')';
      constraint.admits_run = [&](std::string_view run) { return !run.contains(last); };
      constraint.edge = [&](std::string_view run) -> std::optional<std::size_t> {
        const std::size_t at = run.find(last);
        return at == std::string_view::npos ? std::nullopt : std::optional(at);
      };
      const Written written =
          write(model, {.mode = mode, .sampler = {.threshold = 0.99F}, .constraint = &constraint});
      ASSERT_TRUE(written.span);
      EXPECT_EQ(text(written).substr(0, written.span->text_size), "alpha + beta");
      EXPECT_EQ(written.span->end, SpanEnd::edge);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

struct EdgeCase {
  const char* name;
  const char* says;
  std::size_t edge;
  const char* expect;  // the first text_size bytes
};
const EdgeCase kEdges[] = {
    {"between two tokens", "alpha + beta", 7, "alpha +"},
    {"inside of a token", "alpha + beta", 10, "alpha + be"},
    {"at once", "alpha + beta", 0, ""},
    {"in a token that was certain already", "alpha + beta * gamma", 3, "alp"},
};

TEST_F(ConstrainedSpanTest, TheSpanEndsAtItsRightEdge) {
  for (const EdgeCase& c : kEdges)
    for (const Mode mode : kModes) {
      SCOPED_TRACE(testing::Message() << c.name << ", " << kModeNames[static_cast<int>(mode)]);
      ScriptedModel model(says({c.says}).language(), special_);
      ScriptedConstraint constraint;
      // Seen only once there is text behind it, as a line of a lower level is.
      constraint.edge = [&](std::string_view run) {
        return run.size() >= std::max<std::size_t>(c.edge + 1, 8) ? std::optional(c.edge)
                                                                  : std::nullopt;
      };
      const Written written = write(model, {.mode = mode, .constraint = &constraint});
      ASSERT_TRUE(written.span);
      EXPECT_EQ(written.span->end, SpanEnd::edge);
      EXPECT_EQ(text(written).substr(0, written.span->text_size), c.expect);
      expect_rows_of(written, 0);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(ConstrainedSpanTest, WhatIsAtFaultIsWrittenAgain) {
  for (const Mode mode : kModes)
    for (const int width : {1, 4, 16}) {
      SCOPED_TRACE(testing::Message() << kModeNames[static_cast<int>(mode)] << " " << width);
      ScriptedModel model(says({"alpha + beta * gamma"}).language(), special_);
      ScriptedConstraint constraint;
      constraint.judge = [](std::string_view fill, int) { return without(" beta", fill); };
      const Written written =
          write(model, {.block_width = width, .mode = mode, .constraint = &constraint});
      ASSERT_TRUE(written.span);
      EXPECT_EQ(text(written).find("beta"), std::string::npos);
      EXPECT_TRUE(text(written).starts_with("alpha +")) << text(written);
      EXPECT_TRUE(text(written).ends_with(" * gamma")) << text(written);
      EXPECT_EQ(written.span->remasked, 1);
      EXPECT_FALSE(written.span->cut);
      expect_rows_of(written, 0);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(ConstrainedSpanTest, DiffusionKeepsWhatStandsRightOfTheFault) {
  ScriptedModel model(says({"alpha + beta * gamma - delta"}).language(), special_);
  ScriptedConstraint constraint;
  constraint.judge = [](std::string_view fill, int) { return without(" beta", fill); };
  const Written written =
      write(model, {.block_width = 16, .mode = Mode::diffusion, .constraint = &constraint});
  EXPECT_TRUE(text(written).ends_with(" * gamma - delta")) << text(written);
  ASSERT_EQ(model.forwards.size(), 2U) << "one for the text, one for the repair";
  const ScriptedModel::Forward& repair = model.forwards.back();
  const auto first_block_row = repair.rows.begin() + repair.n_causal;
  EXPECT_EQ(first_block_row->token, special_.mask);
  EXPECT_NE((first_block_row + 1)->token, special_.mask) << "` *` is still there";
}

TEST_F(ConstrainedSpanTest, AnEndThatCameTooEarlyIsBanned) {
  for (const Mode mode : kModes) {
    SCOPED_TRACE(kModeNames[static_cast<int>(mode)]);
    ScriptedModel model(says({"alpha ("}).language(), special_);
    ScriptedConstraint constraint;
    constraint.judge = [](std::string_view fill, int) {
      return fill == "alpha (" ? remask(fill.size(), fill.size() + 1) : Review{};
    };
    const Written written = write(model, {.mode = mode, .constraint = &constraint});
    EXPECT_TRUE(text(written).starts_with("alpha (")) << text(written);
    EXPECT_GT(text(written).size(), 7U) << "something follows the bracket";
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(ConstrainedSpanTest, WhatCannotBeRepairedIsCut) {
  for (const Mode mode : kModes)
    for (const std::size_t keep : {std::size_t{0}, std::size_t{7}, std::size_t{9}}) {
      ScriptedModel model(says({"alpha + beta * gamma"}).language(), special_);
      ScriptedConstraint constraint;
      constraint.judge = [&](std::string_view, int remasked) {
        return remasked < 2 ? remask(0, 7) : Review{Review::Verdict::cut, {}, keep};
      };
      const Written written = write(model, {.mode = mode, .constraint = &constraint});
      ASSERT_TRUE(written.span);
      EXPECT_TRUE(written.span->cut);
      EXPECT_EQ(written.span->remasked, 2);
      EXPECT_EQ(written.span->text_size, keep);
      expect_rows_of(written, 0);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(ConstrainedSpanTest, RepairsMayNotTakeManyTimesAsLongAsTheText) {
  for (const Mode mode : kModes) {
    const std::string text = "alpha + beta * gamma - delta[0] + alpha(beta, gamma) = delta";
    ScriptedModel model(says({text}).language(), special_);
    ScriptedConstraint constraint;
    constraint.judge = [](std::string_view fill, int tries) {
      return tries < 12 ? remask(0, fill.size() + 1) : Review{Review::Verdict::cut, {}, 5};
    };
    const Written once = write(model, {.mode = mode});
    const Written written = write(model, {.mode = mode, .constraint = &constraint});
    ASSERT_TRUE(once.span && written.span);
    EXPECT_TRUE(written.span->cut);
    EXPECT_LE(written.span->text_size, 5U);
    const int n_tokens = once.span->canvas.size() + 1;
    EXPECT_LE(written.span->forwards, 3 * n_tokens + 17);
    expect_rows_of(written, 0);
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

TEST_F(ConstrainedSpanTest, ATextThatGoesRoundInCirclesIsOver) {
  std::string text = "alpha = beta\n";
  for (int i = 0; i < 40; ++i) text += "gamma(delta)\n";
  for (const Mode mode : kModes) {
    ScriptedModel model(says({text}).language(), special_);
    const Written written = write(model, {.max_tokens = 256, .mode = mode});
    ASSERT_TRUE(written.span);
    EXPECT_EQ(written.span->end, SpanEnd::edge);
    EXPECT_EQ(this->text(written).substr(0, written.span->text_size), "alpha = beta\ngamma(delta)");
    EXPECT_LT(written.span->forwards, 40);
    expect_rows_of(written, 0);
  }
}

TEST(SpanRules, FindsWhereACircleBegins) {
  const std::string lines = "push(value);\npush(value);\npush(value);\n";
  EXPECT_EQ(circle_begin("a\n" + lines), 2 + 13);
  EXPECT_EQ(circle_begin(std::string(36, 'a')), 1);
  EXPECT_EQ(circle_begin(std::string(35, 'a')), std::nullopt);
  EXPECT_EQ(circle_begin(std::string(72, '=')), std::nullopt) << "a ruler";
  EXPECT_EQ(circle_begin("0, 0, 0, 0"), std::nullopt) << "short runs are code";
  EXPECT_EQ(circle_begin("push(value);\npush(value);\n"), std::nullopt) << "twice is no circle";
  EXPECT_EQ(circle_begin(lines + "x"), std::nullopt) << "it went on";
  EXPECT_EQ(circle_begin(""), std::nullopt);
}

TEST_F(ConstrainedSpanTest, AConstraintThatIsNeverContentGetsNothing) {
  for (const Mode mode : kModes) {
    ScriptedModel model(says({"alpha + beta"}).language(), special_);
    ScriptedConstraint constraint;
    constraint.judge = [](std::string_view fill, int) { return remask(0, fill.size()); };
    const Written written = write(model, {.mode = mode, .constraint = &constraint});
    ASSERT_TRUE(written.span);
    EXPECT_TRUE(written.span->cut);
    EXPECT_EQ(written.span->text_size, 0U);
    EXPECT_LT(written.span->remasked, 100);
  }
}

TEST_F(ConstrainedSpanTest, LosslessIsAutoregressionUnderAnyConstraint) {
  const std::vector<TokenId> tokens = alphabet();
  int remasked = 0;
  int cut = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    SpanTask task{.hole = static_cast<int>(random() % 8),
                  .max_tokens = 1 + static_cast<int>(random() % 30),
                  .block_width = 1 + static_cast<int>(random() % 16),
                  .stops_at_newline = random() % 4 == 0,
                  .temperature = random() % 2 == 0 ? 0.0F : 0.7F,
                  .seed = random()};
    if (random() % 2 == 0)
      for (int i = 0; i < 12; ++i) task.draft.push_back(tokens[random() % tokens.size()]);
    const ScriptedLanguage language = random_language(seed, tokens, special_.end);
    const auto run = [&](Mode mode, ScriptedModel& model) {
      ScriptedConstraint constraint = random_constraint(seed);
      task.mode = mode;
      task.constraint = &constraint;
      const Written written = write(model, task);
      task.constraint = nullptr;
      return written;
    };
    ScriptedModel a(language, special_);
    ScriptedModel b(language, special_);
    ScriptedModel c(language, special_);
    const Written slow = run(Mode::autoregressive, a);
    const Written fast = run(Mode::lossless, b);
    const Written diffused = run(Mode::diffusion, c);
    ASSERT_TRUE(slow.span && fast.span && diffused.span);
    EXPECT_EQ(slow.span->canvas.tokens(), fast.span->canvas.tokens());
    EXPECT_EQ(slow.span->text_size, fast.span->text_size);
    EXPECT_EQ(slow.span->end, fast.span->end);
    for (const auto* written : {&slow, &fast, &diffused}) {
      EXPECT_TRUE(written->span->canvas.complete());
      EXPECT_LE(written->span->text_size, text(*written).size());
      expect_rows_of(*written, task.hole);
    }
    for (const auto* model : {&a, &b, &c}) EXPECT_THAT(model->violations(), IsEmpty());
    remasked += slow.span->remasked;
    cut += slow.span->cut ? 1 : 0;
  }
  EXPECT_GT(remasked, 50) << "the constraints of this test must be felt";
  EXPECT_GT(cut, 10);
}

}  // namespace
}  // namespace inpaint::engine
