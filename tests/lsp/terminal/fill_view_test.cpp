#include "lsp/terminal/fill_view.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/golden.h"

namespace inpaint::lsp {
namespace {

using test::mask;
using test::set_token;
using Tokens = std::vector<engine::SpanToken>;

/// `marked` holds the hole as [[ ]]; the picture is one string, lines ended.
std::string picture(std::string marked, Tokens tokens, bool color = false, int context_lines = 1) {
  const std::size_t begin = marked.find("[[");
  marked.erase(begin, 2);
  const std::size_t end = marked.find("]]");
  marked.erase(end, 2);
  std::string drawn;
  for (const DrawnLine& line : draw_fill({.text = marked,
                                          .hole = {begin, end},
                                          .tokens = std::move(tokens),
                                          .context_lines = context_lines,
                                          .color = color})) {
    drawn += line.text + "\n";
  }
  return drawn;
}

struct PictureCase {
  const char* name;
  const char* source;
  Tokens tokens;
  const char* expect;
};

const PictureCase kPictures[] = {
    {"the fill stands in its line",
     "a\nx = [[]]\nb\nc",
     {set_token("1", 0.9F)},
     "1 | a\n2 | x = [[1]]\n3 | b\n"},
    {"what it replaces is not shown",
     "a\n[[    ]]\nb",
     {set_token("  y", 0.9F)},
     "1 | a\n2 | [[  y]]\n3 | b\n"},
    {"masks are shown", "f([[]])", {set_token("a", 0.9F), mask(), mask()}, "1 | f([[a░░]])\n"},
    {"an empty fill of an empty file", "[[]]", {}, "1 | [[]]\n"},
    {"several lines are numbered on",
     "a\n[[]]\nb",
     {set_token("x\n", 0.9F), set_token("y", 0.9F)},
     "1 | a\n2 | [[x\n3 | y]]\n4 | b\n"},
    {"the gutter is as wide as the last number",
     "1\n2\n3\n4\n5\n6\n7\n8\n9[[]]\n10",
     {},
     " 8 | 8\n 9 | 9[[]]\n10 | 10\n"},
    {"CRLF draws no carriage return", "a\r\nb[[]]\r\nc\r\n", {}, "1 | a\n2 | b[[]]\n3 | c\n"},
    {"a byte order mark is not drawn",
     "\xEF\xBB\xBF"
     "a[[]]",
     {},
     "1 | a[[]]\n"},
    {"tabs go to the next stop of the text", "\ta\tb[[]]", {}, "1 |     a   b[[]]\n"},
    {"a character of two tokens is drawn once",
     "[[]]",
     {set_token("\xE2\x82", 0.9F), set_token("\xAC!", 0.2F)},
     "1 | [[€!]]\n"},
    {"one that is not finished is drawn as such",
     "[[]]",
     {set_token("\xE2\x82", 0.9F), mask()},
     "1 | [[\uFFFD\uFFFD░]]\n"},
    {"escape sequences are drawn, not obeyed",
     "\x1b[31m[[]]\x07",
     {set_token("\x1b]0;x\x7F", 0.9F)},
     "1 | ␛[31m[[␛]0;x␡]]␇\n"},
    {"controls beyond ASCII neither",
     "a[[]]",
     {set_token("\u009B1m\u202E", 0.9F)},
     "1 | a[[\uFFFD1m\uFFFD]]\n"},
};

TEST(FillView, DrawsTheFillInItsPlace) {
  for (const PictureCase& c : kPictures) EXPECT_EQ(picture(c.source, c.tokens), c.expect) << c.name;
}

TEST(FillView, ShadesTokensByConfidence) {
  test::expect_golden("fill_in_colour",
                      picture("def area(r):\n    return [[]]\n\nprint(area(2))\n",
                              {set_token("3", 0.95F), set_token(".14", 0.8F), set_token(" *", 0.6F),
                               set_token(" r", 0.4F), set_token(" **", 0.1F), mask()},
                              true, 4));
}

TEST(FillView, ShadesACharacterByTheTokenThatBeganIt) {
  EXPECT_EQ(draw_tokens({set_token("\xE2\x82", 0.1F), set_token("\xAC", 0.95F)}, true),
            draw_tokens({set_token("€", 0.1F)}, true));
}

TEST(FillView, KnowsHowWideItDraws) {
  const auto lines =
      draw_fill({.text = "日本\t", .hole = {6, 6}, .tokens = {set_token("e\u0301", 1.0F)}});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].width, 4 + 4 + 2 + 1 + 2 + 3);  // "1 | ", two wide, [[, e, ]], the tab
}

TEST(FillView, PutsTokensOnOneLine) {
  EXPECT_EQ(draw_tokens({set_token("a\n\tb", 0.9F), mask(), set_token("c\r\n", 0.9F)}, false),
            "a↵ b░c↵");
  EXPECT_EQ(on_one_line("x\ny\x1b"), "x↵y␛");
}

struct CutCase {
  const char* name;
  Tokens tokens;
  const char* text;
  Tokens expect;
};

const CutCase kCuts[] = {
    {"all",
     {set_token("ab", 1), set_token("c", 1)},
     "abc",
     {set_token("ab", 1), set_token("c", 1)}},
    {"in a token", {set_token("ab", 1), set_token("c", 1)}, "a", {set_token("a", 1)}},
    {"between two", {set_token("ab", 1), set_token("c", 1)}, "ab", {set_token("ab", 1)}},
    {"nothing", {set_token("ab", 1)}, "", {}},
};

TEST(FillView, CutsTokensToTheText) {
  for (const CutCase& c : kCuts) {
    const Tokens cut = cut_tokens(c.tokens, c.text);
    ASSERT_EQ(cut.size(), c.expect.size()) << c.name;
    for (std::size_t i = 0; i < cut.size(); ++i) EXPECT_EQ(cut[i].text, c.expect[i].text) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::lsp
