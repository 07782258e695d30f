#include "lsp/retrieval/draft_finder.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"

namespace inpaint::lsp {
namespace {

using grammar::parse_cursor;

std::vector<std::string> texts_at(std::string_view marked, std::size_t max_drafts) {
  const auto [text, cursor] = parse_cursor(marked);
  std::vector<std::string> texts;
  for (const Draft& draft :
       find_drafts({.text = text, .hole = {cursor, cursor}, .max_drafts = max_drafts}))
    texts.push_back(draft.text);
  return texts;
}

TEST(DraftFinder, FindsCopiesAndAnalogies) {
  const std::vector<std::string> texts =
      texts_at("self.width = width\nself.height = height\nleft = depth = 1\nself.depth = ^\n", 4);
  EXPECT_TRUE(std::ranges::count(texts, "depth")) << "an analogy";
  EXPECT_TRUE(std::ranges::count(texts, "1")) << "a copy";
}

TEST(DraftFinder, LeavesOutCopiesThatAnAnalogyCorrects) {
  const auto [text, cursor] =
      parse_cursor("self.width = width\nself.height = height\nself.depth = ^\n");
  const std::vector<Draft> drafts = find_drafts({.text = text, .hole = {cursor, cursor}});
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "depth");
  EXPECT_TRUE(drafts[0].analogy->corrects);
  for (const Draft& draft : drafts) EXPECT_NE(draft.text, "height");
}

TEST(DraftFinder, KnowsWhatBothHaveFound) {
  const auto [text, cursor] = parse_cursor("stop(now);\nx.open(one, two);\nx.open(^\n");
  const std::vector<Draft> drafts = find_drafts({.text = text, .hole = {cursor, cursor}});
  ASSERT_FALSE(drafts.empty());
  EXPECT_EQ(drafts[0].text, "one, two);");
  EXPECT_TRUE(drafts[0].copy && drafts[0].analogy);
}

TEST(DraftFinder, SaysNothingTwice) {
  std::vector<std::string> texts = texts_at("f(1)\na\nf(2)\nb\nf(1)\nc\nf(^\n", 8);
  ASSERT_FALSE(texts.empty());
  std::ranges::sort(texts);
  EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end())
      << "a copy is an analogy without other names";
}

TEST(DraftFinder, GivesTheMostProbableFirst) {
  const auto [text, cursor] = parse_cursor("f(1)\na\nf(2)\nb\ng(1)\na\ng(^\nb\n");
  const std::vector<Draft> drafts =
      find_drafts({.text = text, .hole = {cursor, cursor}, .max_drafts = 8});
  ASSERT_GT(drafts.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(drafts, std::ranges::greater{}, &Draft::probability));
  EXPECT_EQ(texts_at("f(1)\na\nf(2)\nb\ng(1)\na\ng(^\nb\n", 1),
            std::vector<std::string>{drafts[0].text});
}

}  // namespace
}  // namespace inpaint::lsp
