#include "lsp/completion/text_fit.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct StyleCase {
  const char* name;
  const char* text;
  LineStyle expect;
};

const StyleCase kStyles[] = {
    {"nothing to see", "", {"\n", false, 4}},
    {"four spaces", "a:\n    b\n    c\n", {"\n", false, 4}},
    {"two spaces", "a {\n  b {\n    c\n  }\n}\n", {"\n", false, 2}},
    {"three spaces", "a\n   b\n      c\n", {"\n", false, 3}},
    {"tabs", "a {\n\tb\n\tc\n}\n", {"\n", true, 4}},
    {"mostly tabs", "a\n\tb\n\tc\n    d\n", {"\n", true, 4}},
    {"carriage returns", "a\r\n  b\r\n", {"\r\n", false, 2}},
    {"one stray carriage return", "a\r\nb\nc\nd\n", {"\n", false, 4}},
    {"a comment's star is no level", "a\n  b\n/*\n * c\n */\n/*\n * d\n */\n", {"\n", false, 2}},
};

TEST(TextFit, ReadsTheStyleOfTheBuffer) {
  for (const StyleCase& c : kStyles) EXPECT_EQ(line_style(c.text, 0), c.expect) << c.name;
}

struct InStyleCase {
  const char* name;
  const char* fill;
  LineStyle style;
  HoleEdges edges;
  const char* expect;
};

const InStyleCase kInStyle[] = {
    {"one line stays", "a + b", {}, {false, false}, "a + b"},
    {"white space at its end goes", "a + b  ", {}, {false, false}, "a + b"},
    {"but not in front of text", "a, ", {}, {false, true}, "a, "},
    {"at every line end", "a  \n    b\t\n", {}, {false, false}, "a\n    b\n"},
    {"line ends as in the buffer", "a\n  b\n", {"\r\n", false, 2}, {false, false}, "a\r\n  b\r\n"},
    {"and back", "a\r\n  b", {"\n", false, 2}, {false, false}, "a\n  b"},
    {"tabs where the buffer has tabs",
     "a {\n    b\n        c\n}",
     {"\n", true, 4},
     {false, false},
     "a {\n\tb\n\t\tc\n}"},
    {"spaces where it has spaces",
     "a:\n\tb\n\t\tc",
     {"\n", false, 2},
     {false, false},
     "a:\n  b\n    c"},
    {"odd indentation is kept", "f(a,\n  b)", {"\n", false, 4}, {false, false}, "f(a,\n  b)"},
    {"the first line's own white space is the text's",
     "\tb",
     {"\n", false, 4},
     {false, false},
     "\tb"},
    {"but where the hole begins the line it is the buffer's",
     "    b",
     {"\n", true, 4},
     {true, false},
     "\tb"},
    {"blank lines are empty", "a\n    \n    b", {}, {false, false}, "a\n\n    b"},
};

TEST(TextFit, WritesInTheStyleOfTheBuffer) {
  for (const InStyleCase& c : kInStyle)
    EXPECT_EQ(in_style(c.fill, c.style, c.edges), c.expect) << c.name;
}

struct OverlapCase {
  const char* name;
  const char* before;
  const char* fill;
  const char* behind;
  const char* expect;
};

const OverlapCase kOverlaps[] = {
    {"nothing is said twice", "x = ", "a + b", "\ny = 1\n", "a + b"},
    {"the next line", "    ", "a = 1\n    return total", "\n    return total\n", "a = 1"},
    {"the next two", "", "a\nfirst_line()\nsecond()\n", "\nfirst_line()\nsecond()\n", "a"},
    {"with other indentation", "", "a\n  return total", "\n    return total\n", "a"},
    {"a bracket alone tells nothing", "{\n", "f();\n}", "\n}\n", "f();\n}"},
    {"the first line is never taken away", "", "return total", "\nreturn total\n", "return total"},
    {"the rest of a word", "fun", "ction", "tion foo", "c"},
    {"all of it", "func", "tion", "tion", ""},
    {"a word that begins behind the cursor", "f(", "value", "value)", "value"},
    {"one letter is no overlap", "ab", "xc", "cd", "xc"},
    {"a word and what comes behind it", "item i", "s available for", "ble for sale\nx", "s availa"},
    {"the rest of the line", "f(", "a, second, third", ", second, third)\n", "a"},
    {"a closing bracket tells nothing", "f(", "g(a)", ")\n", "g(a)"},
    {"nor do many", "f(", "g(h(i(j(k(l(m(n(o))))))))", "))))))))\n", "g(h(i(j(k(l(m(n(o))))))))"},
    {"blanks tell nothing", "x", " = 1            ", "            \n", " = 1            "},
};

struct BodyCase {
  const char* name;
  const char* before;
  const char* fill;
  const char* expect;
};

const BodyCase kBodies[] = {
    {"a body as it should be", "def f():\n", "    a()\n    b()", "    a()\n    b()"},
    {"what comes behind it", "def f():\n", "    a()\n\ndef g():\n    b()", "    a()"},
    {"begun behind its colon", "def f():", "\n    a()\nb()", "\n    a()"},
    {"nothing but what comes behind it", "class A:\n  def f(self):\n", "\n\nclass B:\n", ""},
    {"below a docstring", "class A:\n    def f(self):\n        'Adds.'\n",
     "        a()\n    def g(self):\n", "        a()"},
    {"deeper lines stay", "def f():\n", "    if a:\n        b()\n    c()",
     "    if a:\n        b()\n    c()"},
    {"in a loop of a function", "def f():\n    for a in b:\n", "        c()\n    return a",
     "        c()"},
    {"nothing opens it", "x = 1\n", "y = 2\nz = 3", "y = 2\nz = 3"},
};

TEST(TextFit, StaysWithinTheBody) {
  for (const BodyCase& c : kBodies)
    EXPECT_EQ(within_body(c.fill, c.before, *grammar::language_by_name("python")), c.expect)
        << c.name;
}

TEST(TextFit, SaysNothingTwice) {
  for (const OverlapCase& c : kOverlaps)
    EXPECT_EQ(trim_suffix_overlap(c.fill, c.before, c.behind), c.expect) << c.name;
}

struct CircleCase {
  const char* name;
  const char* fill;
  const char* expect;
};

const CircleCase kCircles[] = {
    {"straight", "one_line()\ntwo()\nthree()", "one_line()\ntwo()\nthree()"},
    {"twice is allowed", "push(value)\npush(value)\n", "push(value)\npush(value)\n"},
    {"three times is not", "a\npush(value)\npush(value)\npush(value)\n", "a\npush(value)"},
    {"two lines in turn", "first(a)\nsecond(b)\nfirst(a)\nsecond(b)\nfirst(a)\nsecond(b)\n",
     "first(a)\nsecond(b)"},
    {"brackets may close three times", "  }\n }\n}\n", "  }\n }\n}\n"},
    {"empty", "", ""},
};

TEST(TextFit, DoesNotGoRoundInCircles) {
  for (const CircleCase& c : kCircles) EXPECT_EQ(without_circles(c.fill), c.expect) << c.name;
}

TEST(TextFit, KnowsTheLineOfANeighbour) {
  EXPECT_TRUE(repeats_neighbour("return total", "a\nreturn total\n", "\nb\n"));
  EXPECT_TRUE(repeats_neighbour("  return total", "a\n", "\n\n  return total\n"));
  EXPECT_TRUE(repeats_neighbour("return total", "a\nreturn total\n\n    ", "\nb\n"));
  EXPECT_FALSE(repeats_neighbour("return total", "b\n", "\nreturn other\n"));
  EXPECT_FALSE(repeats_neighbour("else:", "else:\n", "\n"));
  EXPECT_TRUE(repeats_neighbour("POSITION, top);", "set(POSITION, top);\nset(", "\n"));
  EXPECT_TRUE(repeats_neighbour("UV_0, uvs_top", "a\nset(", ");\nset(UV_0, uvs_top);\n"));
  EXPECT_FALSE(repeats_neighbour("NORMAL, top", "set(UV, top);\nset(", ");\n"));
  EXPECT_FALSE(repeats_neighbour("", "call(a);\ncall(a);", "\n"));
  EXPECT_FALSE(repeats_neighbour("section>", "    </section>\n  </", "\n"));
  EXPECT_FALSE(repeats_neighbour("each()", "endforeach()\nendfor", "\n"));
  EXPECT_FALSE(repeats_neighbour("0, 0, 0, 0, 0},", "{0, 0, 0, 0, 0, 0},\n{0, ", "\n"));
  EXPECT_FALSE(repeats_neighbour("value(total)", "value(total)\nx = ", "\n"))
      << "a part of a line may be a line elsewhere";
}

TEST(TextFit, AWordThatNoLanguageSaysTwiceIsKnown) {
  EXPECT_TRUE(repeats_word("const", "{\n  const "));
  EXPECT_TRUE(repeats_word("const x = 1;", "  const\t"));
  EXPECT_TRUE(repeats_word("return x;", "return "));
  EXPECT_FALSE(repeats_word("constant", "const ")) << "another word";
  EXPECT_FALSE(repeats_word("long x;", "long ")) << "some are said twice";
  EXPECT_FALSE(repeats_word("const x;", "const\n"));
  EXPECT_FALSE(repeats_word("if (x)", "else "));
  EXPECT_FALSE(repeats_word("new new", "renew")) << "a part of a word";
  EXPECT_FALSE(repeats_word("class-list", "class ")) << "the beginning of a name with a hyphen";
  EXPECT_FALSE(repeats_word("new\u00e9", "new "));
  EXPECT_FALSE(repeats_word("x", ""));
  EXPECT_FALSE(repeats_word("", "const "));
}

TEST(TextFit, ACommentWithoutWordsIsKnown) {
  const auto is_empty = [](const char* fill, const char* language) {
    return is_empty_comment(fill, grammar::language_by_name(language));
  };
  EXPECT_TRUE(is_empty("//", "cpp"));
  EXPECT_TRUE(is_empty("  /// ", "rust"));
  EXPECT_TRUE(is_empty("//------", "go"));
  EXPECT_TRUE(is_empty("#", "python"));
  EXPECT_FALSE(is_empty("# a", "python"));
  EXPECT_FALSE(is_empty("//", "python"));
  EXPECT_FALSE(is_empty("#", "cpp"));
  EXPECT_FALSE(is_empty("", "cpp"));
  EXPECT_FALSE(is_empty_comment("//", nullptr)) << "of a text without a grammar nothing is known";
}

}  // namespace
}  // namespace inpaint::lsp
