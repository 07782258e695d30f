// Which places count as marked.

#include "grammar/hole/marked_holes.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace inpaint::grammar {
namespace {

struct MarkCase {
  const char* name;
  const char* language;
  const char* source;
  const char* expect;  // [[ ]] what goes; {{ }} in a body
};

const MarkCase kCases[] = {
    {"dots in code", "python", "x = …\n", "x = [[…]]\n"},
    {"but not in a text", "python", "x = '…'  # …and so on\n", "x = '…'  # …and so on\n"},
    {"without a grammar too", "", "x = …\n", "x = [[…]]\n"},
    {"a comment that asks for it", "c", "int x = /* fill */;\n", "int x = [[/* fill */]];\n"},
    {"of any style", "python", "# fill\nx = 1  # fill up\n", "[[# fill]]\nx = 1  # fill up\n"},
    {"an empty body", "javascript", "function f(a) {}\n", "function f(a) {{{}}}\n"},
    {"also of a method, over lines", "java", "class A {\n  int f() {\n  }\n}\n",
     "class A {\n  int f() {{{\n  }}}\n}\n"},
    {"not of a class, constructor or closure", "java",
     "class A { A() {} Runnable r = () -> {}; }\nclass B {}\n",
     "class A { A() {} Runnable r = () -> {}; }\nclass B {}\n"},
    {"not of a loop", "c", "void f(void) { while (g()) {} }\n",
     "void f(void) { while (g()) {} }\n"},
    {"what is to do stays to be read", "go", "func f() {\n\t// TODO: add\n}\n",
     "func f() {\n\t// TODO: add{{\n}}}\n"},
    {"another comment is a reason to be empty", "go", "func f() {\n\t// no-op\n}\n",
     "func f() {\n\t// no-op\n}\n"},
    {"pass", "python", "def f(a):\n    pass\n\ndef g():\n    return 1\n",
     "def f(a):\n    {{pass}}\n\ndef g():\n    return 1\n"},
    {"behind a docstring", "python", "def f(a):\n    \"\"\"Adds.\"\"\"\n    ...\n",
     "def f(a):\n    \"\"\"Adds.\"\"\"\n    {{...}}\n"},
    {"not where more is done", "python", "def f(a):\n    x = 1\n    pass\n",
     "def f(a):\n    x = 1\n    pass\n"},
    {"not of an exception", "python", "class E(Exception):\n    pass\n",
     "class E(Exception):\n    pass\n"},
    {"Rust has words for it", "rust", "fn f(a: i32) -> i32 {\n    todo!()\n}\n",
     "fn f(a: i32) -> i32 {\n    {{todo!()}}\n}\n"},
    {"a mark in a body is the mark", "c", "int f(int a) {\n  /* fill */\n}\n",
     "int f(int a) {\n  [[/* fill */]]\n}\n"},
    {"all of them", "typescript", "function f() {}\nconst x = …;\nfunction g(): void {}\n",
     "function f() {{{}}}\nconst x = [[…]];\nfunction g(): void {{{}}}\n"},
    {"a body that is not closed is nothing yet", "c", "int f(int a) {\n", "int f(int a) {\n"},
};

TEST(MarkedHoles, Cases) {
  for (const MarkCase& c : kCases) {
    std::string text = c.source;
    const Language* language = language_by_name(c.language);
    std::optional<SyntaxTree> tree;
    if (language) tree = SyntaxTree::parse(*language, text);
    const auto marks = marked_holes(text, language, tree ? &*tree : nullptr);
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
      text.insert(mark->range.end, mark->is_body ? "}}" : "]]");
      text.insert(mark->range.begin, mark->is_body ? "{{" : "[[");
    }
    EXPECT_EQ(text, c.expect) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::grammar
