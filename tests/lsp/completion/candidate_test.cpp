#include "lsp/completion/candidate.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "grammar/tree/language.h"
#include "tests/grammar/cursor_text.h"
#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;
using test::fill_of;
using test::set_token;

/// One token for each byte.
engine::Fill spelled(const std::string& text) {
  std::vector<engine::SpanToken> tokens;
  for (const char byte : text) tokens.push_back(set_token(std::string(1, byte), 0.5F));
  return fill_of(tokens);
}

struct TextCase {
  const char* name;
  std::string fill;
  HoleKind kind;
  const char* expect;
  std::size_t n_tokens;  // of the fill's bytes, one token each, how many remain
};

const TextCase kTexts[] = {
    {"kept as it is", "a b", HoleKind::line, "a b", 3},
    {"white space at the end of a line goes", "a \t", HoleKind::line, "a", 1},
    {"a second line goes", "a\nb", HoleKind::line, "a", 1},
    {"so does one after a carriage return", "a\r\nb", HoleKind::middle, "a", 1},
    {"a cut character goes", "ab\xE2\x82", HoleKind::line, "ab", 2},
    {"all behind a broken character goes",
     "a\xFF"
     "b",
     HoleKind::line, "a", 1},
    {"a whole character of several tokens stays", "\xE2\x82\xAC", HoleKind::line, "\xE2\x82\xAC",
     3},
    {"nothing is nothing", "", HoleKind::line, "", 0},
    {"only white space is nothing", "  ", HoleKind::line, "", 0},
};

TEST(Candidate, IsCleanText) {
  for (const TextCase& c : kTexts) {
    const CandidatePlace place{.before = "", .behind = "\n", .hole = {{0, 0}, c.kind, true}};
    const auto candidate = make_candidate(spelled(c.fill), place);
    ASSERT_TRUE(candidate) << c.name;
    EXPECT_EQ(candidate->text, c.expect) << c.name;
    EXPECT_EQ(candidate->tokens.size(), c.n_tokens) << c.name;
  }
}

TEST(Candidate, KeepsTheWhiteSpaceInFrontOfText) {
  const CandidatePlace place{
      .before = "f(", .behind = "b)", .hole = {{2, 2}, HoleKind::middle, true}};
  EXPECT_EQ(make_candidate(spelled("a, "), place)->text, "a, ");
}

struct PromiseCase {
  const char* name;
  const char* language;
  const char* source;  // ^ is the hole
  const char* fill;
  const char* expect;  // null: nothing is shown
};

const PromiseCase kPromises[] = {
    {"what parses is shown", "python", "x = f(^)\n", "a, b", "a, b"},
    {"a bracket that the editor has closed is not said twice", "python", "x = f(^)\n", "a, b)",
     "a, b"},
    {"nor a quote", "python", "x = f(\"^\")\n", "abc\"", "abc"},
    {"nor several of them", "javascript", "f(g(^));\n", "a));", "a"},
    {"what cannot be mended is not shown", "python", "x = f(^)\n", "a]", nullptr},
    {"a bracket that is missing belongs to the fill", "javascript", "f(g(^);\n", "a)", "a)"},
};

TEST(Candidate, KeepsThePromise) {
  for (const PromiseCase& c : kPromises) {
    const grammar::CursorText source = grammar::parse_cursor(c.source);
    const grammar::ByteRange hole{source.cursor, source.cursor};
    grammar::Promise promise(*grammar::language_by_name(c.language), source.text, hole,
                             HoleKind::middle);
    const std::string_view text = source.text;
    const CandidatePlace place{.before = text.substr(0, source.cursor),
                               .behind = text.substr(source.cursor),
                               .hole = {hole, HoleKind::middle, true},
                               .promise = &promise};
    const auto candidate = make_candidate(spelled(c.fill), place);
    if (c.expect == nullptr) {
      ASSERT_FALSE(candidate) << c.name;
      EXPECT_EQ(candidate.error(), SilenceReason::unparsable) << c.name;
    } else {
      ASSERT_TRUE(candidate) << c.name;
      EXPECT_EQ(candidate->text, c.expect) << c.name;
      EXPECT_EQ(candidate->repaired, candidate->text != c.fill) << c.name;
    }
  }
}

TEST(Candidate, IsNotTheLineBesideIt) {
  const CandidatePlace place{.before = "total = 0\n",
                             .behind = "\nreturn total\n",
                             .hole = {{10, 10}, HoleKind::line, true}};
  for (const char* beside : {"return total", "total = 0 "}) {
    const auto candidate = make_candidate(spelled(beside), place);
    ASSERT_FALSE(candidate) << beside;
    EXPECT_EQ(candidate.error(), SilenceReason::repeats) << beside;
  }
}

TEST(Candidate, CarriesWhatTheModelThinksOfIt) {
  engine::Fill fill = fill_of({set_token("a", 0.5F), set_token("b", 0.25F)});
  fill.probability *= 0.8F;  // the end
  const CandidatePlace place{
      .before = "x = ", .behind = "\n", .hole = {{4, 4}, HoleKind::line, true}};
  const Evidence evidence = make_candidate(fill, place)->evidence;
  EXPECT_EQ(evidence.n_tokens, 2U);
  EXPECT_NEAR(evidence.mean_log_probability, std::log(0.1F) / 3, 1e-5);
  EXPECT_NEAR(evidence.least_log_probability, std::log(0.25F), 1e-5);
}

Candidate candidate_of(const std::string& text, float mean) {
  Candidate candidate;
  candidate.text = text;
  candidate.evidence.n_tokens = 3;
  candidate.evidence.mean_log_probability = mean;
  candidate.evidence.least_log_probability = 2 * mean;
  return candidate;
}

TEST(Candidate, RankingPutsTheMoreProbableFirst) {
  const auto ranked = rank(
      {candidate_of("unsure", -3.0F), candidate_of("sure", -0.1F), candidate_of("sure", -0.2F)},
      {});
  ASSERT_EQ(ranked.size(), 2U) << "no two alike";
  EXPECT_EQ(ranked[0].text, "sure");
  EXPECT_EQ(ranked[1].text, "unsure");
  EXPECT_GT(ranked[0].probability, ranked[1].probability);
}

TEST(Candidate, WhatModelAndFileBothSayIsMoreProbableThanEither) {
  const Draft draft{.text = "same", .probability = 0.6};
  const auto alone = rank({candidate_of("same", -0.5F)}, {});
  const auto both = rank({candidate_of("same", -0.5F)}, {{candidate_of("same", -0.5F), draft}});
  // What the model does not write itself it finds less likely than what it does.
  const auto found = rank({candidate_of("other", -0.2F)}, {{candidate_of("same", -1.0F), draft}});
  ASSERT_EQ(both.size(), 1U);
  EXPECT_EQ(both[0].evidence.origin, Origin::both);
  EXPECT_FLOAT_EQ(both[0].evidence.draft_probability, 0.6F);
  EXPECT_GT(both[0].probability, alone[0].probability);
  EXPECT_GT(both[0].probability, found[0].probability);
  EXPECT_EQ(found[0].evidence.origin, Origin::draft);
}

TEST(Candidate, ADraftThatTheModelWasNotAskedAboutIsNoneAndCountsAllTheSame) {
  const DraftCandidate asked{candidate_of("asked", -1.0F), {.text = "asked", .probability = 0.3}};
  const DraftCandidate not_asked{
      candidate_of("not asked", 0.0F), {.text = "not asked", .probability = 0.6}, false};
  const auto ranked = rank({candidate_of("written", -0.2F)}, {asked, not_asked});
  ASSERT_EQ(ranked.size(), 2U);
  for (const Candidate& candidate : ranked) {
    EXPECT_NE(candidate.text, "not asked");
    EXPECT_FLOAT_EQ(candidate.evidence.rival_draft_probability, 0.6F) << candidate.text;
  }
  const auto both = rank({candidate_of("not asked", -0.2F)}, {asked, not_asked});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].text, "not asked");
  EXPECT_EQ(both[0].evidence.origin, Origin::both);
  EXPECT_FLOAT_EQ(both[0].evidence.draft_probability, 0.6F);
  EXPECT_FLOAT_EQ(both[0].evidence.rival_draft_probability, 0.3F);
}

}  // namespace
}  // namespace inpaint::lsp
