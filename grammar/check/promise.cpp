#include "grammar/check/promise.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <utility>

#include "grammar/check/fill_repairs.h"
#include "grammar/check/placeholders.h"
#include "grammar/lexical/lexical_rules.h"
#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::grammar {
namespace {

constexpr ErrorCount kWorst{SIZE_MAX, SIZE_MAX};
constexpr ErrorCount kNone{};

bool is_within_a_line(HoleKind kind) {
  return kind == HoleKind::line || kind == HoleKind::expression || kind == HoleKind::argument ||
         kind == HoleKind::middle;
}

}  // namespace

Promise::Promise(const Language& language, std::shared_ptr<const std::string> text, ByteRange hole,
                 HoleKind kind, const SyntaxTree* tree, std::optional<ErrorCount> before_opening,
                 PromiseLimits limits)
    : language_(&language),
      text_(std::move(text)),
      hole_(hole),
      begin_point_(advanced({}, before_hole())),
      kind_(kind),
      before_opening_(before_opening),
      limits_(limits),
      parser_(language),
      placeholder_budget_(limits.baseline),
      repair_budget_(limits.baseline),
      lines_come_(!before_opening &&
                  behind_hole().find_first_not_of(" \t\r\n") == std::string_view::npos) {
  assert(hole.begin <= hole.end && hole.end <= text_->size());
  if (tree == nullptr) return;
  empty_ = tree->copy();
  if (hole.size() > 0) {
    empty_->edit(edit_of(*text_, hole, "", begin_point_));
  } else {
    parsed_empty_ = true;
  }
}

std::string Promise::closers_behind(std::string_view fill) {
  if (!lines_come_) return {};
  const LexicalRules& rules = lexical_rules(language_);
  LexicalState state = around().before;
  const LexicalScanner scanner(rules, fill);
  std::size_t n_above =
      state.open.size() - std::min(state.open.size(), around().line_to_close.size());
  for (std::size_t at = 0; at < fill.size(); n_above = std::min(n_above, state.open.size()))
    at = scanner.next(at, state).end;
  if (state.uncertain || state.mode == LexicalState::Mode::string ||
      state.open.contains('$'))  // which goes back into a string
    return {};
  std::string closers;
  for (std::size_t i = state.open.size(); i > 0; --i) {
    const char bracket = state.open[i - 1];
    const bool opens_block = bracket == '{' && !rules.indents && is_within_a_line(kind_);
    if (i <= n_above || opens_block) closers += closer_of(bracket);
  }
  return closers.empty() ? closers : around().newline + closers;
}

const SyntaxTree* Promise::tree_with(std::string_view fill) {
  closers_ = closers_behind(fill);
  const bool is_text = fill.empty() && closers_.empty();  // as it is with the hole empty
  if (parsed_empty_ && is_text && empty_) return &*empty_;
  if (filled_ && fill == fill_) return &*filled_;
  const auto deadline = Parser::Clock::now() + limits_.parse;
  if (!parsed_empty_) {
    // Every fill is parsed from the tree of the empty hole, so that what came before does not show.
    const std::array without{before_hole(), behind_hole()};
    ++n_parses_;
    empty_ = parser_.parse(without, empty_ ? &*empty_ : nullptr, deadline);
    parsed_empty_ = true;
    if (is_text) return empty_ ? &*empty_ : nullptr;
  }
  const std::array with{before_hole(), fill, std::string_view(closers_), behind_hole()};
  fill_ = fill;
  filled_.reset();
  ++n_parses_;
  if (!empty_) {
    filled_ = parser_.parse(with, nullptr, deadline);
  } else {
    SyntaxTree old = empty_->copy();
    old.edit({{hole_.begin, hole_.begin},
              hole_.begin + fill.size() + closers_.size(),
              begin_point_,
              begin_point_,
              advanced(advanced(begin_point_, fill), closers_)});
    filled_ = parser_.parse(with, &old, deadline);
  }
  return filled_ ? &*filled_ : nullptr;
}

ErrorCount Promise::count(const SyntaxTree& tree, std::size_t fill_size) const {
  ErrorCount errors = tree.errors();
  if (errors == kNone) return errors;
  const std::size_t fill_end = hole_.begin + fill_size;
  const auto around = tree.errors_from(fill_end + 1, 1);
  if (!around.empty() && around.front().range.begin < hole_.begin)
    errors.bytes -= std::min(around.front().range.end, fill_end + closers_.size()) - hole_.begin;
  return errors;
}

ErrorCount Promise::after(std::string_view fill) {
  const SyntaxTree* tree = tree_with(fill);
  return tree == nullptr ? kWorst : count(*tree, fill.size());
}

ErrorCount Promise::before() { return after(""); }

ErrorCount Promise::baseline() {
  if (baseline_) return *baseline_;
  baseline_ = before_opening_ ? *before_opening_ : before();
  if (!before_opening_ && *baseline_ != kNone)
    lower_baseline(likeliest(placeholders(lexical_rules(language_), around(), kind_)),
                   placeholder_budget_);
  without_fills_ = baseline_;
  return *baseline_;
}

void Promise::forget_fills() {
  baseline_ = without_fills_;
  repair_budget_ = limits_.baseline;
}

const HoleSurroundings& Promise::around() {
  if (around_) return *around_;
  const LexicalRules& rules = lexical_rules(language_);
  if (hole_.size() == 0) {
    around_ = surroundings_of(rules, *text_, hole_);
  } else {
    // What stands in the hole surrounds nothing. This is asked for a fill that is broken, in a hole
    // that is not empty, once: a copy that is seldom made.
    const std::string without = std::string(before_hole()).append(behind_hole());
    around_ = surroundings_of(rules, without, {hole_.begin, hole_.begin});
  }
  return *around_;
}

std::optional<std::size_t> Promise::certain_error(std::string_view fill, std::size_t n_behind) {
  if (!prefix_)
    prefix_.emplace(*language_, before_hole(), empty_ ? &*empty_ : nullptr,
                    text_->size() - hole_.size());
  if (n_behind == 0) return prefix_->error_in(fill);
  return prefix_->error_in(std::string(fill).append(behind_hole().substr(0, n_behind)));
}

/// Those that a parse is worth, best first: the further the text behind the hole is read with a fill in
/// front of it, the fewer errors are left for the rest.
std::vector<std::string> Promise::likeliest(std::vector<std::string> fills) {
  std::vector<std::pair<std::size_t, std::size_t>> stuck_at;  // bytes of the text behind, place
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const auto error = certain_error(fills[i], kReadBehind);
    const std::size_t read = hole_.begin + fills[i].size();
    stuck_at.emplace_back(error ? *error - std::min(*error, read) : SIZE_MAX, i);
  }
  std::ranges::stable_sort(stuck_at, std::ranges::greater{}, [](const auto& s) { return s.first; });
  std::vector<std::string> best;
  for (const auto& [bytes, place] : stuck_at) {
    if (best.size() == limits_.tried) break;
    best.push_back(std::move(fills[place]));
  }
  return best;
}

void Promise::lower_baseline(const std::vector<std::string>& fills,
                             Parser::Clock::duration& budget) {
  const auto start = Parser::Clock::now();
  const auto spent = [&] { return Parser::Clock::now() - start; };
  for (const std::string& fill : fills) {
    baseline_ = std::min(*baseline_, after(fill));
    if (*baseline_ == kNone || spent() >= budget) break;
  }
  budget -= std::min(budget, spent());
}

bool Promise::still_holds(std::string_view fill) {
  const ErrorCount errors = after(fill);
  if (errors == kNone || !baseline_) return errors != kWorst;
  return errors.nodes <= baseline_->nodes && errors.bytes <= baseline_->bytes;
}

bool Promise::holds(std::string_view fill) {
  const ErrorCount errors = after(fill);
  if (errors == kNone) return true;
  if (errors == kWorst) return false;
  const auto worse = [&](const ErrorCount& least) {
    return errors.nodes > least.nodes || errors.bytes > least.bytes;
  };
  if (worse(baseline())) return false;
  if (before_opening_) return true;
  if (repair_budget_.count() > 0)
    lower_baseline(likeliest(fill_repairs(lexical_rules(language_), around(), fill)),
                   repair_budget_);
  return !worse(*baseline_);
}

std::vector<SyntaxError> Promise::errors_behind(std::string_view fill, std::size_t limit) {
  const SyntaxTree* tree = tree_with(fill);
  return tree == nullptr ? std::vector<SyntaxError>{} : tree->errors_from(hole_.begin, limit);
}

}  // namespace inpaint::grammar
