// A constraint made of three functions, each of which agrees to everything unless it is given.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
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

}  // namespace inpaint::engine
