#include "lsp/retrieval/indent_symbols.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

/// Indentation as <+4>, <-4> or <=>, everything else as it is.
std::string picture(const IndentSymbols& symbols) {
  // The symbol of a line as deep as the one before it, whatever its number is.
  const int level = IndentSymbols("a")[0];
  std::string picture;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (!IndentSymbols::is_indentation(symbols[i])) {
      picture += static_cast<char>(symbols[i]);
      continue;
    }
    const int step = symbols[i] - level;
    picture += step == 0  ? "<=>"
               : step > 0 ? "<+" + std::to_string(step) + ">"
                          : "<" + std::to_string(step) + ">";
  }
  return picture;
}

struct SymbolCase {
  const char* name;
  std::string_view text;
  const char* expect;
};
constexpr SymbolCase kCases[] = {
    {"nothing", "", ""},
    {"one line", "ab", "<=>ab"},
    {"deeper and shallower", "a\n    b\n  c\n", "<=>a\n<+4>b\n<-2>c\n"},
    {"a tab is one", "a\n\tb", "<=>a\n<+1>b"},
    {"blank lines have no depth", "  a\n\n    \n  b", "<+2>a\n\n\n<=>b"},
    {"blanks at the end are where one writes", "  a\n    ", "<+2>a\n<+2>"},
    {"a line end of two bytes is one", "a\r\n  b\r\n\r\nc", "<=>a\n<+2>b\n\n<-2>c"},
    {"a lone return stays", "a\rb", "<=>a\rb"},
    {"blanks inside of a line stay", "a  b", "<=>a  b"},
};

TEST(IndentSymbols, Cases) {
  for (const SymbolCase& c : kCases) EXPECT_EQ(picture(IndentSymbols(c.text)), c.expect) << c.name;
}

TEST(IndentSymbols, BeginInsideOfALine) {
  EXPECT_EQ(picture(IndentSymbols("  a\n      b", true, 4)), "  a\n<+2>b");
}

TEST(IndentSymbols, KnowWhereTheyCameFrom) {
  const std::string text = "if x:\r\n    y\n\n  z";
  const IndentSymbols symbols(text);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (IndentSymbols::is_indentation(symbols[i])) continue;
    const char there = text[symbols.byte_of(i)];
    EXPECT_EQ(there == '\r' ? '\n' : there, static_cast<char>(symbols[i])) << i;
  }
  EXPECT_EQ(text[symbols.byte_of(6)], '\r') << "a line end begins with its first byte";
  EXPECT_EQ(symbols.byte_of(symbols.size()), text.size());
}

TEST(IndentSymbols, KnowTheDepthOfTheLineBefore) {
  const IndentSymbols symbols("a\n    b\n\n  c");
  //                           symbols: <=> a \n <+4> b \n \n <-2> c
  EXPECT_EQ(symbols.depth_before(2), 0U);
  EXPECT_EQ(symbols.depth_before(3), 0U) << "the symbol itself is not before itself";
  EXPECT_EQ(symbols.depth_before(4), 4U);
  EXPECT_EQ(symbols.depth_before(7), 4U) << "blank lines have no depth";
  EXPECT_EQ(symbols.depth_before(symbols.size()), 2U);
  EXPECT_EQ(IndentSymbols("x", true, 8).depth_before(1), 8U);
}

}  // namespace
}  // namespace inpaint::lsp
