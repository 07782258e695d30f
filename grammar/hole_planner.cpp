#include "grammar/hole_planner.h"

#include <cassert>

#include "grammar/text_lines.h"

namespace inpaint::grammar {
namespace {

bool spans_lines(HoleKind kind) {
  return kind == HoleKind::statement || kind == HoleKind::block || kind == HoleKind::span;
}

}  // namespace

std::string_view to_string(HoleKind kind) {
  switch (kind) {
    case HoleKind::line: return "line";
    case HoleKind::expression: return "expression";
    case HoleKind::argument: return "argument";
    case HoleKind::statement: return "statement";
    case HoleKind::block: return "block";
    case HoleKind::middle: return "middle";
    case HoleKind::span: return "span";
  }
  return "unknown";
}

HolePlan plan_hole(const PlanRequest& request) {
  const std::string_view text = request.text;
  const std::size_t cursor = request.cursor;
  const Line line = line_at(text, cursor);
  assert(line.begin <= cursor && cursor <= line.end);
  const bool text_behind = !is_blank(text.substr(cursor, line.end - cursor));
  const HoleKind kind = request.kind.value_or(text_behind ? HoleKind::middle : HoleKind::line);
  HolePlan plan{{cursor, cursor}, kind, !spans_lines(kind)};
  if (text_behind || request.insertion_only) return plan;
  const bool line_is_blank = is_blank(text.substr(line.begin, cursor - line.begin));
  plan.range = {line_is_blank ? line.begin : cursor, line.end};
  return plan;
}

}  // namespace inpaint::grammar
