#include "engine/prompt/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/prompt/fim_format.h"
#include "engine/prompt/inpaint_format.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

TEST(ShownPath, IsTheEndOfThePath) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"area.py", "area.py"},
      {"src/area.py", "src/area.py"},
      {"a/b/c.py", "a/b/c.py"},
      {"/a/b/c.py", "a/b/c.py"},
      {"home/user/project/src/shapes/area.py", "src/shapes/area.py"},
      {"/area.py", "/area.py"},
      {"a//b", "a//b"},
      {"x/a//b", "a//b"},
  };
  for (const auto& [path, expected] : cases) EXPECT_EQ(shown_path(path), expected) << path;
}

TEST(LineBorders, AreTheFirstByteOfEachRunOfLineBreaks) {
  struct Case {
    const char* name;
    std::string_view text;
    std::size_t begin, end;
    std::vector<std::size_t> borders;
  };
  const Case cases[] = {
      {"no text", "", 0, 0, {}},
      {"one line without its end", "abc", 0, 3, {}},
      {"two lines", "a\nb\n", 0, 4, {1, 3}},
      {"empty lines belong to the one before", "a\n\n\nb\n", 0, 6, {1, 5}},
      {"white space does not", "a\n  \nb", 0, 6, {1, 4}},
      {"CRLF is one", "a\r\nb\r\n\r\nc", 0, 9, {1, 4}},
      {"old line ends", "a\rb", 0, 3, {1}},
      {"a range of its own", "a\nb\nc\n", 2, 5, {3}},
      {"a range that begins on an empty line", "a\n\nb", 2, 4, {2}},
      {"a range that ends before a border", "a\nb", 0, 1, {}},
  };
  for (const Case& c : cases) EXPECT_EQ(line_borders(c.text, c.begin, c.end), c.borders) << c.name;
}

TEST(IsLineBorder, AgreesWithTheBordersOfTheText) {
  for (const std::string_view text : {"", "\n", "a\n\nb\n", "a\r\nb", "\r\r", "abc"}) {
    const std::vector<std::size_t> borders = line_borders(text, 0, text.size());
    for (std::size_t byte = 0; byte < text.size(); ++byte)
      EXPECT_EQ(is_line_border(text, byte), std::ranges::count(borders, byte) == 1) << byte;
    EXPECT_TRUE(is_line_border(text, text.size())) << "the end of the text is one";
    EXPECT_FALSE(is_line_border(text, text.size() + 1));
  }
}

TEST(HeldBytes, AreThoseOfACutTokenUnlessTheFormatCutsTokens) {
  const Tokenizer tokenizer = mini_tokenizer();
  EXPECT_EQ(held_bytes(tokenizer, kFimPsm1, "x\nreturn y", 6), 4U);
  EXPECT_EQ(held_bytes(tokenizer, kFimPsm1, "x\nreturn y", 2), 0U) << "at the beginning of a line";
  EXPECT_EQ(held_bytes(tokenizer, kFimCut1, "x\nreturn y", 6), 0U);
}

/// A text of lines with a hole in its middle, and a prompt of it under other shares.
class LayOut : public testing::Test {
 protected:
  LayOut() {
    for (int i = 0; i < 60; ++i) text_ += "value_" + std::to_string(i) + " = f(x)\n";
    const std::size_t middle = text_.find("value_30");
    holes_ = {{middle, middle}};
    source_ = {.path = "a.py", .text = text_, .holes = holes_};
    source_.anchor = text_.find("value_31") - 1;
    source_.end = text_.size();
  }
  std::size_t size_of(const PromptParts& parts) const { return writer_.assemble(parts).size(); }

  const Tokenizer tokenizer_ = mini_tokenizer();
  const PromptWriter writer_{tokenizer_, special_tokens(tokenizer_), kInpaint1};
  std::string text_;
  std::vector<grammar::ByteRange> holes_;
  PromptSource source_;
};

TEST_F(LayOut, WhatFitsIsShownWholeWhateverTheShares) {
  for (const double far : {0.0, 0.25, 1.0}) {
    const PromptParts parts = writer_.lay_out(source_, {.near = 100, .far = far}, 4096);
    EXPECT_EQ(tokenizer_.decode(parts.before) + tokenizer_.decode(parts.near) +
                  tokenizer_.decode(parts.far),
              text_);
  }
}

TEST_F(LayOut, ATightBudgetIsSharedOutAsAsked) {
  struct Case {
    const char* name;
    PromptShares shares;
    std::size_t n_far;
  };
  const int budget = 128;
  const std::size_t n_path = token_ids(tokenizer_, "a.py").size();
  const std::size_t n_near = token_ids(tokenizer_, "value_30 = f(x)").size();
  const std::size_t left = budget - 4 - n_path - n_near;
  const Case cases[] = {
      {"a quarter", {.near = 32}, left / 4},
      {"a half", {.near = 32, .far = 0.5}, left / 2},
      {"nothing", {.near = 32, .far = 0.0}, 0},
      {"room for a longer near", {.near = 32, .near_room = 32}, (left + n_near - 32) / 4},
  };
  for (const Case& c : cases) {
    const PromptParts parts = writer_.lay_out(source_, c.shares, budget);
    EXPECT_EQ(parts.far.size(), c.n_far) << c.name;
    EXPECT_LE(size_of(parts), static_cast<std::size_t>(budget)) << c.name;
    EXPECT_EQ(parts.near.size(), n_near) << c.name;
  }
}

TEST_F(LayOut, TheBeginOfBeforeMovesInStepsWhereItIsAsked) {
  const auto n_before = [&](int step) {
    return writer_.lay_out(source_, {.near = 32, .before_step = step}, 128).before.size();
  };
  EXPECT_EQ((n_before(1) - n_before(32)) % 32, (n_before(1) - n_before(32)));
  EXPECT_GE(n_before(1), n_before(32));
  std::vector<TokenId> all = token_ids(tokenizer_, text_.substr(0, holes_[0].begin));
  EXPECT_EQ((all.size() - n_before(32)) % 32, 0U);
}

TEST_F(LayOut, TheHeadOfASnippetCountsToTheSnippetsThirdWhereItIsAsked) {
  source_.snippets = {{"lib/other.py", text_}};
  const auto quoted = [&](bool whole) {
    const PromptShares shares{.near = 32, .whole_snippets_in_third = whole};
    return writer_.lay_out(source_, shares, 256).snippets.at(0);
  };
  EXPECT_EQ(quoted(false).text.size() - quoted(true).text.size(), 1 + quoted(true).path.size());
}

}  // namespace
}  // namespace inpaint::engine
