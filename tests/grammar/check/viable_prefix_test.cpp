#include "grammar/check/viable_prefix.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {
namespace {

struct Row {
  std::string language, fixed, fill;
  bool admitted;
};

TEST(ViablePrefix, RefusesWhatNoTextBehindCanMend) {
  const std::vector<Row> rows = {
      {"python", "def f(a):\n    return ", "a +", true},
      {"python", "def f(a):\n    return ", "a + / ", false},
      {"python", "def f(a):\n    return ", "a b ", false},
      {"python", "def f(a):\n    return ", "a i", true},  // it may become "if"
      {"python", "def f(a):\n    return ", "a if", true},
      {"python", "def f(a):\n    return ", "\"open ( and else", true},
      {"python", "def f(a):\n    return ", "a) ", false},
      {"python", "def f(a", ") -> int:\n    pass\n", true},
      {"python", "def f(a", ") => int:\n", false},
      {"c", "int f(void) {\n  ", "return 1;\n}\nint g", true},
      {"c", "int f(void) {\n  ", "return ) ", false},
      {"cpp", "void f() { auto x = ", "[&](int a) { return a; }", true},
      {"cpp", "void f() { auto x = ", ") ", false},
      {"java", "class A { void f() { ", "int x = 1; x ", true},
      {"java", "class A { void f() { ", "int = ", false},
      {"javascript", "const f = (a) => ", "{ return `x ${a", true},
      {"javascript", "const f = (a) => ", "{ return , ", false},
      {"typescript", "let a: ", "Map<string, number", true},
      {"typescript", "let a: ", "= = ", false},
      {"rust", "fn f() -> u8 { ", "match x { 1 => ", true},
      {"rust", "fn f() -> u8 { ", "match x { ; ", false},
      {"go", "package a\nfunc f() {\n\t", "for i := range x {\n", true},
      {"go", "package a\nfunc f() {\n\t", "for ) ", false},
  };
  for (const Row& row : rows) {
    const Language& language = *language_by_name(row.language);
    ViablePrefix prefix(language, row.fixed, nullptr, row.fixed.size());
    EXPECT_EQ(prefix.admits(row.fill), row.admitted) << row.language << ": " << row.fill;
  }
}

TEST(ViablePrefix, SaysBehindWhichByteNoTokenFits) {
  const std::string fixed = "def f(a):\n    return ";
  ViablePrefix prefix(*language_by_name("python"), fixed, nullptr, fixed.size());
  EXPECT_EQ(prefix.error_in("a + b c "), fixed.size() + 5);
  EXPECT_EQ(prefix.error_in("a + b"), std::nullopt);
}

TEST(ViablePrefix, SaysTheSameHoweverItWasAskedBefore) {
  const std::string fixed = "def f(a):\n    return ";
  const Language& python = *language_by_name("python");
  ViablePrefix prefix(python, fixed, nullptr, fixed.size());
  for (const std::string_view fill : {"a", "a +", "a + b", "a + b c ", "a + b.c(", "a + b", "",
                                      "x y ", "[i for i in a", "a + b.c(d"}) {
    ViablePrefix fresh(python, fixed, nullptr, fixed.size());
    EXPECT_EQ(prefix.error_in(fill), fresh.error_in(fill)) << fill;
  }
}

TEST(ViablePrefix, GoesOnBehindTextThatIsBroken) {
  const std::string fixed = "def f(a:\n    ] return\n\ndef g(b):\n    return ";
  ViablePrefix prefix(*language_by_name("python"), fixed, nullptr, fixed.size());
  EXPECT_TRUE(prefix.admits("b + 1\n"));
}

TEST(ViablePrefix, ATreeOfTheFileChangesNothing) {
  const std::string fixed = "import os\n\ndef f(a):\n    return ";
  const std::string file = fixed + "\n\ndef g():\n    pass\n";
  const Language& python = *language_by_name("python");
  const auto tree = SyntaxTree::parse(python, file);
  ViablePrefix with(python, fixed, &*tree, file.size());
  ViablePrefix without(python, fixed, nullptr, fixed.size());
  for (const std::string_view fill : {"os.path", "os os ", "a if b", "a if else "})
    EXPECT_EQ(with.error_in(fill), without.error_in(fill)) << fill;
}

}  // namespace
}  // namespace inpaint::grammar
