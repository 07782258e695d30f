// What is planned in each language: a situation, where the cursor is, and the hole.
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "grammar/hole/hole_planner.h"
#include "tests/grammar/cursor_text.h"
#include "tests/grammar/source_samples.h"

namespace inpaint::grammar {
namespace {

struct PlanCase {
  const char* name;
  const char* language;
  const char* source;  // ^ is the cursor
  const char* expect;  // [[ ]] the hole
  HoleKind kind;
};

constexpr HoleKind kLine = HoleKind::line;
constexpr HoleKind kMiddle = HoleKind::middle;
constexpr HoleKind kBlock = HoleKind::block;
constexpr HoleKind kArgument = HoleKind::argument;
constexpr HoleKind kExpression = HoleKind::expression;

const PlanCase kCases[] = {
    // The rest of a line.
    {"a declaration", "c", "int x = ^\n", "int x = [[]]\n", kLine},
    {"a statement of Python", "python", "x = ^\n", "x = [[]]\n", kLine},
    {"a body with something in it", "python", "def f():\n    a = 1\n    ^\n",
     "def f():\n    a = 1\n[[    ]]\n", kLine},
    {"a blank line above something", "go", "func f() {\n\t^\n\tg()\n}\n",
     "func f() {\n[[\t]]\n\tg()\n}\n", kLine},
    {"a blank line between functions", "rust", "fn f() {}\n^\nfn g() {}\n",
     "fn f() {}\n[[]]\nfn g() {}\n", kLine},
    {"a line end in an object", "javascript", "const a = {^\n};\n", "const a = {[[]]\n};\n", kLine},
    {"a blank line in an object", "typescript", "const a = {\n  ^\n};\n",
     "const a = {\n[[  ]]\n};\n", kLine},
    {"an initialiser", "cpp", "int a[] = {\n  ^\n};\n", "int a[] = {\n[[  ]]\n};\n", kLine},
    {"a call over lines", "python", "f(\n    ^\n)\n", "f(\n[[    ]]\n)\n", kLine},
    {"a dictionary's colon", "python", "a = {\n    'x':^\n}\n", "a = {\n    'x':[[]]\n}\n", kLine},
    {"an annotation", "python", "x:^\n", "x:[[]]\n", kLine},
    {"an opener that is followed by its body", "java", "class A {^\n  int x;\n}\n",
     "class A {[[]]\n  int x;\n}\n", kLine},
    {"a header that is followed by its body", "python", "if x:^\n    f()\n", "if x:[[]]\n    f()\n",
     kLine},
    {"windows line ends", "c", "int x = ^ \r\nint y;\r\n", "int x = [[ ]]\r\nint y;\r\n", kLine},
    // The inside of an empty body.
    {"a function of C", "c", "int f() {\n  ^\n}\n", "int f() {\n[[  ]]\n}\n", kBlock},
    {"its opener at the line end", "c", "int f() {^\n}\n", "int f() {[[]]\n}\n", kBlock},
    {"without the closing brace", "c", "int f() {^\n", "int f() {[[]]\n", kBlock},
    {"without it, and code below", "c", "int f() {\n  ^\n\nint g() {}\n",
     "int f() {\n[[  ]]\n\nint g() {}\n", kBlock},
    {"a loop of C++", "cpp", "void f() {\n  for (auto& x : y) {\n    ^\n  }\n}\n",
     "void f() {\n  for (auto& x : y) {\n[[    ]]\n  }\n}\n", kBlock},
    {"a class of C++", "cpp", "class A {\n^\n};\n", "class A {\n[[]]\n};\n", kBlock},
    {"a lambda", "cpp", "void f() {\n  g([&](int x) {\n    ^\n  });\n}\n",
     "void f() {\n  g([&](int x) {\n[[    ]]\n  });\n}\n", kBlock},
    {"a function of Go", "go", "package a\n\nfunc f() int {\n\t^\n}\n",
     "package a\n\nfunc f() int {\n[[\t]]\n}\n", kBlock},
    {"an if of Go", "go", "package a\n\nfunc f() {\n\tif x {^\n\t}\n}\n",
     "package a\n\nfunc f() {\n\tif x {[[]]\n\t}\n}\n", kBlock},
    {"a method of Java", "java", "class A {\n  int f() {\n    ^\n  }\n}\n",
     "class A {\n  int f() {\n[[    ]]\n  }\n}\n", kBlock},
    {"an else of Java", "java", "class A { void f() {\n  if (x) { a(); } else {\n    ^\n  }\n} }\n",
     "class A { void f() {\n  if (x) { a(); } else {\n[[    ]]\n  }\n} }\n", kBlock},
    {"a function of JavaScript", "javascript", "function f(a) {\n  ^\n}\n",
     "function f(a) {\n[[  ]]\n}\n", kBlock},
    {"an arrow function", "javascript", "const f = (a) => {^\n};\n", "const f = (a) => {[[]]\n};\n",
     kBlock},
    {"a function of Rust", "rust", "fn f() -> u8 {\n    ^\n}\n", "fn f() -> u8 {\n[[    ]]\n}\n",
     kBlock},
    {"a match of Rust", "rust", "fn f() {\n    match x {\n        ^\n    }\n}\n",
     "fn f() {\n    match x {\n[[        ]]\n    }\n}\n", kBlock},
    {"a method of TypeScript", "typescript", "class A {\n  f(): void {\n    ^\n  }\n}\n",
     "class A {\n  f(): void {\n[[    ]]\n  }\n}\n", kBlock},
    {"an interface", "typescript", "interface A {\n  ^\n}\n", "interface A {\n[[  ]]\n}\n", kBlock},
    {"a component of TSX", "tsx", "function A() {\n  ^\n}\n", "function A() {\n[[  ]]\n}\n",
     kBlock},
    {"a function of Python", "python", "def f(x):\n    ^\n\nf(1)\n",
     "def f(x):\n[[    ]]\n\nf(1)\n", kBlock},
    {"its colon at the line end", "python", "def f(x):^\n", "def f(x):[[]]\n", kBlock},
    {"at the end of the file", "python", "class A:\n    def f(self):\n        ^",
     "class A:\n    def f(self):\n[[        ]]", kBlock},
    {"an else of Python", "python", "if x:\n    f()\nelse:\n    ^\n",
     "if x:\n    f()\nelse:\n[[    ]]\n", kBlock},
    {"parameters over lines", "python", "def f(\n    a,\n):\n    ^\n",
     "def f(\n    a,\n):\n[[    ]]\n", kBlock},
    {"windows line ends", "c", "int f() {\r\n  ^\r\n}\r\n", "int f() {\r\n[[  ]]\r\n}\r\n", kBlock},
    // The rest of an argument or expression: brackets right of the cursor stay.
    {"an argument", "c", "int x = f(a, ^);\n", "int x = f(a, [[]]);\n", kArgument},
    {"an argument begun", "python", "print(na^)\n", "print(na[[]])\n", kArgument},
    {"an argument before others", "go", "package a\n\nvar x = f(^, b)\n",
     "package a\n\nvar x = f([[]], b)\n", kArgument},
    {"an argument of a macro", "rust", "fn f() { println!(\"{}\", ^); }\n",
     "fn f() { println!(\"{}\", [[]]); }\n", kArgument},
    {"an argument of several lines", "javascript", "f(a,\n  b^,\n  c);\n",
     "f(a,\n  b[[]],\n  c);\n", kArgument},
    {"an element", "typescript", "const a = [1, ^];\n", "const a = [1, [[]]];\n", kArgument},
    {"a parameter", "java", "class A { void f(int a, ^) {} }\n",
     "class A { void f(int a, [[]]) {} }\n", kArgument},
    {"a type argument of a call", "cpp", "auto x = g<int>(^);\n", "auto x = g<int>([[]]);\n",
     kArgument},
    {"a condition", "c", "void f() { if (^) g(); }\n", "void f() { if ([[]]) g(); }\n",
     kExpression},
    {"an index", "rust", "fn f() { a[^]; }\n", "fn f() { a[[[]]]; }\n", kExpression},
    {"a value before the semicolon", "cpp", "int x = ^;\n", "int x = [[]];\n", kExpression},
    {"a returned value", "java", "class A { int f() { return ^; } }\n",
     "class A { int f() { return [[]]; } }\n", kExpression},
    // The middle: both sides stay.
    {"inside of a word", "python", "ret^urn x\n", "ret[[]]urn x\n", kMiddle},
    {"in front of an operator", "c", "int x = a ^+ b;\n", "int x = a [[]]+ b;\n", kMiddle},
    {"between the braces of one line", "javascript", "const a = {^};\n", "const a = {[[]]};\n",
     kMiddle},
    {"a condition without brackets", "go", "package a\n\nfunc f() { if ^ { } }\n",
     "package a\n\nfunc f() { if [[]] { } }\n", kMiddle},
    {"in front of a statement", "rust", "fn f() { ^g(); }\n", "fn f() { [[]]g(); }\n", kMiddle},
    {"between two tags", "tsx", "const a = <b>^</b>;\n", "const a = <b>[[]]</b>;\n", kMiddle},
    // Comments and strings: text, in one line.
    {"a line comment", "cpp", "void f() {\n  // g(^\n}\n", "void f() {\n  // g([[]]\n}\n", kLine},
    {"a comment behind an opener", "c", "int f() { // {^\n}\n", "int f() { // {[[]]\n}\n", kLine},
    {"a comment with text behind", "go", "package a\n\n// a^, b\nvar x int\n",
     "package a\n\n// a[[]], b\nvar x int\n", kMiddle},
    {"a block comment", "java", "/* a(^)\n */ class A {}\n", "/* a([[]])\n */ class A {}\n",
     kMiddle},
    {"a string", "python", "f('a^, b')\n", "f('a[[]], b')\n", kMiddle},
    {"a string at its end", "javascript", "f('a^')\n", "f('a[[]]')\n", kMiddle},
    {"an empty string", "rust", "fn f() { g(\"^\"); }\n", "fn f() { g(\"[[]]\"); }\n", kMiddle},
    {"a string that is not closed", "c", "int x = f(\"a^);\n", "int x = f(\"a[[]]);\n", kMiddle},
    {"behind a string", "python", "f('a'^)\n", "f('a'[[]])\n", kArgument},
    {"a docstring", "python", "def f():\n    \"\"\"Adds^\n    \"\"\"\n",
     "def f():\n    \"\"\"Adds[[]]\n    \"\"\"\n", kLine},
    {"code in a template", "typescript", "const a = `x ${f(^)}`;\n", "const a = `x ${f([[]])}`;\n",
     kArgument},
    // Broken code.
    {"a bracket open above", "c", "int x = f(\nint g() {\n  ^\n}\n",
     "int x = f(\nint g() {\n[[  ]]\n}\n", kBlock},
    {"a call that is not closed", "python", "f(a, ^\nx = 1\n", "f(a, [[]]\nx = 1\n", kLine},
    {"a closing brace too many", "java", "}\nclass A {\n  int x = ^;\n}\n",
     "}\nclass A {\n  int x = [[]];\n}\n", kExpression},
    {"no code at all", "rust", "^", "[[]]", kLine},
};

HolePlan planned(const char* language, const CursorText& source, std::optional<HoleKind> kind,
                 bool insertion_only = false) {
  const Language* found = language_by_name(language);
  const auto tree = SyntaxTree::parse(*found, source.text);
  return plan_hole({.text = source.text,
                    .cursor = source.cursor,
                    .language = found,
                    .tree = &*tree,
                    .kind = kind,
                    .insertion_only = insertion_only});
}

TEST(HolePlannerLanguages, ThePlannerChooses) {
  for (const PlanCase& c : kCases) {
    const CursorText source = parse_cursor(c.source);
    const HolePlan hole = planned(c.language, source, std::nullopt);
    EXPECT_EQ(mark_hole(source.text, hole.range), c.expect) << c.language << ": " << c.name;
    EXPECT_EQ(to_string(hole.kind), to_string(c.kind)) << c.language << ": " << c.name;
    EXPECT_EQ(hole.stops_at_newline, c.kind != kBlock) << c.name;
  }
}

const PlanCase kAsked[] = {
    {"the rest of an expression", "c", "int x = fo^o + b;\n", "int x = fo[[o + b]];\n",
     kExpression},
    {"of a returned one", "rust", "fn f() -> u8 { return fo^o + b; }\n",
     "fn f() -> u8 { return fo[[o + b]]; }\n", kExpression},
    {"of an argument", "python", "f(a^a + 1, b)\n", "f(a[[a + 1]], b)\n", kArgument},
    {"where nothing is left of it", "go", "package a\n\nvar x = f(a^)\n",
     "package a\n\nvar x = f(a[[]])\n", kArgument},
    {"at the end of a line", "python", "x = ^\n", "x = [[]]\n", kExpression},
    {"the rest of a statement", "java",
     "class A { void f() {\n  if (^x) {\n    a();\n  }\n  b();\n} }\n",
     "class A { void f() {\n  if ([[x) {\n    a();\n  }]]\n  b();\n} }\n", HoleKind::statement},
    {"a statement on a blank line", "c", "void f() {\n  a();\n  ^\n  b();\n}\n",
     "void f() {\n  a();\n[[  ]]\n  b();\n}\n", HoleKind::statement},
    {"the body of the function whose header this is", "cpp",
     "int f(^int a) {\n  g();\n  return a;\n}\n", "int f(int a) {\n[[  g();\n  return a;]]\n}\n",
     kBlock},
    {"the same in Python", "python",
     "class A:\n    def ^f(self):\n        g()\n        return 1\n\nx = 1\n",
     "class A:\n    def f(self):\n[[        g()\n        return 1]]\n\nx = 1\n", kBlock},
    {"a body in one line", "rust", "fn f() { a();^ b(); }\n", "fn f() { a();[[ b();]] }\n", kBlock},
    {"an empty body in one line", "java", "class A { void f() {^} }\n",
     "class A { void f() {[[]]} }\n", kBlock},
    {"what is left of a body", "javascript", "function f() {\n  a();\n  b(^);\n  c();\n}\n",
     "function f() {\n  a();\n  b([[);\n  c();]]\n}\n", kBlock},
    {"a blank line of a body", "go", "package a\n\nfunc f() {\n\ta()\n\t^\n\tb()\n}\n",
     "package a\n\nfunc f() {\n\ta()\n[[\t]]\n\tb()\n}\n", kBlock},
    {"an empty body", "typescript", "function f() {\n  ^\n}\n", "function f() {\n[[  ]]\n}\n",
     kBlock},
    {"the middle of a word", "tsx", "const ab^c = 1;\n", "const ab[[]]c = 1;\n", kMiddle},
    {"a line with text behind", "c", "int ^x;\n", "int [[]]x;\n", kLine},
};

TEST(HolePlannerLanguages, AKindThatIsAskedForWins) {
  for (const PlanCase& c : kAsked) {
    const CursorText source = parse_cursor(c.source);
    const HolePlan hole = planned(c.language, source, c.kind);
    EXPECT_EQ(mark_hole(source.text, hole.range), c.expect) << c.language << ": " << c.name;
    EXPECT_EQ(hole.kind, c.kind) << c.name;
    const HolePlan insertion = planned(c.language, source, c.kind, true);
    EXPECT_EQ(insertion.range, (ByteRange{source.cursor, source.cursor})) << c.name;
    EXPECT_EQ(insertion.kind, c.kind) << c.name;
  }
}

// At every place of a file the hole is in order, around the cursor, and takes nothing but white space.
TEST(HolePlannerLanguages, NothingButWhiteSpaceIsReplacedUnasked) {
  for (const SourceSample& sample : source_samples()) {
    const SyntaxTree tree = *SyntaxTree::parse(*sample.language, sample.text);
    for (std::size_t cursor = 0; cursor <= sample.text.size(); ++cursor) {
      const HolePlan hole = plan_hole(
          {.text = sample.text, .cursor = cursor, .language = sample.language, .tree = &tree});
      ASSERT_LE(hole.range.begin, cursor);
      ASSERT_GE(hole.range.end, cursor);
      ASSERT_LE(hole.range.end, sample.text.size());
      const std::string replaced = sample.text.substr(hole.range.begin, hole.range.size());
      ASSERT_EQ(replaced.find_first_not_of(" \t"), std::string::npos)
          << sample.language->name << " at " << cursor;
    }
  }
}

}  // namespace
}  // namespace inpaint::grammar
