// Over whole files of all languages: what is true is never rejected, what follows is seen as such, and
// what is broken is repaired or cut to something that keeps the promise.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "grammar/check/hole_constraint.h"
#include "tests/grammar/check/true_fills.h"
#include "tests/grammar/source_samples.h"

namespace inpaint::grammar {
namespace {

constexpr std::uint64_t kSeed = 99;
constexpr HoleKind kKinds[] = {HoleKind::line,      HoleKind::expression, HoleKind::argument,
                               HoleKind::statement, HoleKind::block,      HoleKind::middle,
                               HoleKind::span};
constexpr PromiseLimits kUnhurried{std::chrono::hours(1), std::chrono::hours(1)};

bool spans_lines(HoleKind kind) {
  return kind == HoleKind::statement || kind == HoleKind::block || kind == HoleKind::span;
}

/// A hole in a file, and a constraint for it.
struct Place {
  const SourceSample* sample = nullptr;
  TrueFill fill;
  std::string file;  // with the hole empty
  HolePlan plan;

  std::string name() const {
    return std::string(sample->language->name) + ", " + std::string(to_string(fill.kind)) +
           ", byte " + std::to_string(fill.range.begin) + ": " + fill.text;
  }
  HoleConstraint constraint() const {
    return {sample->language, file, plan, nullptr, ErrorCount{}, kUnhurried};
  }
};

/// A fill that closes what is open before it and goes on, as in `f(a^), g(b)`, is none that a
/// completion writes: a bracket behind the cursor stays, and a body that was opened is all there is.
bool crosses_brackets(const Place& place) {
  const LexicalRules& rules = lexical_rules(place.sample->language);
  const HoleSurroundings around = surroundings_of(rules, place.file, place.plan.range);
  LexicalState state = around.at_lead;
  const std::string text = around.lead + place.fill.text;
  const LexicalScanner scanner(rules, text);
  std::size_t least = SIZE_MAX;
  std::size_t least_indent = SIZE_MAX;
  for (std::size_t at = 0; at < text.size();) {
    at = scanner.next(at, state).end;
    if (at <= around.lead.size()) continue;
    least = std::min(least, state.open.size());
    least_indent = std::min(least_indent, state.indent);
  }
  if (place.fill.kind == HoleKind::block && around.opens_body &&
      (rules.indents ? least_indent < around.indent_above : !around.to_close.empty()))
    return true;
  return least < std::min(around.after.size(), around.before.open.size());
}

template <class Function>
void for_each_place(const SourceSample& sample, int n, Function&& function) {
  const SyntaxTree whole = *SyntaxTree::parse(*sample.language, sample.text);
  for (const HoleKind kind : kKinds) {
    std::mt19937_64 random(kSeed);
    for (int i = 0; i < n; ++i) {
      const auto fill = draw_true_fill(sample.text, whole, kind, random);
      if (!fill) continue;
      const std::size_t at = fill->range.begin;
      const Place place{&sample,
                        *fill,
                        filled(sample.text, fill->range, ""),
                        {{at, at}, kind, !spans_lines(kind)}};
      if (crosses_brackets(place)) continue;
      function(place, random);
    }
  }
}

bool admits(Constraint& constraint, std::string_view text) {
  const std::optional<std::string_view> pieces[] = {text, std::nullopt};
  return constraint.admits(pieces);
}

TEST(HoleConstraintProperty, EveryBeginningOfATrueFillIsAdmitted) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  std::size_t n = 0;
  for (const SourceSample& sample : source_samples()) {
    for_each_place(sample, 150, [&](const Place& place, std::mt19937_64&) {
      HoleConstraint constraint = place.constraint();
      for (std::size_t size = 0; size <= place.fill.text.size(); ++size) {
        const std::string_view begin = std::string_view(place.fill.text).substr(0, size);
        ++n;
        if (admits(constraint, begin)) continue;
        ADD_FAILURE() << place.name() << "\nrejected at: " << begin;
        break;
      }
    });
  }
  std::printf("%zu beginnings\n", n);
  EXPECT_GT(n, 50'000U);
}

TEST(HoleConstraintProperty, AWholeTrueFillMayEnd) {
  int n = 0, n_half = 0, n_refused = 0;
  for (const SourceSample& sample : source_samples()) {
    for_each_place(sample, 150, [&](const Place& place, std::mt19937_64& random) {
      HoleConstraint constraint = place.constraint();
      const std::string_view fill = place.fill.text;
      const std::optional<std::string_view> whole[] = {fill};
      ++n;
      EXPECT_TRUE(constraint.admits(whole)) << place.name() << "\nmay not end: " << fill;
      if (fill.empty()) return;
      const std::optional<std::string_view> half[] = {fill.substr(0, random() % fill.size())};
      ++n_half;
      n_refused += constraint.admits(half) ? 0 : 1;
    });
  }
  std::printf("%d whole fills; of %d beginnings of them %d may not end\n", n, n_half, n_refused);
  EXPECT_GT(3 * n_refused, n_half) << "it is there to refuse something";
}

// Never, but for holes that begin inside of a literal in the middle of a statement: from there the
// rules take the text around for a body. Asserted as it is.
TEST(HoleConstraintProperty, ATrueFillDoesNotEndBeforeItsEnd) {
  int n = 0;
  int n_early = 0;
  for (const SourceSample& sample : source_samples()) {
    for_each_place(sample, 150, [&](const Place& place, std::mt19937_64&) {
      const auto end = place.constraint().ends_at(place.fill.text);
      const bool early = end && *end < place.fill.text.size();
      ++n;
      n_early += early ? 1 : 0;
      const bool certain = place.fill.kind == HoleKind::line ||
                           place.fill.kind == HoleKind::middle ||
                           place.fill.kind == HoleKind::block;
      EXPECT_FALSE(early && certain) << place.name() << "\nended at " << end.value_or(0);
    });
  }
  std::printf("%d of %d true fills end early\n", n_early, n);
  EXPECT_LE(n_early * 200, n);
}

// What the model writes on with is mostly the text behind the hole.
TEST(HoleConstraintProperty, WhatFollowsAFillIsSeenToFollow) {
  std::map<HoleKind, std::pair<int, int>> found;
  std::pair<int, int> whole_bodies;  // from the opener on, as the planner plans them
  for (const SourceSample& sample : source_samples()) {
    for_each_place(sample, 150, [&](const Place& place, std::mt19937_64&) {
      if (place.fill.kind == HoleKind::middle || place.fill.kind == HoleKind::span) return;
      const std::string_view behind =
          std::string_view(sample.text).substr(place.fill.range.end, 120);
      const std::string text = place.fill.text + std::string(behind);
      const auto end = place.constraint().ends_at(text);
      auto& [ended, of] = found[place.fill.kind];
      ++of;
      // White space between the fill and what follows may be counted to either.
      const std::size_t size = place.fill.text.size();
      const bool seen =
          end && *end >= size &&
          text.substr(size, *end - size).find_first_not_of(" \t\r\n") == std::string::npos;
      ended += seen ? 1 : 0;
      const HoleSurroundings around =
          surroundings_of(lexical_rules(sample.language), place.file, place.plan.range);
      if (place.fill.kind != HoleKind::block || !around.opens_body) return;
      whole_bodies.first += seen ? 1 : 0;
      ++whole_bodies.second;
    });
  }
  std::printf("whole bodies %5.1f %% of %d\n", 100.0 * whole_bodies.first / whole_bodies.second,
              whole_bodies.second);
  for (const auto& [kind, counts] : found)
    std::printf("%-10s %5.1f %% of %d ends found\n", std::string(to_string(kind)).c_str(),
                100.0 * counts.first / counts.second, counts.second);
  EXPECT_GE(whole_bodies.first * 100, whole_bodies.second * 97);
  EXPECT_EQ(found[HoleKind::line].first, found[HoleKind::line].second);
  EXPECT_GE(found[HoleKind::block].first * 100, found[HoleKind::block].second * 70);
}

TEST(HoleConstraintProperty, ReviewsAcceptWhatIsTrueAndEndWithWhatHolds) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  int n = 0;
  int n_in_region = 0;
  int n_kept = 0;
  double share_kept = 0;
  double share_remasked = 0;
  for (const SourceSample& sample : source_samples()) {
    std::string other = "x";
    for_each_place(sample, 15, [&](const Place& place, std::mt19937_64& random) {
      const std::string& fill = place.fill.text;
      EXPECT_EQ(int(place.constraint().review(fill).verdict), int(Review::Verdict::accept))
          << place.name();
      for (const Mutation mutation : kMutations) {
        const auto mutant = mutated(fill, mutation, other, random);
        if (!mutant || *mutant == fill) continue;
        HoleConstraint constraint = place.constraint();
        Review review = constraint.review(*mutant);
        if (review.verdict == Review::Verdict::accept) continue;
        ++n;
        if (review.verdict == Review::Verdict::remask) {
          ASSERT_EQ(review.ranges.size(), 1U);
          const ByteRange region = review.ranges.front();
          ASSERT_LT(region.begin, region.end);
          ASSERT_LE(region.end, mutant->size());
          const auto [mine, theirs] = std::ranges::mismatch(*mutant, fill);
          const auto damage = static_cast<std::size_t>(mine - mutant->begin());
          if (region.begin <= damage && damage <= region.end) ++n_in_region;
          share_remasked += double(region.size()) / double(mutant->size());
        }
        int calls = 1;
        for (; review.verdict == Review::Verdict::remask && calls < 6; ++calls)
          review = constraint.review(*mutant);
        ASSERT_EQ(int(review.verdict), int(Review::Verdict::cut)) << place.name() << "\n"
                                                                  << *mutant;
        ASSERT_LE(review.cut_at, mutant->size());
        if (review.cut_at == 0) continue;
        ++n_kept;
        share_kept += double(review.cut_at) / double(mutant->size());
        EXPECT_TRUE(constraint.promise()->holds(std::string_view(*mutant).substr(0, review.cut_at)))
            << place.name() << "\n"
            << *mutant;
      }
      other = fill;
    });
  }
  std::printf("%d mutants: the first region has the damage in %.1f %%, and is %.0f %% of the fill; "
              "cut back to something in %.1f %%, of %.0f %% of its length\n",
              n, 100.0 * n_in_region / n, 100 * share_remasked / n, 100.0 * n_kept / n,
              100 * share_kept / n_kept);
  EXPECT_GE(n_in_region * 100, n * 60);
}

}  // namespace
}  // namespace inpaint::grammar
