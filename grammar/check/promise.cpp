#include "grammar/check/promise.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "grammar/check/fill_repairs.h"
#include "grammar/check/placeholders.h"
#include "grammar/lexical/lexical_rules.h"

namespace inpaint::grammar {
namespace {

constexpr ErrorCount kWorst{SIZE_MAX, SIZE_MAX};
constexpr ErrorCount kNone{};

}  // namespace

Promise::Promise(const Language& language, std::string_view text, ByteRange hole, HoleKind kind,
                 const SyntaxTree* tree, std::optional<ErrorCount> before_opening,
                 PromiseLimits limits)
    : language_(&language),
      text_(text),
      begin_(hole.begin),
      begin_point_(advanced({}, text.substr(0, hole.begin))),
      kind_(kind),
      before_opening_(before_opening),
      limits_(limits),
      parser_(language),
      placeholder_budget_(limits.baseline),
      repair_budget_(limits.baseline) {
  assert(hole.begin <= hole.end && hole.end <= text.size());
  if (tree != nullptr) {
    empty_ = tree->copy();
    if (hole.size() > 0) {
      empty_->edit(edit_of(text, hole, "", begin_point_));
    } else {
      parsed_empty_ = true;
    }
  }
  text_.erase(hole.begin, hole.size());
}

const SyntaxTree* Promise::tree_with(std::string_view fill) {
  const std::string_view present = std::string_view(text_).substr(begin_, fill_size_);
  if (parsed_empty_ && fill.empty() && empty_) return &*empty_;
  if (filled_ && present == fill) return &*filled_;
  const auto deadline = Parser::Clock::now() + limits_.parse;
  if (!parsed_empty_) {
    // Every fill is parsed from the tree of the empty hole, so that what came before does not show.
    text_.erase(begin_, fill_size_);
    fill_size_ = 0;
    ++n_parses_;
    empty_ = parser_.parse(text_, empty_ ? &*empty_ : nullptr, deadline);
    parsed_empty_ = true;
    if (fill.empty()) return empty_ ? &*empty_ : nullptr;
  }
  text_.replace(begin_, fill_size_, fill);
  fill_size_ = fill.size();
  filled_.reset();
  ++n_parses_;
  if (!empty_) {
    filled_ = parser_.parse(text_, nullptr, deadline);
  } else {
    SyntaxTree old = empty_->copy();
    old.edit({{begin_, begin_},
              begin_ + fill.size(),
              begin_point_,
              begin_point_,
              advanced(begin_point_, fill)});
    filled_ = parser_.parse(text_, &old, deadline);
  }
  return filled_ ? &*filled_ : nullptr;
}

ErrorCount Promise::count(const SyntaxTree& tree, std::size_t fill_size) const {
  ErrorCount errors = tree.errors();
  if (errors == kNone) return errors;
  const auto around = tree.errors_from(begin_ + fill_size + 1, 1);
  if (!around.empty() && around.front().range.begin < begin_) errors.bytes -= fill_size;
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
  return *baseline_;
}

const HoleSurroundings& Promise::around() {
  if (around_) return *around_;
  text_.erase(begin_, fill_size_);
  fill_size_ = 0;
  filled_.reset();
  around_ = surroundings_of(lexical_rules(language_), text_, {begin_, begin_});
  return *around_;
}

std::optional<std::size_t> Promise::certain_error(std::string_view fill, std::size_t n_behind) {
  const std::string_view text = text_;
  if (!prefix_)
    prefix_.emplace(*language_, text.substr(0, begin_), empty_ ? &*empty_ : nullptr,
                    text.size() - fill_size_);
  if (n_behind == 0) return prefix_->error_in(fill);
  return prefix_->error_in(std::string(fill).append(text.substr(begin_ + fill_size_, n_behind)));
}

/// Those that a parse is worth, best first: the further the text behind the hole is read with a fill in
/// front of it, the fewer errors are left for the rest.
std::vector<std::string> Promise::likeliest(std::vector<std::string> fills) {
  std::vector<std::pair<std::size_t, std::size_t>> stuck_at;  // bytes of the text behind, place
  for (std::size_t i = 0; i < fills.size(); ++i) {
    const auto error = certain_error(fills[i], kReadBehind);
    const std::size_t read = begin_ + fills[i].size();
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
  return tree == nullptr ? std::vector<SyntaxError>{} : tree->errors_from(begin_, limit);
}

}  // namespace inpaint::grammar
