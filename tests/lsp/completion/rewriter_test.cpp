// Selections written anew and marked places filled, with an engine that answers from a script.

#include "lsp/completion/rewriter.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/grammar/hole/marked_text.h"
#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using test::fill_of;
using test::set_token;

CompletionRequest request_of(std::string text, const char* language) {
  CompletionRequest request;
  request.place.text = std::make_shared<const std::string>(std::move(text));
  request.place.language = grammar::language_by_name(language);
  request.decoding.alternatives = 4;
  request.drafts = false;
  return request;
}

std::string applied(std::string text, const Rewrite& rewrite) {
  for (auto part = rewrite.rbegin(); part != rewrite.rend(); ++part)
    text.replace(part->range.begin, part->range.size(), part->text);
  return text;
}

struct World {
  std::shared_ptr<test::Asked> asked = std::make_shared<test::Asked>();
  test::FakeEngine engine;

  explicit World(const std::vector<std::string>& fills) : engine(script(fills), asked) {}
  static test::Script script(const std::vector<std::string>& fills) {
    test::Script script;
    for (const std::string& fill : fills) script.fills.push_back(fill_of({set_token(fill, 0.9F)}));
    return script;
  }
};

struct RefillCase {
  const char* name;
  const char* language;
  const char* source;               // [[ ]] is the selection
  std::vector<std::string> fills;   // of the engine
  std::vector<std::string> expect;  // the whole text, for each alternative
};

const RefillCase kRefills[] = {
    {"a node is written anew",
     "python",
     "def f(a):\n    return [[a +]] 1\n",
     {"a * 2"},
     {"def f(a):\n    return a * 2\n"}},
    {"what stands there is no alternative",
     "python",
     "def f(a):\n    return [[a + 1]]\n",
     {"a + 1", "a - 1", "a"},
     {"def f(a):\n    return a - 1\n", "def f(a):\n    return a\n"}},
    {"nothing that parses worse", "python", "def f(a):\n    return [[a + 1]]\n", {"(a", "a)"}, {}},
    {"a broken place may become better",
     "c",
     "int f(int a) { return [[a +]]; }\n",
     {"a + 1"},
     {"int f(int a) { return a + 1; }\n"}},
    {"lines in the style of the file",
     "go",
     "func f() {\n[[\tg()\n]]}\n",
     {"    g()\n    h()"},
     {"func f() {\n\tg()\n\th()\n}\n"}},
    {"without a grammar", "", "one\n[[two]]\nthree\n", {"2"}, {"one\n2\nthree\n"}},
};

TEST(Rewriter, Refills) {
  for (const RefillCase& c : kRefills) {
    const grammar::MarkedText source = grammar::marked(c.source);
    World world(c.fills);
    const auto rewriting =
        Rewriter(world.engine).refill(request_of(source.text, c.language), source.range);
    ASSERT_TRUE(rewriting.has_value()) << c.name;
    std::vector<std::string> texts;
    for (const Rewrite& rewrite : rewriting->alternatives)
      texts.push_back(applied(source.text, rewrite));
    EXPECT_EQ(texts, c.expect) << c.name;
  }
}

TEST(Rewriter, PinnedLinesStayByteForByte) {
  const std::string text = "def f(a):\n    x = a\n    y  =  x # as it is\n    return y\n";
  const std::size_t pin = text.find("y  =");
  const grammar::ByteRange pins[] = {{pin, pin}};
  World world({"    z = 1"});
  const auto rewriting =
      Rewriter(world.engine).refill(request_of(text, "python"), {10, text.size()}, pins);
  ASSERT_TRUE(rewriting.has_value());
  EXPECT_EQ(rewriting->n_holes, 2U);
  ASSERT_EQ(rewriting->alternatives.size(), 1U);
  EXPECT_EQ(applied(text, rewriting->alternatives.front()),
            "def f(a):\n    z = 1\n    y  =  x # as it is\n    z = 1\n");
  ASSERT_EQ(world.asked->requests.size(), 1U);  // side by side
  EXPECT_EQ(world.asked->requests.front().holes.size(), 2U);
  EXPECT_EQ(world.asked->requests.front().text, "def f(a):\n\n    y  =  x # as it is\n\n");
}

TEST(Rewriter, RefusesWhatIsNoSelection) {
  World world({"x"});
  const Rewriter rewriter(world.engine);
  EXPECT_FALSE(rewriter.refill(request_of("abc", ""), {2, 9}).has_value());
  EXPECT_FALSE(rewriter.refill(request_of("a  b", ""), {1, 3}).has_value());
}

struct MarkedCase {
  const char* name;
  const char* language;
  const char* source;
  std::string fill;
  const char* expect;
};

const MarkedCase kMarked[] = {
    {"dots become an expression", "python", "x = f(…)\n", "a, b", "x = f(a, b)\n"},
    {"an empty body is opened", "javascript", "function f(a) {}\n", "    return a;",
     "function f(a) {\n    return a;\n}\n"},
    {"one that is open already as well", "java", "class A {\n  int f() {\n  }\n}\n",
     "    return 1;", "class A {\n  int f() {\n    return 1;\n  }\n}\n"},
    {"what is to do stays above", "go", "func f() int {\n\t// TODO: one\n}\n", "\treturn 1",
     "func f() int {\n\t// TODO: one\n\treturn 1\n}\n"},
    {"pass goes", "python", "def f(a):\n    pass\n", "    return a", "def f(a):\n    return a\n"},
    {"also behind a colon", "python", "def f(a): pass\n", "    return a",
     "def f(a): \n    return a\n"},
    {"a comment that asks for it goes", "c", "int f(int a) {\n  /* fill */\n}\n", "  return a;",
     "int f(int a) {\n  return a;\n}\n"},
    {"in an expression too", "c", "int f(int a) { return /* fill */; }\n", "a",
     "int f(int a) { return a; }\n"},
    {"a text that does not fit leaves the mark", "python", "x = f(…)\ny = 1\n", "(",
     "x = f(…)\ny = 1\n"},
};

TEST(Rewriter, FillsWhatIsMarked) {
  for (const MarkedCase& c : kMarked) {
    World world({c.fill});
    const std::string text = c.source;
    const auto rewriting =
        Rewriter(world.engine).fill_marked(request_of(text, c.language), {0, text.size()});
    ASSERT_TRUE(rewriting.has_value()) << c.name;
    EXPECT_EQ(rewriting->n_holes, 1U) << c.name;
    const Rewrite rewrite =
        rewriting->alternatives.empty() ? Rewrite{} : rewriting->alternatives.front();
    EXPECT_EQ(applied(text, rewrite), c.expect) << c.name;
  }
}

TEST(Rewriter, FillsOnlyTheMarksItIsAskedFor) {
  World world({"1"});
  const std::string text = "x = …\ny = …\nz = …\n";
  const std::size_t second = text.find("y");
  const auto rewriting =
      Rewriter(world.engine).fill_marked(request_of(text, "python"), {second, second + 4});
  ASSERT_TRUE(rewriting.has_value());
  ASSERT_EQ(rewriting->alternatives.size(), 1U);
  EXPECT_EQ(applied(text, rewriting->alternatives.front()), "x = …\ny = 1\nz = …\n");
}

TEST(Rewriter, FillsWhatLiesFarApartOneAfterTheOther) {
  std::string text = "x = …\n";
  while (text.size() < 1000) text += "# nothing to see here\n";
  text += "y = …\nz = f(…)\n";
  World world({"1"});
  const auto rewriting =
      Rewriter(world.engine).fill_marked(request_of(text, "python"), {0, text.size()});
  ASSERT_TRUE(rewriting.has_value());
  EXPECT_EQ(rewriting->n_holes, 3U);
  ASSERT_EQ(world.asked->requests.size(), 2U);
  EXPECT_EQ(world.asked->requests[0].holes.size(), 1U);
  EXPECT_EQ(world.asked->requests[1].holes.size(), 2U);
  // What was filled first is text for the others.
  EXPECT_TRUE(world.asked->requests[1].text.starts_with("x = 1\n"));
  ASSERT_EQ(rewriting->alternatives.size(), 1U);
  std::string expect = text;
  for (std::size_t at = expect.find("…"); at != std::string::npos; at = expect.find("…"))
    expect.replace(at, std::string_view("…").size(), "1");
  EXPECT_EQ(applied(text, rewriting->alternatives.front()), expect);
}

TEST(Rewriter, ALaterTextIsHeldAgainstTheEarlierOnes) {
  // The second hole's text is right alone, and only with what the first one became it is not.
  test::Script script;
  script.joint = {{{fill_of({set_token("(1", 0.9F)}), fill_of({set_token("2)", 0.9F)})}},
                  {{fill_of({set_token("1", 0.5F)}), fill_of({set_token("2", 0.5F)})}}};
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(script, asked);
  const std::string text = "x = …\ny = …\n";
  const auto rewriting = Rewriter(engine).fill_marked(request_of(text, "python"), {0, text.size()});
  ASSERT_TRUE(rewriting.has_value());
  ASSERT_EQ(rewriting->alternatives.size(), 1U);
  EXPECT_EQ(applied(text, rewriting->alternatives.front()), "x = 1\ny = 2\n");
}

}  // namespace
}  // namespace inpaint::lsp
