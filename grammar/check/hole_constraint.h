// The constraint of one hole: brackets, indentation and grammar while a fill is written, the promise
// when it is whole.
//
// `admits` asks the brackets (grammar/check/fill_border.h) and the viable prefix (grammar/check/viable_prefix.h); a fill
// without a gap at its end is refused too where an error is certain in the text behind, and the place can be
// without one. `ends_at` asks the brackets alone. `review` parses: a fill that breaks the promise is denoised again from the begin of the line to the first error it causes, which holds the
// mistake in nine of ten cases; the second time from the line before, the third time from its begin.
// After that the longest beginning that keeps the promise is what is left of it, maybe nothing.
//
// Units:  bytes of the fill. Errors: none; without a language every whole fill is accepted.
// Cost:   construction O(text) once; admits what has been written since it was asked last, and the first
//         time up to a parse of the text before the hole; review one parse for a good fill, at
//         most some 30 and the promise's budgets for a bad one.
// Thread rule: one thread at a time. Owns or shares all it needs; may be moved to another thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grammar/check/constraint.h"
#include "grammar/check/fill_border.h"
#include "grammar/check/promise.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

/// A measurement of what the viable prefix is good for, and of what it costs while a fill is written.
struct PrefixTrial {
  bool asked = true;                 // else it is left out
  std::chrono::nanoseconds taken{};  // by all of its answers
};

class HoleConstraint final : public Constraint {
 public:
  /// `tree` is the tree of `text`, or null; `before_opening` as in grammar/check/promise.h.
  HoleConstraint(const Language* language, std::shared_ptr<const std::string> text,
                 const HolePlan& plan, const SyntaxTree* tree = nullptr,
                 std::optional<ErrorCount> before_opening = std::nullopt,
                 PromiseLimits limits = {});

  /// Of a text that nobody shares: it is copied.
  HoleConstraint(const Language* language, std::string_view text, const HolePlan& plan,
                 const SyntaxTree* tree = nullptr,
                 std::optional<ErrorCount> before_opening = std::nullopt, PromiseLimits limits = {})
      : HoleConstraint(language, std::make_shared<const std::string>(text), plan, tree,
                       before_opening, limits) {}

  void begin() override;
  bool admits(std::span<const std::optional<std::string_view>> pieces) override;
  std::optional<std::size_t> ends_at(std::string_view text) override;
  Review review(std::string_view fill) override;

  /// From here on, until another one or null is given.
  void measure(std::shared_ptr<PrefixTrial> trial) { trial_ = std::move(trial); }

  /// The promise for this hole, lent for the last word on what is shown once nobody asks the
  /// constraint any more. Null without a language.
  Promise* promise() { return promise_ ? &*promise_ : nullptr; }

 private:
  bool may_begin_with(std::string_view fill);
  bool may_be(std::string_view fill);
  std::optional<std::size_t> certain_error(std::string_view fill, std::size_t n_behind = 0);
  bool is_good(std::string_view fill);
  ByteRange first_error(std::string_view fill);
  std::vector<std::size_t> cuts(std::string_view fill, std::size_t error_end) const;
  Review cut_back(std::string_view fill, std::size_t error_end);

  const LexicalRules* rules_;
  std::size_t begin_;
  HoleKind kind_;
  FillBorder border_;
  std::optional<Promise> promise_;
  std::shared_ptr<PrefixTrial> trial_;  // null: nobody measures
  int n_remasks_ = 0;
  bool all_was_remasked_ = false;
};

}  // namespace inpaint::grammar
