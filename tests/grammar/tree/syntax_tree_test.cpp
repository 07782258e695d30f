#include "grammar/tree/syntax_tree.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/grammar/hole/marked_text.h"

namespace inpaint::grammar {
namespace {

SyntaxTree parsed(const char* language, std::string_view text) {
  return *SyntaxTree::parse(*language_by_name(language), text);
}

struct ErrorCase {
  const char* name;
  const char* language;
  const char* text;
  ErrorCount expect;
};

const ErrorCase kErrors[] = {
    {"clean text", "python", "def f(x):\n    return x\n", {0, 0}},
    {"an empty text", "python", "", {0, 0}},
    {"a missing semicolon is one node of no bytes", "c", "int x\nint y;\n", {1, 0}},
    {"a missing bracket", "javascript", "f(a;\n", {1, 0}},
    {"a stray bracket is an error of its length", "c", "int x; )\n", {1, 1}},
    {"two stray brackets apart are two", "c", "int x; )\nint y; )\n", {2, 2}},
    {"a missing line end, which has no node", "python", "a = 0  while b:\n    pass\n", {1, 0}},
    {"an error late in a clean file", "rust", "fn f() {}\nfn g() {}\nfn h( {}\n", {1, 0}},
};

TEST(SyntaxTree, CountsErrors) {
  for (const ErrorCase& c : kErrors) {
    const ErrorCount count = parsed(c.language, c.text).errors();
    EXPECT_EQ(count.nodes, c.expect.nodes) << c.name;
    EXPECT_EQ(count.bytes, c.expect.bytes) << c.name;
  }
}

TEST(SyntaxTree, NestedErrorsCountTheirBytesOnce) {
  const std::string text = "int f() { ) ( } } int ) x;";
  EXPECT_LE(parsed("c", text).errors().bytes, text.size());
}

TEST(SyntaxTree, FewerNodesAreBetterThanFewerBytes) {
  EXPECT_LT((ErrorCount{1, 90}), (ErrorCount{2, 1}));
  EXPECT_LT((ErrorCount{1, 1}), (ErrorCount{1, 2}));
}

/// The named nodes around the marked byte, "outer > inner".
std::string types_at(const char* language, std::string_view source) {
  const MarkedText text = marked(source);
  std::string types;
  for (const Node& node : parsed(language, text.text).nodes_at(text.range.begin)) {
    if (!types.empty()) types += " > ";
    types += node.type;
  }
  return types;
}

struct NodeCase {
  const char* name;
  const char* language;
  const char* source;
  const char* expect;
};

const NodeCase kNodes[] = {
    {"down to the leaf", "python", "f([[a]] + b)\n",
     "module > expression_statement > call > argument_list > binary_operator > identifier"},
    {"punctuation is no node", "python", "f(a [[+]] b)\n",
     "module > expression_statement > call > argument_list > binary_operator"},
    {"white space belongs to what is around it", "c", "int f() {[[ ]] return 1; }\n",
     "translation_unit > function_definition > compound_statement"},
    {"a byte past the text", "python", "x\n[[]]", ""},
};

TEST(SyntaxTree, FindsTheNodesAtAByte) {
  for (const NodeCase& c : kNodes) EXPECT_EQ(types_at(c.language, c.source), c.expect) << c.name;
}

TEST(SyntaxTree, TheInsideOfABodyIsWithoutItsBraces) {
  const MarkedText text = marked("int f() { [[a(); b();]] }\n");
  const auto nodes = parsed("c", text.text).nodes_at(text.range.begin - 1);
  ASSERT_FALSE(nodes.empty());
  EXPECT_EQ(nodes.back().type, "compound_statement");
  EXPECT_EQ(nodes.back().inside, text.range);
  EXPECT_EQ(nodes.back().parent, "function_definition");
}

TEST(SyntaxTree, AnEmptyBodyHasAnEmptyInside) {
  const auto nodes = parsed("c", "int f() { }\n").nodes_at(9);
  ASSERT_FALSE(nodes.empty());
  EXPECT_EQ(nodes.back().inside.size(), 0U);
}

TEST(SyntaxTree, ReadsBytesThatAreNoText) {
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>(i * 7919 >> 3);
  for (const Language& language : languages())
    EXPECT_TRUE(SyntaxTree::parse(language, noise)) << language.name;
}

}  // namespace
}  // namespace inpaint::grammar
