#include "lsp/retrieval/copy_finder.h"

#include <cstdint>
#include <random>
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

std::vector<Draft> drafts_at(std::string_view marked, HoleKind kind, std::size_t max_bytes = 1024) {
  const auto [text, cursor] = parse_cursor(marked);
  return find_copies(
      {.text = text, .hole = {cursor, cursor}, .kind = kind, .max_bytes = max_bytes});
}

struct DraftCase {
  const char* name;
  HoleKind kind;
  std::string_view source;  // ^ is the hole
  std::string_view best;    // empty: no draft
};
constexpr DraftCase kCases[] = {
    {"the rest of a line that stands above", HoleKind::line,
     "value = compute(a, b)\nother()\nvalue = com^\n", "pute(a, b)"},
    {"the rest of a line that stands below", HoleKind::line,
     "value = com^\nother()\nvalue = compute(a, b)\n", "pute(a, b)"},
    {"the longer match wins", HoleKind::line, "aa.open(one)\nbb.open(two)\nbb.close()\nbb.open(^\n",
     "two)"},
    {"what follows decides between equals", HoleKind::line,
     "f(1)\nstop\nf(2)\ngo\nf(3)\nstop\nf(^\ngo\n", "2)"},
    {"of equals, what comes oftener", HoleKind::line, "x = one\na\nx = two\nb\nx = one\nc\nx = ^\n",
     "one"},
    {"of equals, the nearest", HoleKind::line, "1\nx = far\n2\nx = near\n3\nx = ^\n", "near"},
    {"the text behind the hole in its line stays", HoleKind::middle,
     "call(first, second);\ncall(^);\n", "first, second"},
    {"brackets close before the text behind the hole", HoleKind::middle, "g(f(a), b) + 1\ng(^)",
     "f(a), b"},
    {"a closer that was opened outside ends it", HoleKind::middle, "(f(a, b) + 1)\n(f(^ ;\n",
     "a, b"},
    {"a line at another depth", HoleKind::line,
     "if a:\n    if b:\n        total += price * count\n        next()\n\n"
     "for c in d:\n    total += ^\n    next()\n",
     "price * count"},
    {"a block comes at the depth of the hole", HoleKind::block,
     "while one:\n    read(x)\n    if x:\n        write(x)\n    done()\n\n"
     "def f():\n        while one:\n            ^\n        end()\n",
     "read(x)\n            if x:\n                write(x)\n            done()"},
    {"and moves to the left, too", HoleKind::block,
     "def f():\n        while one:\n            read(x)\n            write(x)\n        end()\n"
     "while one:\n    ^\nlast()\n",
     "read(x)\n    write(x)"},
    {"a block ends where the text behind the hole begins", HoleKind::block,
     "begin {\n  a();\n  b();\n  commit();\n}\nbegin {\n  ^\n  commit();\n}\n", "a();\n  b();"},
    {"a statement ends before the next one", HoleKind::statement,
     "start();\nif (a) {\n  b();\n}\nc();\nd();\nx\nstart();\n^\ny\n", "if (a) {\n  b();\n}"},
    {"a block goes on as long as lines are as deep", HoleKind::block,
     "  start();\n  if (a) {\n    b();\n  }\n  c();\nx\n  start();\n  ^y\n",
     "if (a) {\n    b();\n  }\n  c();"},
    {"a span between words", HoleKind::span, "return left + right - gap;\nreturn left ^- gap;\n",
     "+ right "},
    {"tabs stay tabs", HoleKind::block, "if a {\n\tb()\n\tc()\n}\n\t\tif a {\n\t\t\t^\n\t\t}\n",
     "b()\n\t\t\tc()"},
    {"line ends of two bytes stay", HoleKind::block,
     "do {\r\n  a();\r\n  b();\r\n}\r\nx\r\ndo {\r\n  ^\r\n}\r\n", "a();\r\n  b();"},
    {"letters of several bytes", HoleKind::line, "größe = maß(ä)\nx\ngröße = ^\n", "maß(ä)"},
    {"nothing repeats", HoleKind::line, "abc ^\n", ""},
    {"an empty file", HoleKind::line, "^", ""},
    {"only blanks follow", HoleKind::line, "x = \ny\nx = ^\n", ""},
    {"at the end of the file", HoleKind::line, "let a = f(1)\nlet b = 2\nlet a = ^", "f(1)"},
};

TEST(CopyFinder, Cases) {
  for (const DraftCase& c : kCases) {
    const std::vector<Draft> drafts = drafts_at(c.source, c.kind);
    EXPECT_EQ(drafts.empty() ? std::string() : drafts.front().text, c.best) << c.name;
  }
}

TEST(CopyFinder, SaysHowWellADraftMatches) {
  const std::vector<Draft> drafts =
      drafts_at("zz foo(bar);\nend;\n..\nyy foo(^\nend;\n", HoleKind::line);
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "bar);");
  EXPECT_EQ(drafts[0].copy->before, std::string_view(" foo(").size());
  // The line end, the indentation of the next line, its text and its line end.
  EXPECT_EQ(drafts[0].copy->after, std::string_view("\n>end;\n").size());
  EXPECT_EQ(drafts[0].copy->seen, 1U);
  EXPECT_EQ(drafts[0].source, (ByteRange{7, 12}));
}

TEST(CopyFinder, GivesOthersBehindTheBest) {
  const auto [text, cursor] = parse_cursor("f(1)\na\nf(2)\nb\nf(3)\nc\nf(1)\nd\nf(^\n");
  DraftRequest request{.text = text, .hole = {cursor, cursor}, .max_drafts = 2};
  const std::vector<Draft> drafts = find_copies(request);
  ASSERT_EQ(drafts.size(), 2U);
  EXPECT_EQ(drafts[0].text, "1)");
  EXPECT_EQ(drafts[0].copy->seen, 2U);
  EXPECT_EQ(drafts[1].text, "3)");
  request.max_drafts = 0;
  EXPECT_TRUE(find_copies(request).empty());
}

TEST(CopyFinder, LooksIntoOtherFiles) {
  const auto [text, cursor] = parse_cursor("def b():\n    total = add(^\n    return total\n");
  const std::vector<std::string> neighbours = {"x\n",
                                               "def a():\n  total = add(one, 2)\n  return total\n"};
  const DraftRequest request{.text = text, .hole = {cursor, cursor}, .neighbours = neighbours};
  const std::vector<Draft> drafts = find_copies(request);
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "one, 2)");
  ASSERT_EQ(drafts[0].neighbour, 1U);
  EXPECT_EQ(neighbours[1].substr(drafts[0].source.begin, drafts[0].source.size()), "one, 2)");
}

TEST(CopyFinder, OfEqualsTheOwnFileIsNearerThanAnother) {
  const auto [text, cursor] = parse_cursor("f(own)\nf(^\n");
  const std::vector<std::string> neighbours = {"f(one)\nf(", "f(two)\nf("};
  const DraftRequest request{.text = text, .hole = {cursor, cursor}, .neighbours = neighbours};
  const std::vector<Draft> drafts = find_copies(request);
  ASSERT_EQ(drafts.size(), 3U);
  EXPECT_EQ(drafts[1].neighbour, 0U);
  EXPECT_FALSE(drafts[0].neighbour) << drafts[0].text;
  EXPECT_EQ(drafts[0].text, "own)");
}

TEST(CopyFinder, MovesWhatIsFoundElsewhereToTheDepthOfTheHole) {
  const auto [text, cursor] = parse_cursor("class A:\n    def open(self):\n        ^\n");
  const std::vector<std::string> neighbours = {
      "def open(self):\n    if self.ready:\n        return 1\n    return 0\n\n\nx = 1\n"};
  const DraftRequest request{
      .text = text, .hole = {cursor, cursor}, .kind = HoleKind::block, .neighbours = neighbours};
  const std::vector<Draft> drafts = find_copies(request);
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "if self.ready:\n            return 1\n        return 0");
}

TEST(CopyFinder, LooksAwayFromWhatStandsInTheHole) {
  const std::string text = "x = one\nx = two\nx = ????\n";
  const std::size_t begin = text.find("????");
  const std::vector<Draft> drafts = find_copies({.text = text, .hole = {begin, begin + 4}});
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "two");
  for (const Draft& draft : drafts) EXPECT_EQ(draft.text.find('?'), std::string::npos);
}

TEST(CopyFinder, KeepsWithinTheLengthThatIsAllowed) {
  std::string source = "open\n";
  for (int i = 0; i < 200; ++i) source += "  line " + std::to_string(i) + "\n";
  const std::vector<Draft> drafts = drafts_at(source + "open\n  ^", HoleKind::block, 100);
  ASSERT_FALSE(drafts.empty());
  for (const Draft& draft : drafts) EXPECT_LE(draft.source.size(), 101U);
}

TEST(CopyFinder, HoldsItsPromisesForAnyText) {
  test::expect_drafts_of_any_text(
      {"a", "b", "(", ")", " ", "\n", "\n    ", "\r\n", "\t", "ä", "日", "{\n", "}"}, find_copies,
      [](const DraftRequest& request, const std::vector<Draft>& drafts, std::size_t i) {
        EXPECT_GE(drafts[i].copy->before, request.least_before);
      });
}

void expect_longest_match(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t i = 0; i < 40; ++i) text += static_cast<char>('a' + random() % 2);
    const std::size_t hole = 20 + random() % 10;
    std::size_t longest = 0;
    std::size_t certain = 0;  // the longest in front of text that cannot touch the hole
    for (std::size_t place = 1; place < text.size(); ++place) {
      if (place == hole) continue;
      const std::size_t first = place < hole ? 0 : hole;
      std::size_t length = 0;
      while (length < hole && length < place - first &&
             text[place - 1 - length] == text[hole - 1 - length])
        ++length;
      if (place < hole && length == place) ++length;  // the indentation of the first line
      longest = std::max(longest, length);
      if (place + 1 != hole) certain = std::max(certain, length);
    }
    const std::vector<Draft> drafts =
        find_copies({.text = text, .hole = {hole, hole}, .kind = HoleKind::line, .max_drafts = 64});
    if (certain < 3) continue;
    ASSERT_FALSE(drafts.empty()) << text << " at " << hole;
    // The first of many is valued by both of its matches, and has at least the longest one's value.
    EXPECT_GE(drafts[0].copy->before + drafts[0].copy->after, certain) << text << " at " << hole;
    for (const Draft& draft : drafts)
      EXPECT_LE(draft.copy->before, longest) << text << " at " << hole;
  }
}

/// The Z algorithm against comparing byte by byte, where no line has an indentation.
TEST(CopyFinder, FindsTheLongestMatchThereIs) {
  // In the first of them a run of one letter reaches the hole.
  for (const std::uint64_t seed : {std::uint64_t{919737319}, std::uint64_t{std::random_device{}()}})
    expect_longest_match(seed);
}

TEST(CopyFinder, EndsSoonInATextThatRepeatsItselfAllOver) {
  for (const char letter : {'0', '\n', '(', '\t'}) {
    const std::string text(300'000, letter);
    for (const HoleKind kind : {HoleKind::line, HoleKind::block})
      EXPECT_LE(find_copies({.text = text, .hole = {150'000, 150'000}, .kind = kind}).size(), 3U);
  }
}

}  // namespace
}  // namespace inpaint::lsp
