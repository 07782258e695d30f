#include "grammar/check/promise.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "grammar/base/text_edit.h"
#include "tests/grammar/hole/marked_text.h"

namespace inpaint::grammar {
namespace {

constexpr PromiseLimits kUnhurried{std::chrono::hours(1), std::chrono::hours(1)};

Promise promise_of(const char* language, const MarkedText& file, HoleKind kind,
                   std::optional<ErrorCount> before_opening = std::nullopt) {
  return {*language_by_name(language),
          file.text,
          file.range,
          kind,
          nullptr,
          before_opening,
          kUnhurried};
}

struct PromiseCase {
  const char* name;
  const char* language;
  HoleKind kind;
  const char* source;  // [[ ]] the hole; what is in it is replaced
  const char* fill;
  bool holds;
};

const PromiseCase kCases[] = {
    {"an argument", "c", HoleKind::argument, "int x = f(a, [[]]);\n", "b + 1", true},
    {"closing what the text behind closes", "c", HoleKind::argument, "int x = f(a, [[]]);\n", "b)",
     false},
    {"a bracket too many at a half-typed call", "c", HoleKind::line, "int x = f(a[[]]\nint y;\n",
     ", b));", false},
    {"the call ended", "c", HoleKind::line, "int x = f(a[[]]\nint y;\n", ", b);", true},
    {"the call left open", "c", HoleKind::line, "int x = f(a[[]]\nint y;\n", ", b", false},
    {"at the end of an unfinished file a line closes what it has opened", "typescript",
     HoleKind::line, "class Q {\n  pop() {\n    return f([[]]\n", "1);", true},
    {"and not less", "typescript", HoleKind::line, "class Q {\n  pop() {\n    return f([[]]\n",
     "1;", false},
    {"a condition", "cpp", HoleKind::line, "int f(int a) {\n  if [[]]\n", "(a) {", true},
    {"a condition lacks its bracket", "cpp", HoleKind::line, "int f(int a) {\n  if [[]]\n",
     "return a;", false},
    {"a loop lacks its bracket", "cpp", HoleKind::line, "int f(V a) {\n  for [[]]\n", "int i = 0;",
     false},
    {"a loop", "cpp", HoleKind::line, "int f(V a) {\n  for [[]]\n", "(auto& b : a) {", true},
    {"a condition in another language", "typescript", HoleKind::line, "f(a) {\n  if [[]]\n",
     "return a;", false},
    {"and lines to come close the rest", "typescript", HoleKind::line,
     "class Q {\n  pop() {\n    return [[]]\n", "this.items.shift();", true},
    {"of one function", "cpp", HoleKind::line, "int f() {\n  int a = [[]]", "g(1);", true},
    {"a loop that is opened", "cpp", HoleKind::line, "int f() {\n  while ([[]]\n\n", "true) {",
     true},
    {"which leaves no call open", "cpp", HoleKind::line, "int f() {\n  [[]]\n", "g(1", false},
    {"nor one that the line had begun", "cpp", HoleKind::line, "int f() {\n  g([[]]\n", "1", false},
    {"in the body of an unfinished block", "cpp", HoleKind::block,
     "int f() {\n  while (x) {\n[[]]\n", "    g(x);", true},
    {"that may be closed as well", "cpp", HoleKind::block, "int f() {\n  while (x) {\n[[]]\n",
     "    g(x);\n  }", true},
    {"but not end with another one", "cpp", HoleKind::block, "int f() {\n  while (x) {\n[[]]\n",
     "    if (x) {", false},
    {"where text follows it is the line's business", "typescript", HoleKind::line,
     "f(a,\n  [[]]\ng(1);\n", "b", false},
    {"an unclosed quote", "javascript", HoleKind::line, "f(a[[]]\ng();\n", ", 'b);", false},
    {"a string ended", "javascript", HoleKind::line, "f('a[[]]\ng();\n", "b');", true},
    {"a header without its colon", "python", HoleKind::line,
     "def f(x):\n    if x[[]]\n        return 1\n", " > 0", false},
    {"a header with it", "python", HoleKind::line, "def f(x):\n    if x[[]]\n        return 1\n",
     " > 0:", true},
    {"a body", "python", HoleKind::block, "def f(x):\n[[]]\n\nf(1)\n", "    return x", true},
    // tree-sitter reads more indentations than Python does.
    {"a body with an indentation that Python refuses", "python", HoleKind::block,
     "def f(x):\n[[]]\n\nf(1)\n", "    x = 1\n        return x", true},
    {"a body of braces", "rust", HoleKind::block, "fn f() {[[]]}\n", "\n    g();\n", true},
    {"closed twice", "rust", HoleKind::block, "fn f() {[[]]}\n", "\n    g();\n}", false},
    {"what was there is replaced", "go", HoleKind::line,
     "package a\n\nfunc f() int {\n[[   ]]\n}\n", "\treturn 1", true},
    {"a literal in a list", "typescript", HoleKind::argument, "const a = [1, [[]]];\n", "{ b: 2 }",
     true},
    {"left open", "typescript", HoleKind::argument, "const a = [1, [[]]];\n", "{ b: 2", false},
    {"nothing in a place that is whole", "java", HoleKind::line, "class A { int f() { [[]] } }\n",
     "", true},
    {"half of both sides", "cpp", HoleKind::span, "void f() { if (a[[]] + c); } }\n", ") { g(b",
     true},
};

TEST(Promise, Cases) {
  for (const PromiseCase& c : kCases) {
    Promise promise = promise_of(c.language, marked(c.source), c.kind);
    EXPECT_EQ(promise.holds(c.fill), c.holds) << c.name << ": at best " << promise.baseline().nodes
                                              << ", with the fill " << promise.after(c.fill).nodes;
  }
}

TEST(Promise, WhatStillHoldsIsNoWorseThanTheBestThatIsKnown) {
  int fell = 0;
  for (const PromiseCase& c : kCases) {
    const MarkedText file = marked(c.source);
    // Without a budget for placeholders every fill that is tried may lower the baseline.
    Promise promise(*language_by_name(c.language), file.text, file.range, c.kind, nullptr,
                    std::nullopt, {std::chrono::hours(1), std::chrono::milliseconds(0)});
    const std::string_view fills[] = {c.fill, "", "x", "x)", "x);", ": pass", "}"};
    std::vector<bool> held;
    for (const std::string_view fill : fills) held.push_back(promise.holds(fill));
    for (std::size_t i = 0; i < std::size(fills); ++i) {
      const ErrorCount after = promise.after(fills[i]);
      const bool still = promise.still_holds(fills[i]);
      const ErrorCount best = promise.baseline();
      EXPECT_EQ(still,
                after == ErrorCount{} || (after.nodes <= best.nodes && after.bytes <= best.bytes))
          << c.name << ": " << fills[i];
      fell += held[i] && !still ? 1 : 0;
    }
  }
  RecordProperty("held at first and no longer", fell);
}

TEST(Promise, ACleanFillCostsOneParseBesideThatOfTheText) {
  Promise promise = promise_of("c", marked("int x = f(a[[]]\nint y;\n"), HoleKind::line);
  EXPECT_TRUE(promise.holds(", b);"));
  EXPECT_EQ(promise.n_parses(), 2U);
  EXPECT_TRUE(promise.holds(", b);"));
  EXPECT_EQ(promise.n_parses(), 2U);
}

TEST(Promise, AHandedTreeSavesAParse) {
  const MarkedText file = marked("int x = f(a[[]]\nint y;\n");
  const SyntaxTree tree = *SyntaxTree::parse(*language_by_name("c"), file.text);
  Promise promise(*language_by_name("c"), file.text, file.range, HoleKind::line, &tree);
  EXPECT_TRUE(promise.holds(", b);"));
  EXPECT_EQ(promise.n_parses(), 1U);
}

TEST(Promise, WhatWasBrokenBeforeMayStayBroken) {
  const MarkedText file = marked("int a = );\nint x = f(a, [[]]);\n");
  const ErrorCount was = SyntaxTree::parse(*language_by_name("c"), "int a = );\n")->errors();
  ASSERT_NE(was, ErrorCount{});
  Promise promise = promise_of("c", file, HoleKind::argument, was);
  EXPECT_TRUE(promise.holds("b"));
  EXPECT_FALSE(promise.holds("b)"));
  Promise unknown = promise_of("c", file, HoleKind::argument);
  EXPECT_TRUE(unknown.holds("b"));
  EXPECT_FALSE(unknown.holds("b)"));
}

TEST(Promise, ALongerFillInsideOfALostRegionIsNoWorse) {
  const MarkedText file = marked("int f( { ) [ ( ;\n x = [[]] ;\n ) ( } ] int\n");
  Promise promise = promise_of("c", file, HoleKind::expression);
  EXPECT_TRUE(promise.holds("a"));
  EXPECT_TRUE(promise.holds("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

TEST(Promise, CountsAreThoseOfTheWholeFile) {
  const MarkedText file = marked("f(a[[]]\ng(b);\n");
  Promise promise = promise_of("javascript", file, HoleKind::line);
  for (const std::string_view fill : {");", "", ", b);", "\"", ")"}) {
    std::string whole = file.text;
    whole.insert(file.range.begin, fill);
    const SyntaxTree tree = *SyntaxTree::parse(*language_by_name("javascript"), whole);
    EXPECT_EQ(promise.after(fill), tree.errors()) << fill;
    EXPECT_EQ(promise.errors_behind(fill, 1).empty(),
              tree.errors_from(file.range.begin, 1).empty());
  }
  EXPECT_EQ(promise.before(), promise.after(""));
}

TEST(Promise, NoMorePlaceholdersAreTriedThanTheBudgetAllows) {
  const MarkedText file = marked("int x = f(a[[]]\nint y;\n");
  Promise hurried(*language_by_name("c"), file.text, file.range, HoleKind::line, nullptr,
                  std::nullopt, {std::chrono::hours(1), std::chrono::milliseconds(0)});
  EXPECT_TRUE(hurried.holds(", b);"));
  EXPECT_FALSE(hurried.holds(")))"));
  EXPECT_LT(hurried.n_parses(), 10U);
}

TEST(Promise, InAFileThatIsBrokenElsewhereAFewParsesAreEnough) {
  const MarkedText file = marked("int a = );\nint x = f(a, [[]]);\nint y;\n");
  Promise promise = promise_of("c", file, HoleKind::argument);
  const std::vector<std::string> bad = {"b)", "b(", "\"b", "b]", "(b))"};
  for (const std::string& fill : bad) EXPECT_FALSE(promise.holds(fill)) << fill;
  EXPECT_TRUE(promise.holds("b"));
  // The text, each fill, and the likeliest placeholders and repairs; there are hundreds of these.
  const std::size_t tried = PromiseLimits{}.tried;
  EXPECT_LE(promise.n_parses(), 1 + (bad.size() + 1) + tried + (bad.size() + 1) * tried);
}

TEST(Promise, OnceFillsAreForgottenItSaysWhatAFreshOneSays) {
  int n_lowered = 0;
  for (const PromiseCase& c : kCases) {
    // With one placeholder tried there is much left for the repairs of fills to show.
    const MarkedText file = marked(c.source);
    const auto fresh_promise = [&] {
      return Promise(*language_by_name(c.language), file.text, file.range, c.kind, nullptr,
                     std::nullopt, {std::chrono::hours(1), std::chrono::hours(1), 1});
    };
    Promise used = fresh_promise();
    const std::string fill = c.fill;
    for (std::size_t i = 0; i < fill.size(); ++i)
      used.holds(fill.substr(0, i) + fill.substr(i + 1));
    for (const char* thrown_away : {"x", "x)", "(x", "x);", "f(x", ": pass", "}"})
      used.holds(thrown_away);
    Promise fresh = fresh_promise();
    n_lowered += used.baseline() < fresh.baseline() ? 1 : 0;
    const std::size_t n_parses = used.n_parses();
    used.forget_fills();
    EXPECT_EQ(used.baseline(), fresh.baseline()) << c.name;
    EXPECT_EQ(used.n_parses(), n_parses) << "placeholders are not tried again";
    for (const char* shown : {c.fill, "", "y"})
      EXPECT_EQ(used.holds(shown), fresh.holds(shown)) << c.name << ": " << shown;
  }
  EXPECT_GT(n_lowered, 0) << "there was nothing to forget";
}

TEST(Promise, AParseThatTakesTooLongHoldsNothing) {
  std::string text = "int f() {\n";
  while (text.size() < 3'000'000) text += "  x = \"a\" + (b[1] * f(\"c\"));\n";
  Promise promise(*language_by_name("c"), text, {text.size(), text.size()}, HoleKind::line, nullptr,
                  std::nullopt, {std::chrono::milliseconds(0), std::chrono::milliseconds(0)});
  EXPECT_FALSE(promise.holds("}"));
}

}  // namespace
}  // namespace inpaint::grammar
