#include "lsp/evaluation/text_scores.h"

#include <string_view>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct DistanceCase {
  std::string_view a, b;
  std::size_t distance;
};
constexpr DistanceCase kDistances[] = {
    {"", "", 0},
    {"a", "", 1},
    {"", "abc", 3},
    {"abc", "abc", 0},
    {"kitten", "sitting", 3},
    {"flaw", "lawn", 2},
    {"saturday", "sunday", 3},
    {"ab", "ba", 2},
    {"ä", "a", 1},
    {"日本", "日", 1},
    {"\xff", "\xff", 0},
    {"\xff", "ÿ", 1},
};

TEST(TextScores, CountEdits) {
  for (const DistanceCase& c : kDistances) {
    EXPECT_EQ(levenshtein(c.a, c.b), c.distance) << c.a << " | " << c.b;
    EXPECT_EQ(levenshtein(c.b, c.a), c.distance) << c.b << " | " << c.a;
  }
}

struct ScoreCase {
  const char* name;
  std::string_view fill, target;
  bool exact;
  double similarity;
};
constexpr ScoreCase kScores[] = {
    {"the same", "a + b", "a + b", true, 100.0},
    {"white space at both ends does not count", "\n  a + b \r\n", "a + b", true, 100.0},
    {"nor at line ends", "a  \r\nb\t\nc", "a\nb\nc", true, 100.0},
    {"but at the begin of a line it does", "a\n  b", "a\nb", false, 60.0},
    {"and inside of one", "a +b", "a + b", false, 80.0},
    {"blank lines count", "a\n\nb", "a\nb", false, 75.0},
    {"nothing for something", "", "ab", false, 0.0},
    {"nothing for nothing", " ", "\n", true, 100.0},
    {"a half", "ab", "abcd", false, 50.0},
    {"characters are counted, not bytes", "ä", "äöüß", false, 25.0},
};

TEST(TextScores, CompareFillAndTarget) {
  for (const ScoreCase& c : kScores) {
    EXPECT_EQ(is_exact_match(c.fill, c.target), c.exact) << c.name;
    EXPECT_DOUBLE_EQ(edit_similarity(c.fill, c.target), c.similarity) << c.name;
    EXPECT_DOUBLE_EQ(edit_similarity(c.target, c.fill), c.similarity) << c.name;
  }
}

}  // namespace
}  // namespace inpaint::lsp
