#include "lsp/completion/prospect.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/completion/candidate.h"

namespace inpaint::lsp {
namespace {

using engine::Fill;
using engine::SpanToken;
using engine::Step;

constexpr std::size_t kMostTokens = 24;

grammar::HolePlan hole(bool one_line) {
  return {.range = {4, 4},
          .kind = one_line ? grammar::HoleKind::line : grammar::HoleKind::block,
          .stops_at_newline = one_line};
}

Fill fill_of(const std::vector<SpanToken>& tokens, float end) {
  Fill fill{.tokens = tokens, .probability = end};
  for (const SpanToken& token : tokens) {
    fill.text += token.text;
    fill.probability *= token.confidence;
  }
  return fill;
}

Draft draft_of(std::string text, double probability) {
  Draft draft;
  draft.text = std::move(text);
  draft.probability = probability;
  return draft;
}

/// The best probability of what was written and the drafts, as the ranking has it at the end.
float at_the_end(const Fill& written, const grammar::HolePlan& hole,
                 const std::vector<Draft>& drafts, const std::vector<Fill>& scored, Writer writer) {
  Candidate candidate{.text = written.text, .evidence = evidence_of(written, hole)};
  candidate.evidence.writer = writer;
  std::vector<DraftCandidate> found;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const bool is_scored = i < scored.size();
    Candidate of_draft{.text = drafts[i].text};
    if (is_scored) of_draft.evidence = evidence_of(scored[i], hole);
    of_draft.evidence.writer = writer;
    found.push_back({std::move(of_draft), drafts[i], is_scored});
  }
  return rank({std::move(candidate)}, std::move(found)).front().probability;
}

TEST(Prospect, ALikelyBeginningHasHope) {
  const auto line = hole(true);
  const std::vector<Draft> none;
  const Prospect prospect(line, none, 0, kMostTokens, Writer::published);
  EXPECT_GT(prospect.most({.tokens = {{SpanToken::State::committed, "return", 0.97F}}}), 0.5F);
  EXPECT_LT(prospect.most({.tokens = {{SpanToken::State::committed, "return", 0.05F}}}), 0.25F);
  EXPECT_LT(prospect.most({.tokens = {{SpanToken::State::committed, "return", 0.0F}}}), 0.01F);
}

TEST(Prospect, OfADraftThatIsNotReadYetNothingIsKnown) {
  const auto line = hole(true);
  const std::vector<Draft> one{draft_of("x", 0.01)};
  const Step step{.tokens = {{SpanToken::State::committed, "y", 0.01F}}};
  EXPECT_EQ(Prospect(line, one, 1, kMostTokens, Writer::published).most(step), 1.0F);
  EXPECT_LT(Prospect(line, one, 0, kMostTokens, Writer::published).most(step), 0.25F);
  const std::vector<Draft> two{draft_of("x", 0.01), draft_of("z", 0.01)};
  const Fill scored = fill_of({{SpanToken::State::committed, "x", 0.01F}}, 0.1F);
  const Step read{.tokens = step.tokens, .draft = &scored};
  EXPECT_EQ(Prospect(line, two, 2, kMostTokens, Writer::published).most(read), 1.0F);
  EXPECT_LT(Prospect(line, two, 1, kMostTokens, Writer::published).most(read), 0.5F);
}

/// However a text goes on, the ranking never says more of it than was foreseen, and what is foreseen falls.
TEST(Prospect, IsNeverExceeded) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto unit = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    const Writer writer = random() % 2 == 0 ? Writer::published : Writer::embedded;
    const auto place = hole(random() % 2 == 0);
    const char* const words[] = {"a", " b", "c ", "\n"};
    const auto draw_tokens = [&] {
      std::vector<SpanToken> tokens;
      for (std::size_t n = 1 + random() % kMostTokens; n > 0; --n)
        tokens.push_back({SpanToken::State::committed, words[random() % 4],
                          static_cast<float>(std::max(0.14, std::pow(unit(), 3.0 * unit())))});
      return tokens;
    };
    const Fill written = fill_of(draw_tokens(), static_cast<float>(std::max(0.14, unit())));
    std::vector<Draft> drafts;
    const std::size_t n_drafts = random() % 4;
    const std::size_t same = random() % 6;  // which of them is the text that is written
    for (std::size_t i = 0; i < n_drafts; ++i)
      drafts.push_back(
          draft_of(i == same ? written.text : fill_of(draw_tokens(), 1.0F).text + std::to_string(i),
                   unit()));
    std::vector<Fill> scored;
    if (!drafts.empty() && random() % 4 != 0)
      scored.push_back(
          fill_of({{SpanToken::State::committed, drafts[0].text, static_cast<float>(unit())}},
                  static_cast<float>(unit())));
    const float end = at_the_end(written, place, drafts, scored, writer);
    const Prospect prospect(place, drafts, scored.size(), kMostTokens, writer);
    float before = 1.0F;
    for (std::size_t n = 0; n <= written.tokens.size(); ++n) {
      Step step;
      step.tokens.assign(written.tokens.begin(),
                         written.tokens.begin() + static_cast<std::ptrdiff_t>(n));
      if (!scored.empty()) step.draft = scored.data();
      const float most = prospect.most(step);
      EXPECT_GE(most, end - 1e-6F) << n << " of " << written.tokens.size();
      EXPECT_LE(most, before + 1e-6F);
      before = most;
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
