#include "grammar/check/hole_constraint.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "grammar/lexical/lexical_rules.h"
#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::grammar {
namespace {

constexpr int kMostRemasks = 3;
constexpr std::size_t kSeenBehind = 512;  // bytes behind the hole in which a mistake may show
constexpr std::size_t kMostCuts = 30;
constexpr std::size_t kMostCutsInLine = 18;

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

HoleConstraint::HoleConstraint(const Language* language, std::shared_ptr<const std::string> text,
                               const HolePlan& plan, const SyntaxTree* tree,
                               std::optional<ErrorCount> before_opening, PromiseLimits limits)
    : rules_(&lexical_rules(language)),
      begin_(plan.range.begin),
      kind_(plan.kind),
      border_(*rules_, surroundings_of(*rules_, *text, plan.range), plan.kind,
              plan.stops_at_newline) {
  if (language == nullptr) return;
  promise_.emplace(*language, std::move(text), plan.range, plan.kind, tree, before_opening, limits);
}

bool HoleConstraint::may_begin_with(std::string_view fill) {
  return border_.read(fill).admitted && !certain_error(fill);
}

std::optional<std::size_t> HoleConstraint::certain_error(std::string_view fill,
                                                         std::size_t n_behind) {
  if (!promise_) return std::nullopt;
  if (!trial_) return promise_->certain_error(fill, n_behind);
  if (!trial_->asked) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  const auto error = promise_->certain_error(fill, n_behind);
  trial_->taken += std::chrono::steady_clock::now() - start;
  return error;
}

bool HoleConstraint::admits(std::span<const std::optional<std::string_view>> pieces) {
  // Behind a gap nothing can be told: it may hold whatever is missing.
  if (pieces.empty() || !pieces.front()) return true;
  if (pieces.size() > 1 && !pieces[1]) return may_begin_with(*pieces.front());
  std::string run;
  bool whole = true;
  for (const auto& piece : pieces) {
    whole = whole && piece;
    if (!piece) break;
    run += *piece;
  }
  return may_begin_with(run) && (!whole || may_be(run));
}

bool HoleConstraint::may_be(std::string_view fill) {
  if (!certain_error(fill, Promise::kReadBehind)) return true;
  // Where the place cannot be whole, an error behind it says nothing of the fill.
  return promise_->baseline() != ErrorCount{};
}

std::optional<std::size_t> HoleConstraint::ends_at(std::string_view text) {
  return border_.read(text).end;
}

bool HoleConstraint::is_good(std::string_view fill) {
  return border_.read(fill).admitted && (!promise_ || promise_->holds(fill));
}

ByteRange HoleConstraint::first_error(std::string_view fill) {
  const std::size_t size = fill.size();
  ByteRange found{size, size};
  const auto stuck = certain_error(fill, kSeenBehind);
  if (stuck) {
    found.begin = found.end = std::min(*stuck - std::min(*stuck, begin_), size);
  } else if (promise_) {
    for (const SyntaxError& error : promise_->errors_behind(fill, 8)) {
      if (error.range.end <= begin_ && !error.missing) continue;
      const auto in_fill = [&](std::size_t at) {
        return std::min(at - std::min(at, begin_), size);
      };
      found = {in_fill(error.range.begin), in_fill(error.range.end)};
      break;
    }
  }
  // What is missing shows at the lexeme that came instead: it is written anew as well.
  const std::size_t lexeme = std::min(fill.find_first_not_of(" \t\n", found.end), size);
  std::size_t end = fill.find_first_of(" \t\n", std::min(lexeme + 1, size));
  if (found.size() > 0 || end == std::string_view::npos) end = std::max(found.end, found.begin);
  return {found.begin, std::max(end, found.end)};
}

void HoleConstraint::begin() {
  n_remasks_ = 0;
  all_was_remasked_ = false;
}

Review HoleConstraint::review(std::string_view fill) {
  // A body that closes what is around it may parse well, and yet be the text behind the hole again.
  const FillBorder::Verdict verdict = border_.read(fill);
  const bool left = verdict.end && *verdict.end < fill.size();
  const bool left_body = left && kind_ == HoleKind::block;
  if (!left_body && is_good(fill)) return {};
  if (left && is_good(fill.substr(0, *verdict.end)))
    return {Review::Verdict::cut, {}, *verdict.end};
  if (left_body && is_good(fill)) return {};
  if (is_white(fill)) return {Review::Verdict::cut, {}, 0};
  const ByteRange error = first_error(fill);
  if (n_remasks_ >= kMostRemasks || all_was_remasked_) return cut_back(fill, error.end);
  ByteRange region{line_begin(fill, std::min(error.begin, error.end)), error.end};
  if (n_remasks_ > 0 && region.begin > 0) region.begin = line_begin(fill, region.begin - 1);
  if (n_remasks_ > 1) region.begin = 0;
  // An error in the text behind the hole: the last line of the fill has the mistake, if any has.
  if (region.size() == 0) region = {line_begin(fill, fill.size() - 1), fill.size()};
  if (n_remasks_ > 0 && region.begin == 0) region.end = fill.size();
  all_was_remasked_ = region == ByteRange{0, fill.size()};
  ++n_remasks_;
  return {Review::Verdict::remask, {region}, 0};
}

std::vector<std::size_t> HoleConstraint::cuts(std::string_view fill, std::size_t error_end) const {
  std::vector<std::size_t> borders;
  LexicalState state = border_.around().before;
  const LexicalScanner scanner(*rules_, fill);
  std::vector<std::size_t> line_ends;
  for (std::size_t at = 0; at < fill.size();) {
    const Lexeme lexeme = scanner.next(at, state);
    at = lexeme.end;
    if (lexeme.kind == Lexeme::Kind::newline) {
      if (!borders.empty()) line_ends.push_back(borders.back());
    } else if (lexeme.kind != Lexeme::Kind::blank && at < fill.size()) {
      borders.push_back(at);  // the whole fill is known to be bad
    }
  }
  // Behind the error nothing helps, but for the lexeme that it was seen at.
  while (borders.size() > 1 && borders[borders.size() - 2] > error_end) borders.pop_back();
  std::ranges::reverse(borders);
  std::vector<std::size_t> chosen(
      borders.begin(),
      borders.begin() + static_cast<std::ptrdiff_t>(std::min(borders.size(), kMostCutsInLine)));
  for (auto at = line_ends.rbegin(); at != line_ends.rend() && chosen.size() < kMostCuts; ++at)
    if (chosen.empty() || *at < chosen.back()) chosen.push_back(*at);
  return chosen;
}

Review HoleConstraint::cut_back(std::string_view fill, std::size_t error_end) {
  for (const std::size_t at : cuts(fill, error_end)) {
    const std::string_view kept = fill.substr(0, at);
    if (is_white(kept)) break;
    if (is_good(kept)) return {Review::Verdict::cut, {}, at};
  }
  return {Review::Verdict::cut, {}, 0};
}

}  // namespace inpaint::grammar
