#include "lsp/terminal/watch_view.h"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/golden.h"

namespace inpaint::lsp {
namespace {

using test::mask;
using test::set_token;

const std::string kText = "a\nx = \nb\n";
constexpr ByteRange kHole{6, 6};

const engine::Step kFirst{.forward = 1, .tokens = {set_token("f", 0.9F), mask(), mask()}};
const engine::Step kSecond{.forward = 2,
                           .tokens = {set_token("f", 0.9F), set_token("(", 0.7F), mask()}};

TEST(WatchView, WritesALineForEachForwardWhereThereIsNoTerminal) {
  std::ostringstream out;
  WatchView watch(out, {}, false);
  watch.draw(kText, kHole, kFirst);
  watch.draw(kText, kHole, kSecond);
  engine::Step other = kFirst;
  other.alternative = 1;
  watch.draw(kText, kHole, other);
  watch.finish();
  EXPECT_EQ(out.str(), "forward 1: f░░\nforward 2: f(░\nalternative 2, forward 1: f░░\n");
}

TEST(WatchView, DrawsOverItselfOnATerminal) {
  std::ostringstream out;
  {
    WatchView watch(out, {.is_terminal = true, .columns = 80}, false);
    watch.draw(kText, kHole, kFirst);
    watch.draw(kText, kHole, kSecond);
  }
  test::expect_golden("watch_on_a_terminal", out.str());
}

TEST(WatchView, ShowsTheCursorAgainExactlyOnce) {
  std::ostringstream out;
  {
    WatchView watch(out, {.is_terminal = true}, true);
    watch.draw(kText, kHole, kFirst);
    watch.finish();
    EXPECT_TRUE(out.str().ends_with(kShowCursor));
    out.str("");
  }
  EXPECT_EQ(out.str(), "");
}

TEST(WatchView, LeavesATerminalAloneWhenNothingWasDrawn) {
  std::ostringstream out;
  {
    WatchView watch(out, {.is_terminal = true}, true);
  }
  EXPECT_EQ(out.str(), "");
}

struct RowsCase {
  const char* name;
  std::vector<int> widths;
  int columns;
  int rows;
};

const RowsCase kRows[] = {
    {"nothing", {}, 10, 0},
    {"an empty line takes a row", {0}, 10, 1},
    {"a full line takes one", {10}, 10, 1},
    {"a longer one takes two", {11}, 10, 2},
    {"together", {0, 5, 25}, 10, 5},
};

TEST(WatchView, CountsTheRowsThatLinesTake) {
  for (const RowsCase& c : kRows) {
    std::vector<DrawnLine> lines;
    for (int width : c.widths) lines.push_back({"", width});
    EXPECT_EQ(count_rows(lines, c.columns), c.rows) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::lsp
