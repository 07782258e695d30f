// A constraint made of three functions, each of which agrees to everything unless it is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string_view>

#include <gtest/gtest.h>

#include "grammar/check/constraint.h"

namespace inpaint::engine {

struct ScriptedConstraint final : grammar::Constraint {
  std::function<bool(std::string_view)> admits_run = [](std::string_view) { return true; };
  std::function<std::optional<std::size_t>(std::string_view)> edge = [](std::string_view) {
    return std::nullopt;
  };
  std::function<grammar::Review(std::string_view, int)> judge = [](std::string_view, int) {
    return grammar::Review{};
  };
  int reviews = 0;  // of the fill that was begun last
  int n_begun = 0;

  bool admits(std::span<const std::optional<std::string_view>> pieces) override {
    EXPECT_FALSE(pieces.empty());
    return admits_run(pieces.front().value_or(""));
  }
  std::optional<std::size_t> ends_at(std::string_view text) override { return edge(text); }
  void begin() override {
    reviews = 0;
    ++n_begun;
  }
  grammar::Review review(std::string_view fill) override { return judge(fill, reviews++); }
};

/// Rules drawn by a seed: they veto, close, ask for repairs and cut.
inline ScriptedConstraint random_constraint(std::uint64_t seed) {
  using grammar::Review;
  const auto hash = [seed](std::string_view text, std::uint64_t salt) {
    return std::mt19937_64(std::hash<std::string_view>{}(text) ^ (seed * 31 + salt))();
  };
  ScriptedConstraint constraint;
  constraint.admits_run = [hash](std::string_view text) { return hash(text, 1) % 5 != 0; };
  constraint.edge = [hash](std::string_view text) -> std::optional<std::size_t> {
    for (std::size_t n = 0; n <= text.size(); ++n)
      if (hash(text.substr(0, n), 2) % 150 == 0) return n;
    return std::nullopt;
  };
  constraint.judge = [hash](std::string_view fill, int tries) -> Review {
    if (hash(fill, 3) % 3 == 0) return {};
    if (tries == 3) return {Review::Verdict::cut, {}, hash(fill, 4) % (fill.size() + 1)};
    const std::size_t begin = hash(fill, 5) % (fill.size() + 1);
    return {Review::Verdict::remask, {{begin, fill.size() + 1}}, 0};
  };
  return constraint;
}

}  // namespace inpaint::engine
