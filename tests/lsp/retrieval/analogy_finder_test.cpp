#include "lsp/retrieval/analogy_finder.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"
#include "tests/lsp/retrieval/drafts_of_any_text.h"

namespace inpaint::lsp {
namespace {

using grammar::HoleKind;
using grammar::parse_cursor;

struct AnalogyCase {
  const char* name;
  HoleKind kind;
  std::string_view source;  // ^ is the hole
  std::string_view best;    // empty: no draft
};
constexpr AnalogyCase kCases[] = {
    {"a field after another", HoleKind::line,
     "self.width = width\nself.height = height\nself.depth = ^\n", "depth"},
    {"the first of two lines tells what the second is", HoleKind::line,
     "test(\"one\", () => {\n  check(one);\n});\ntest(\"two\", () => {\n  check(^\n});\n", "two);"},
    {"a name inside of names", HoleKind::line,
     "int getWidth() { return width_; }\nint getHeight() { ^\n", "return height_; }"},
    {"capitals and snake case", HoleKind::line,
     "#define MAX_WIDTH max_width()\n#define MAX_HEIGHT ^\n", "max_height()"},
    {"a word that has begun", HoleKind::line,
     "self.width = width\nself.height = height\nself.depth = de^\n", "pth"},
    {"a word that has begun otherwise", HoleKind::line, "self.width = width\nself.depth = no^\n",
     ""},
    {"numbers count as names", HoleKind::line, "case 1: return one(1);\ncase 2: return ^\n",
     "one(2);"},
    {"a place behind the hole", HoleKind::line,
     "one(1);\nset(^\nx();\n\none(2);\nset(b, get(b));\nx();\n", "b, get(b));"},
    {"what stands behind the hole in its line stays", HoleKind::middle,
     "add(left, size(left));\nadd(right, ^);\n", "size(right)"},
    {"a word that goes on behind the hole", HoleKind::span,
     "a = f(one_size);\nb = f(^_size);\nc = f(two_size);\n", "two"},
    {"the body of a function", HoleKind::block,
     "def is_red(self):\n    if self.red:\n        return RED\n    return None\n\n"
     "def is_blue(self):\n    ^\n\nx = 1\n",
     "if self.blue:\n        return BLUE\n    return None"},
    {"at another depth", HoleKind::block,
     "def is_red(self):\n    if self.red:\n        return RED\n    return None\n\n"
     "class A:\n    def is_blue(self):\n        ^\n\nx = 1\n",
     "if self.blue:\n            return BLUE\n        return None"},
    {"a hole that has the white space of its line", HoleKind::block,
     "  if (red) {\n    paint(red);\n    done();\n  }\n  if (blue) {\n^\n  }\n",
     "    paint(blue);\n    done();"},
    {"line ends of two bytes", HoleKind::block,
     "if (red) {\r\n  paint(red);\r\n  done();\r\n}\r\nif (blue) {\r\n  ^\r\n}\r\n",
     "paint(blue);\r\n  done();"},
    {"a name that would become two others", HoleKind::line, "f(a, a) = a\nf(b, c) = ^\n", "c"},
    {"keywords are not renamed", HoleKind::line, "return one(1)\nclass ^\n", ""},
    {"nothing alike", HoleKind::line, "a b\n(c ^\n", ""},
    {"an empty file", HoleKind::line, "^", ""},
};

std::vector<Draft> analogies_at(std::string_view marked, HoleKind kind) {
  const auto [text, cursor] = parse_cursor(marked);
  return find_analogies({.text = text,
                         .hole = {cursor, cursor},
                         .kind = kind,
                         .language = grammar::language_by_name("python")});
}

TEST(AnalogyFinder, Cases) {
  for (const AnalogyCase& c : kCases) {
    const std::vector<Draft> drafts = analogies_at(c.source, c.kind);
    EXPECT_EQ(drafts.empty() ? std::string() : drafts.front().text, c.best) << c.name;
  }
}

TEST(AnalogyFinder, EndsInFrontOfALineAsDeepAsTheOneBehindTheHole) {
  const std::vector<Draft> drafts = analogies_at(
      "function isRed(color) {\n  if (color.kind === 'red') {\n    return color.red > 0;\n  }\n"
      "  return false;\n}\n\nfunction isBlue(color) {\n^\n}\n",
      HoleKind::block);
  EXPECT_TRUE(std::ranges::count(
      drafts, "  if (color.kind === 'blue') {\n    return color.blue > 0;\n  }\n  return false;",
      &Draft::text));
}

TEST(AnalogyFinder, SaysHowAlikeThePlaceIs) {
  const std::vector<Draft> drafts =
      analogies_at("x; self.width = width;\nself.depth = ^;\n", HoleKind::middle);
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "depth");
  ASSERT_TRUE(drafts[0].analogy);
  EXPECT_FALSE(drafts[0].copy);
  EXPECT_EQ(drafts[0].analogy->equal, 5U) << "self . and an equals sign between blanks";
  EXPECT_EQ(drafts[0].analogy->renamed, 1U);
  EXPECT_EQ(drafts[0].analogy->changed, 1U);
  EXPECT_EQ(drafts[0].analogy->seen, 1U);
  EXPECT_EQ(drafts[0].analogy->after, 3U) << "the semicolon, and half of a line end";
  EXPECT_EQ(drafts[0].source, (ByteRange{16, 21}));
}

TEST(AnalogyFinder, LooksIntoOtherFiles) {
  const auto [text, cursor] = parse_cursor("void draw_circle(Circle c) {\n  ^\n}\n");
  const std::vector<std::string> neighbours = {
      "x\n", "void draw_square(Square c) {\n  draw(square_of(c));\n}\n"};
  const std::vector<Draft> drafts = find_analogies(
      {.text = text, .hole = {cursor, cursor}, .kind = HoleKind::block, .neighbours = neighbours});
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "draw(circle_of(c));");
  EXPECT_EQ(drafts[0].neighbour, 1U);
}

TEST(AnalogyFinder, LooksAwayFromWhatStandsInTheHole) {
  const std::string text = "a.one = one\na.two = ????\n";
  const std::size_t begin = text.find("????");
  const std::vector<Draft> drafts = find_analogies({.text = text, .hole = {begin, begin + 4}});
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "two");
}

TEST(AnalogyFinder, HoldsItsPromisesForAnyText) {
  test::expect_drafts_of_any_text(
      {"a", "b", "aB", "1", "(", ")", " ", "\n", "\n    ", "\r\n", "\t", "ä", "日", "{\n", "}", "_",
       "\r"},
      find_analogies, [](const DraftRequest&, const std::vector<Draft>& drafts, std::size_t i) {
        ASSERT_TRUE(drafts[i].analogy);
        EXPECT_GE(drafts[i].analogy->equal + drafts[i].analogy->renamed, 3U);
        EXPECT_GE(drafts[i].probability, 0.0);
        EXPECT_LE(drafts[i].probability, i == 0 ? 1.0 : drafts[i - 1].probability);
      });
}

TEST(AnalogyFinder, EndsSoonInATextThatRepeatsItselfAllOver) {
  for (const std::string_view piece : {"0", "\n", "(", "a ", "a.b\n"}) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    for (const HoleKind kind : {HoleKind::line, HoleKind::block})
      EXPECT_LE(find_analogies({.text = text, .hole = {50'000, 50'000}, .kind = kind}).size(), 3U);
  }
}

}  // namespace
}  // namespace inpaint::lsp
