// What a selection is widened to, and what pinned lines leave of it.

#include "grammar/hole/refill_range.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/grammar/hole/marked_text.h"

namespace inpaint::grammar {
namespace {

/// `text` with every hole marked by [[ ]].
std::string with_marks(std::string text, const std::vector<HolePlan>& holes) {
  for (auto hole = holes.rbegin(); hole != holes.rend(); ++hole) {
    text.insert(hole->range.end, "]]");
    text.insert(hole->range.begin, "[[");
  }
  return text;
}

struct RefillCase {
  const char* name;
  const char* language;
  const char* source;  // [[ ]] is the selection
  const char* expect;  // [[ ]] the hole
  HoleKind kind;
};

const RefillCase kCases[] = {
    {"half a statement becomes all of it, with its indentation", "python",
     "def f(a):\n    x = [[a +]] 1\n    return x\n", "def f(a):\n    x = [[a + 1]]\n    return x\n",
     HoleKind::expression},
    {"two halves of statements become two statements", "python",
     "def f(a):\n    x = a [[+ 1\n    ret]]urn x\n", "def f(a):\n[[    x = a + 1\n    return x]]\n",
     HoleKind::block},
    {"an argument is one of a list", "cpp", "int x = f(a, [[b +]] 1, c);\n",
     "int x = f(a, [[b + 1]], c);\n", HoleKind::argument},
    {"several arguments stay within the brackets", "cpp", "int x = f([[a, b]], c);\n",
     "int x = f([[a, b]], c);\n", HoleKind::argument},
    {"a bracket takes what it encloses along", "cpp", "int x = f[[(a, b]], c);\n",
     "int x = f[[(a, b, c)]];\n", HoleKind::expression},
    {"so does a brace", "cpp", "void f() [[{\n  a();]]\n  b();\n}\n",
     "void f() [[{\n  a();\n  b();\n}]]\n", HoleKind::block},
    {"one statement", "javascript", "f();\n[[g]]();\nh();\n", "f();\n[[g]]();\nh();\n",
     HoleKind::expression},
    {"statements side by side", "javascript", "f();\n[[g();\nh()]];\n", "f();\n[[g();\nh();]]\n",
     HoleKind::block},
    {"white space at the ends of a selection does not count", "javascript",
     "{\n  f();[[\n  g();\n]]  h();\n}\n", "{\n  f();\n[[  g();]]\n  h();\n}\n",
     HoleKind::statement},
    {"at the top level as well", "python", "x = 1\ny [[= 2\nz =]] 3\n", "x = 1\n[[y = 2\nz = 3]]\n",
     HoleKind::block},
    {"a comma at the end is left where it is", "python", "f(a, [[b,]] c)\n", "f(a, [[b]], c)\n",
     HoleKind::argument},
    {"without a grammar as well", "", "a b c\nd [[e]] f\n", "a b c\n[[d e f]]\n", HoleKind::span},
    {"carriage returns stay outside", "", "a\r\nb [[c]]\r\nd\r\n", "a\r\n[[b c]]\r\nd\r\n",
     HoleKind::span},
    {"a word of a comment is the comment", "go",
     "package p\n\n// adds [[two]] numbers\nfunc f() {}\n",
     "package p\n\n[[// adds two numbers]]\nfunc f() {}\n", HoleKind::span},
};

TEST(RefillRange, WidensToWholeNodes) {
  for (const RefillCase& c : kCases) {
    const MarkedText source = marked(c.source);
    const Language* language = language_by_name(c.language);
    std::optional<SyntaxTree> tree;
    if (language) tree = SyntaxTree::parse(*language, source.text);
    const auto holes = plan_refill(source.text, tree ? &*tree : nullptr, source.range);
    ASSERT_EQ(holes.size(), 1U) << c.name;
    EXPECT_EQ(with_marks(source.text, holes), c.expect) << c.name;
    EXPECT_EQ(to_string(holes.front().kind), to_string(c.kind)) << c.name;
  }
}

TEST(RefillRange, OneOfAHundredThousandElements) {
  std::string text = "x = [";
  for (int i = 0; i < 100'000; ++i) text += "1, ";
  const std::size_t last = text.size();
  text += "2, 3]\n";
  const auto tree = SyntaxTree::parse(*language_by_name("python"), text);
  const auto holes = plan_refill(text, &*tree, {last, last + 4});
  ASSERT_EQ(holes.size(), 1U);
  EXPECT_EQ(text.substr(holes[0].range.begin, holes[0].range.size()), "2, 3");
}

TEST(RefillRange, NothingButWhiteSpaceIsNoSelection) {
  EXPECT_TRUE(plan_refill("a\n  \nb", nullptr, {1, 5}).empty());
  EXPECT_TRUE(plan_refill("", nullptr, {0, 0}).empty());
}

TEST(RefillRange, PinnedLinesPartTheHole) {
  const std::string text = "def f(a):\n    x = a\n    y = x\n    z = y\n    return z\n";
  const auto tree = SyntaxTree::parse(*language_by_name("python"), text);
  const std::size_t body = text.find("    x");
  const std::size_t pin = text.find("y = x");
  const ByteRange pins[] = {{pin, pin + 1}};
  EXPECT_EQ(with_marks(text, plan_refill(text, &*tree, {body, text.size()}, pins)),
            "def f(a):\n[[    x = a]]\n    y = x\n[[    z = y\n    return z]]\n");
  const ByteRange all[] = {{body, text.size() - 1}};
  EXPECT_TRUE(plan_refill(text, &*tree, {body, text.size()}, all).empty());
  const ByteRange elsewhere[] = {{0, 3}};
  EXPECT_EQ(plan_refill(text, &*tree, {body, text.size()}, elsewhere).size(), 1U);
}

}  // namespace
}  // namespace inpaint::grammar
