#include "grammar/hole/hole_planner.h"

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"

namespace inpaint::grammar {
namespace {

struct PlanCase {
  const char* name;
  const char* source;  // ^ is the cursor
  const char* expect;  // [[ ]] the hole
  HoleKind kind;
};

const PlanCase kCases[] = {
    {"the end of a line is an insertion", "return ^\nx", "return [[]]\nx", HoleKind::line},
    {"the end of a file as well", "return ^", "return [[]]", HoleKind::line},
    {"white space behind the cursor is replaced", "return^  \t\nx", "return[[  \t]]\nx",
     HoleKind::line},
    {"white space in front of it stays", "return  ^\n", "return  [[]]\n", HoleKind::line},
    {"a blank line is replaced whole", "a\n  ^  \nb", "a\n[[    ]]\nb", HoleKind::line},
    {"also from its beginning", "a\n^    \nb", "a\n[[    ]]\nb", HoleKind::line},
    {"an empty line is an insertion", "a\n^\nb", "a\n[[]]\nb", HoleKind::line},
    {"an empty file too", "^", "[[]]", HoleKind::line},
    {"text on both sides stays", "f(^)\n", "f([[]])\n", HoleKind::middle},
    {"inside of a word", "ret^urn\n", "ret[[]]urn\n", HoleKind::middle},
    {"at the beginning of a line", "^x = 1\n", "[[]]x = 1\n", HoleKind::middle},
    {"white space before the rest stays", "f(^  )\n", "f([[]]  )\n", HoleKind::middle},
    {"indentation in front of text stays", "  ^  x\n", "  [[]]  x\n", HoleKind::middle},
    {"the carriage return is part of the line end", "a^ \r\nb\r\n", "a[[ ]]\r\nb\r\n",
     HoleKind::line},
    {"a blank line with one", "a\r\n  ^\r\nb", "a\r\n[[  ]]\r\nb", HoleKind::line},
    {"a lone carriage return is text", "a^\rb\n", "a[[]]\rb\n", HoleKind::middle},
    {"a byte order mark is not white space to replace", "\xEF\xBB\xBF ^\nx", "\xEF\xBB\xBF[[ ]]\nx",
     HoleKind::line},
    {"a no-break space is text", "a^\u00A0\n", "a[[]]\u00A0\n", HoleKind::middle},
};

TEST(HolePlanner, Cases) {
  for (const PlanCase& c : kCases) {
    const CursorText source = parse_cursor(c.source);
    const HolePlan hole = plan_hole({.text = source.text, .cursor = source.cursor});
    EXPECT_EQ(mark_hole(source.text, hole.range), c.expect) << c.name;
    EXPECT_EQ(to_string(hole.kind), to_string(c.kind)) << c.name;
    EXPECT_TRUE(hole.stops_at_newline) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::grammar
