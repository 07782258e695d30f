#include "grammar/hole/refill_range.h"

#include <algorithm>
#include <optional>

#include "grammar/base/text_lines.h"
#include "grammar/tree/node_kind.h"

namespace inpaint::grammar {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

/// `range` without white space at its ends; empty where there is nothing else.
ByteRange trimmed(std::string_view text, ByteRange range) {
  const std::string_view part = text.substr(range.begin, range.size());
  const std::size_t first = part.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {range.begin, range.begin};
  return {range.begin + first, range.begin + part.find_last_not_of(kWhite) + 1};
}

ByteRange whole_lines(std::string_view text, ByteRange range) {
  return {line_at(text, range.begin).begin, line_at(text, range.end).end};
}

HoleKind kind_of_run(const SyntaxTree::NodeRun& run) {
  switch (kind_of(run.first)) {
    case NodeKind::statement: return run.n_named == 1 ? HoleKind::statement : HoleKind::block;
    case NodeKind::body: return HoleKind::block;
    case NodeKind::element: return HoleKind::argument;
    case NodeKind::list:
    case NodeKind::expression: return HoleKind::expression;
    case NodeKind::text:
    case NodeKind::error: break;
  }
  return HoleKind::span;
}

HolePlan plan_of(std::string_view text, const SyntaxTree* tree, ByteRange range) {
  HolePlan plan{whole_lines(text, range), HoleKind::span, false};
  if (tree != nullptr) {
    if (const auto run = tree->whole_nodes(range)) plan = {run->range, kind_of_run(*run), false};
  }
  const Line first = line_at(text, plan.range.begin);
  const Line last = line_at(text, plan.range.end);
  const bool from_line = is_blank(text.substr(first.begin, plan.range.begin - first.begin));
  const bool to_line = is_blank(text.substr(plan.range.end, last.end - plan.range.end));
  plan.stops_at_newline = first.begin == last.begin && !(from_line && to_line);
  if (from_line && to_line) plan.range = {first.begin, last.end};
  return plan;
}

}  // namespace

std::vector<HolePlan> plan_refill(std::string_view text, const SyntaxTree* tree,
                                  ByteRange selection, std::span<const ByteRange> pinned) {
  const ByteRange wanted = trimmed(text, selection);
  if (wanted.size() == 0) return {};
  const HolePlan whole = plan_of(text, tree, wanted);

  std::vector<ByteRange> kept;
  for (const ByteRange& pin : pinned) {
    const ByteRange lines = whole_lines(text, pin);
    if (lines.end > whole.range.begin && lines.begin < whole.range.end) kept.push_back(lines);
  }
  if (kept.empty()) return {whole};
  std::ranges::sort(kept, {}, &ByteRange::begin);

  std::vector<HolePlan> holes;
  std::size_t from = whole.range.begin;
  const auto add = [&](std::size_t end) {
    const ByteRange between = end > from ? trimmed(text, {from, end}) : ByteRange{from, from};
    if (between.size() == 0) return;
    holes.push_back({whole_lines(text, between), HoleKind::span, false});
  };
  for (const ByteRange& lines : kept) {
    add(lines.begin);
    from = std::max(from, lines.end);
  }
  add(whole.range.end);
  return holes;
}

}  // namespace inpaint::grammar
