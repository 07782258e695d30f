#include "lsp/completion/hole_planner.h"

#include <cassert>

#include "lsp/completion/text_lines.h"

namespace inpaint::lsp {

std::string_view to_string(HoleKind kind) {
  switch (kind) {
    case HoleKind::line: return "line";
    case HoleKind::middle: return "middle";
  }
  return "unknown";
}

PlannedHole plan_hole(std::string_view text, std::size_t cursor) {
  const Line line = line_at(text, cursor);
  assert(line.begin <= cursor && cursor <= line.end);
  if (!is_blank(text.substr(cursor, line.end - cursor))) {
    return {{cursor, cursor}, HoleKind::middle, true};
  }
  const bool line_is_blank = is_blank(text.substr(line.begin, cursor - line.begin));
  return {{line_is_blank ? line.begin : cursor, line.end}, HoleKind::line, true};
}

}  // namespace inpaint::lsp
