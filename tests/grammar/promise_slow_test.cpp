// How much the promise catches, measured by mutation, and that it never refuses what is right.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "grammar/promise.h"
#include "tests/grammar/source_samples.h"
#include "tests/grammar/true_fills.h"

namespace inpaint::grammar {
namespace {

constexpr std::uint64_t kSeed = 4711;
constexpr HoleKind kKinds[] = {HoleKind::line,      HoleKind::expression, HoleKind::argument,
                               HoleKind::statement, HoleKind::block,      HoleKind::middle,
                               HoleKind::span};
/// No clock decides in a test.
constexpr PromiseLimits kUnhurried{std::chrono::hours(1), std::chrono::hours(1)};

struct Rate {
  int refused = 0;
  int of = 0;
  double value() const { return of == 0 ? 1.0 : double(refused) / of; }
  Rate& operator+=(const Rate& other) {
    refused += other.refused;
    of += other.of;
    return *this;
  }
};

std::string file_without(const SourceSample& sample, const TrueFill& fill) {
  return filled(sample.text, fill.range, "");
}

ErrorCount errors_of(const Language& language, std::string_view text) {
  return SyntaxTree::parse(language, text)->errors();
}

TEST(PromiseMutation, MistakesAreRefusedAndTrueFillsNever) {
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  std::map<std::string, Rate> by_kind;
  std::map<std::string, Rate> by_mutation;
  Rate all;
  for (const SourceSample& sample : source_samples()) {
    const std::string name(sample.language->name);
    const SyntaxTree whole = *SyntaxTree::parse(*sample.language, sample.text);
    for (const HoleKind kind : kKinds) {
      std::mt19937_64 random(kSeed);
      std::string other = "x";
      Rate rate;
      constexpr int kHoles = 60;
      for (int i = 0; i < kHoles; ++i) {
        const auto fill = draw_true_fill(sample.text, whole, kind, random);
        if (!fill) continue;
        const std::string file = file_without(sample, *fill);
        const std::size_t at = fill->range.begin;
        Promise promise(*sample.language, file, {at, at}, kind, nullptr, std::nullopt, kUnhurried);
        EXPECT_TRUE(promise.holds(fill->text))
            << name << ", " << to_string(kind) << ": " << fill->text;
        for (const Mutation mutation : kMutations) {
          const auto mutant = mutated(fill->text, mutation, other, random);
          if (!mutant) continue;
          // The whole file is clean, so any error is one that a full parse can tell.
          if (errors_of(*sample.language, filled(sample.text, fill->range, *mutant)) ==
              ErrorCount{})
            continue;
          const Rate one{promise.holds(*mutant) ? 0 : 1, 1};
          if (one.refused == 0 && std::getenv("SHOW"))
            std::printf("LET PASS %s %s base {%zu,%zu} after {%zu,%zu}\n--- %s[[%s]]\n--- %s\n",
                        name.c_str(), std::string(to_string(kind)).c_str(),
                        promise.baseline().nodes, promise.baseline().bytes,
                        promise.after(*mutant).nodes, promise.after(*mutant).bytes,
                        file.substr(at > 40 ? at - 40 : 0, at > 40 ? 40 : at).c_str(),
                        fill->text.c_str(), mutant->c_str());
          rate += one;
          by_mutation[std::string(to_string(mutation))] += one;
        }
        other = fill->text;
      }
      by_kind[std::string(to_string(kind))] += rate;
      all += rate;
      std::printf("%-10s %-10s %5.1f %% of %d mutants refused\n", name.c_str(),
                  std::string(to_string(kind)).c_str(), 100 * rate.value(), rate.of);
      EXPECT_GE(rate.value(), 0.85) << name << ", " << to_string(kind);
    }
  }
  for (const auto& [kind, rate] : by_kind)
    std::printf("%-20s %5.1f %% of %d\n", kind.c_str(), 100 * rate.value(), rate.of);
  for (const auto& [mutation, rate] : by_mutation)
    std::printf("%-20s %5.1f %% of %d\n", mutation.c_str(), 100 * rate.value(), rate.of);
  std::printf("all                  %5.1f %% of %d\n", 100 * all.value(), all.of);
  EXPECT_GE(all.value(), 0.95);
}

}  // namespace
}  // namespace inpaint::grammar
