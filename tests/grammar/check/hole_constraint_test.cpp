#include "grammar/check/hole_constraint.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"

namespace inpaint::grammar {
namespace {

constexpr PromiseLimits kUnhurried{std::chrono::hours(1), std::chrono::hours(1)};
constexpr HoleKind kLine = HoleKind::line;
constexpr HoleKind kBlock = HoleKind::block;
constexpr HoleKind kStatement = HoleKind::statement;

/// The constraint of the hole that is planned at the ^.
HoleConstraint constraint_at(const char* language, const char* source,
                             std::optional<HoleKind> kind = std::nullopt) {
  const CursorText file = parse_cursor(source);
  const Language* found = language_by_name(language);
  std::optional<SyntaxTree> tree;
  if (found != nullptr) tree = SyntaxTree::parse(*found, file.text);
  const HolePlan plan = plan_hole({.text = file.text,
                                   .cursor = file.cursor,
                                   .language = found,
                                   .tree = tree ? &*tree : nullptr,
                                   .kind = kind});
  return {found, file.text, plan, tree ? &*tree : nullptr, std::nullopt, kUnhurried};
}

struct AdmitCase {
  const char* name;
  const char* language;
  const char* source;
  const char* left;  // what is decoded at the left edge
  bool admitted;
};

const AdmitCase kAdmit[] = {
    {"text", "c", "int x = f(a, ^);\n", "b + g(", true},
    {"a bracket that the fill opened", "c", "int x = f(a, ^);\n", "g(b)", true},
    {"a bracket that the line closes", "c", "int x = f(a, ^);\n", "b)", false},
    {"where the line does not", "c", "int x = f(a, ^\nint y;\n", "b)", true},
    {"one too many there", "c", "int x = f(a, ^\nint y;\n", "b))", false},
    {"one of two that are open", "python", "x = f(g(a^)\n", ")", true},
    {"but not both", "python", "x = f(g(a^)\n", "))", false},
    {"a bracket that does not fit", "rust", "fn f() { g(^); }\n", "[a)", false},
    {"one that fits nothing around", "python", "x = [^]\n", "a)", false},
    {"in a string it is text", "javascript", "f(^);\n", "')", true},
    {"in a comment too", "javascript", "f(^\n);\n", "a, // )]}", true},
    {"a string that the text before has open", "python", "f('a^')\n", "b)", true},
    {"what is not understood is not judged", "tsx", "<p>don't (\n{f(^)}\n", "a]", true},
    {"a line end in one line", "go", "x := ^\n", "a\n", false},
    {"a line end in a body", "go", "func f() {\n\t^\n}\n", "\ta()\n", true},
    {"a body of Python that is not indented", "python", "def f():\n    ^\n", "return", false},
    {"one that is", "python", "def f():\n    ^\n", "    return", true},
    {"while it is only white space", "python", "def f():\n    ^\n", "  ", true},
    {"a comment may stand anywhere", "python", "def f():\n    ^\n", "# no", true},
    {"a level that there was not", "python", "def f():\n    ^\n", "    if x:\n        y\n      z",
     false},
    {"deeper without a colon", "python", "def f():\n    ^\n", "    x\n        y", false},
    {"deeper inside of brackets", "python", "def f():\n    ^\n", "    x = g(\n            y,\n  z)",
     true},
    {"a line of a triple quote", "python", "def f():\n    ^\n", "    \"\"\"a\nb\"\"\"", true},
    {"a first half of a word", "cpp", "int f() {\n  ^\n}\n", "  ret", true},
    {"no language", "none", "f(^)\n", "a))", false},
};

TEST(HoleConstraint, Admits) {
  for (const AdmitCase& c : kAdmit) {
    HoleConstraint constraint = constraint_at(c.language, c.source);
    const std::optional<std::string_view> gap[] = {std::string_view(c.left), std::nullopt};
    EXPECT_EQ(constraint.admits(gap), c.admitted) << c.name;
  }
}

TEST(HoleConstraint, OnlyWhatStandsBeforeTheFirstGapCounts) {
  HoleConstraint constraint = constraint_at("c", "int x = f(a, ^);\n");
  using Piece = std::optional<std::string_view>;
  EXPECT_TRUE(constraint.admits(std::vector<Piece>{}));
  EXPECT_TRUE(constraint.admits(std::vector<Piece>{std::nullopt, "b)"}));
  EXPECT_TRUE(constraint.admits(std::vector<Piece>{"b", std::nullopt, "))"}));
  EXPECT_FALSE(constraint.admits(std::vector<Piece>{"b", ")", std::nullopt}));
  EXPECT_FALSE(constraint.admits(std::vector<Piece>{"b)"}));
  EXPECT_FALSE(constraint.admits(std::vector<Piece>{"b)", std::nullopt}));
}

struct WholeCase {
  const char* name;
  const char* language;
  const char* source;
  const char* fill;
  bool may_end;  // it may always go on
};

const WholeCase kWholes[] = {
    {"what the text behind goes on with", "c", "int x = f(a^;\nint y;\n", ", b)", true},
    {"half of it", "c", "int x = f(a^;\nint y;\n", ", ", false},
    {"a bracket that the next line finds open", "python", "x = f(a^\ny = 1\n", ", b", false},
    {"an operator without its right side", "javascript", "let x = a ^;\nlet y;\n", "+", false},
    {"nothing where something must be", "go", "package p\n\nvar x = ^\nvar y = 2\n", "", false},
    {"a place that is lost says nothing", "c", "int a = );\nint x = f(a^;\nint y;\n", ", ", true},
};

TEST(HoleConstraint, AFillMayNotEndWhereTheTextBehindIsCertainNotToFit) {
  for (const WholeCase& c : kWholes) {
    using Piece = std::optional<std::string_view>;
    HoleConstraint constraint = constraint_at(c.language, c.source);
    EXPECT_EQ(constraint.admits(std::vector<Piece>{c.fill}), c.may_end) << c.name;
    EXPECT_TRUE(constraint.admits(std::vector<Piece>{c.fill, std::nullopt})) << c.name;
  }
}

struct EndCase {
  const char* name;
  const char* language;
  const char* source;
  std::optional<HoleKind> kind;
  const char* text;  // | where the fill ends; none: it is still inside
};

const EndCase kEnds[] = {
    {"a line at its end", "c", "int x = ^\n", {}, "1;|\nint y;"},
    {"with a carriage return", "c", "int x = ^\r\n", {}, "1;|\r\nint y;"},
    {"a line that ends behind a backslash", "c", "#define A ^\n", {}, "1 \\|\n  + 2"},
    {"a line of a block comment", "c", "/* a ^\n */\n", {}, "b|\n * c"},
    {"an argument before the bracket", "c", "int x = f(^);\n", {}, "g(a)|);\n"},
    {"an argument before the next", "go", "x := f(a, ^)\n", {}, "g(b, c)|, d)"},
    {"a lambda has commas", "python", "f(^)\n", {}, "lambda a, b: a"},
    {"an expression before the semicolon", "java", "int x = ^;\n", HoleKind::expression,
     "a[1]|;\n"},
    {"a middle before its bracket", "javascript", "f(a ^+ b);\n", {}, "* c|);"},
    {"a body before its brace", "c", "int f() {\n^\n}\n", {}, "  g();\n  return 1;|\n}\n\nint h()"},
    {"a body with bodies", "rust", "fn f() {\n^\n}\n", {}, "    if a {\n        b();\n    }"},
    {"a body in one line", "java", "class A { void f() {^} }\n", kBlock, " g(); |} }"},
    {"a body that must close itself", "go", "func f() {^\n", {}, "\n\tg()\n}|\n\nfunc h() {"},
    {"a body of Python",
     "python",
     "def f():\n^\nx = 1\n",
     {},
     "    a\n    if b:\n        c|\n\nx = 1"},
    {"its comment at the margin", "python", "def f():\n^\n", {}, "    a\n# b\n    c"},
    {"a body of an inner level",
     "python",
     "class A:\n    def f(self):\n^\n",
     {},
     "        a\n        b|\n\n    def g(self):"},
    {"a statement", "c", "int f() {\n  ^\n}\n", kStatement, "  g();|\n  h();"},
    {"an if with its else", "c", "int f() {\n  ^\n}\n", kStatement,
     "  if (a) {\n    b();\n  } else {\n    c();\n  }|\n  d();"},
    {"an else that is only begun", "java", "void f() {\n  ^\n}\n", kStatement,
     "  if (a) {\n  }\n  el"},
    {"a loop's head is no statement", "cpp", "void f() {\n  ^\n}\n", kStatement,
     "  for (int i = 0; i < 3; ++i) g();|\n  h();"},
    {"a statement by its line", "python", "x = 1\n^\n", kStatement, "f(1,\n  2)|\ng()"},
    {"a compound one", "python", "x = 1\n^\n", kStatement, "if a:\n    b\nelse:\n    c|\nd = 1"},
    {"a statement of Go", "go", "func f() {\n\t^\n}\n", kStatement, "\tx := g(1)|\n\ty := 2"},
    {"a chain of calls", "javascript", "function f() {\n  ^\n}\n", kStatement,
     "  a\n    .b()\n    .c();|\n  d();"},
    {"a span by the bracket around it", "cpp", "void f() {\n  g();^\n}\n", HoleKind::span,
     "\n  h();|\n}\nint x;"},
};

TEST(HoleConstraint, EndsAt) {
  for (const EndCase& c : kEnds) {
    std::string text = c.text;
    const std::size_t bar = text.find('|');
    if (bar != std::string::npos) text.erase(bar, 1);
    const auto end = constraint_at(c.language, c.source, c.kind).ends_at(text);
    EXPECT_EQ(end.value_or(std::string::npos), bar) << c.language << ": " << c.name;
  }
}

TEST(HoleConstraint, AGoodFillIsAccepted) {
  HoleConstraint constraint = constraint_at("c", "int x = f(a, ^);\n");
  EXPECT_EQ(constraint.review("g(b)").verdict, Review::Verdict::accept);
  EXPECT_EQ(constraint.review("").verdict, Review::Verdict::cut) << "an argument is missing";
}

TEST(HoleConstraint, RegionsGrowWithEachRemaskAndThenTheFillIsCut) {
  const std::string fill = "  a();\n  b();\n  c(;\n  d();\n";
  HoleConstraint constraint = constraint_at("c", "int f() {\n^\n}\n");
  std::size_t begin = fill.size();
  for (int i = 0; i < 3; ++i) {
    const Review review = constraint.review(fill);
    ASSERT_EQ(review.verdict, Review::Verdict::remask);
    ASSERT_EQ(review.ranges.size(), 1U);
    EXPECT_LT(review.ranges[0].begin, begin);
    EXPECT_GE(review.ranges[0].end, fill.find(";\n  d"));
    begin = review.ranges[0].begin;
  }
  EXPECT_EQ(begin, 0U);
  const Review last = constraint.review(fill);
  ASSERT_EQ(last.verdict, Review::Verdict::cut);
  EXPECT_EQ(fill.substr(0, last.cut_at), "  a();\n  b();");
}

TEST(HoleConstraint, WhatOnlyRepeatsTheTextBehindIsCutOff) {
  HoleConstraint constraint = constraint_at("rust", "fn f() {\n^\n}\n");
  const std::string fill = "    g();\n}\n\nfn h() {";
  const Review review = constraint.review(fill);
  ASSERT_EQ(review.verdict, Review::Verdict::cut);
  EXPECT_EQ(fill.substr(0, review.cut_at), "    g();");
}

TEST(HoleConstraint, NothingIsLeftOfAFillThatNeverHolds) {
  HoleConstraint constraint = constraint_at("javascript", "f(^);\n");
  Review review = constraint.review("]");
  while (review.verdict == Review::Verdict::remask) review = constraint.review("]");
  EXPECT_EQ(review.verdict, Review::Verdict::cut);
  EXPECT_EQ(review.cut_at, 0U);
}

TEST(HoleConstraint, WithoutALanguageEveryWholeFillIsAccepted) {
  HoleConstraint constraint = constraint_at("none", "a ^\n");
  EXPECT_EQ(constraint.review("b c").verdict, Review::Verdict::accept);
  EXPECT_EQ(constraint.ends_at("b\nc"), std::size_t{1});
}

TEST(HoleConstraint, AMeasurementTimesTheViablePrefixOrLeavesItOut) {
  HoleConstraint constraint = constraint_at("python", "def f(a):\n    return ^\n");
  using Piece = std::optional<std::string_view>;
  const std::vector<Piece> refused{"a b ",
                                   std::nullopt};  // no bracket is wrong, but the grammar is
  EXPECT_FALSE(constraint.admits(refused));
  const auto timed = std::make_shared<PrefixTrial>();
  constraint.measure(timed);
  EXPECT_FALSE(constraint.admits(refused));
  EXPECT_GT(timed->taken.count(), 0);
  const auto without = std::make_shared<PrefixTrial>(PrefixTrial{.asked = false});
  constraint.measure(without);
  EXPECT_TRUE(constraint.admits(refused));
  EXPECT_EQ(without->taken.count(), 0);
  constraint.measure(nullptr);
  EXPECT_FALSE(constraint.admits(refused));
}

TEST(HoleConstraint, MayBeMovedToWhoeverDecodes) {
  HoleConstraint first = constraint_at("c", "int x = f(a, ^);\n");
  HoleConstraint second = std::move(first);
  EXPECT_EQ(second.review("b").verdict, Review::Verdict::accept);
  EXPECT_EQ(second.ends_at("b);"), std::size_t{1});
}

}  // namespace
}  // namespace inpaint::grammar
