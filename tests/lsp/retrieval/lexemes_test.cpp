#include "lsp/retrieval/lexemes.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

std::vector<std::string> texts_of(std::string_view text) {
  LexemeIds ids;
  const Lexemes lexemes(text, ids);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < lexemes.size(); ++i) texts.emplace_back(lexemes.text(i));
  return texts;
}

TEST(Lexemes, Cases) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts_of(""), Texts{});
  EXPECT_EQ(texts_of("a.b12(3)"), (Texts{"a", ".", "b12", "(", "3", ")"}));
  EXPECT_EQ(texts_of("0x1F"), (Texts{"0", "x1F"}));
  EXPECT_EQ(texts_of("a  \t b"), (Texts{"a", "  \t ", "b"}));
  EXPECT_EQ(texts_of("a\n\t\tb\r\n  c"), (Texts{"a", "\n\t\t", "b", "\r\n  ", "c"}));
  EXPECT_EQ(texts_of("\r\r\n"), (Texts{"\r", "\r\n"}));
  EXPECT_EQ(texts_of("größe=maß"), (Texts{"größe", "=", "maß"}));
  EXPECT_EQ(texts_of("\xFF\x80|"), (Texts{"\xFF\x80", "|"}));
}

TEST(Lexemes, KnowHowDeepTheirLineIs) {
  LexemeIds ids;
  const Lexemes lexemes("  a b\n    c\n\td", ids);
  std::vector<std::size_t> depths;
  for (std::size_t i = 0; i <= lexemes.size(); ++i) depths.push_back(lexemes.depth_before(i));
  //                                          "  " a " " b \n c \n d end
  EXPECT_EQ(depths, (std::vector<std::size_t>{2, 2, 2, 2, 2, 4, 4, 1, 1}));
}

TEST(Lexemes, EqualTextsHaveEqualIds) {
  LexemeIds ids;
  const Lexemes one("foo(bar)\n  x", ids);
  const Lexemes two("bar (foo)\nx", ids);
  EXPECT_EQ(one[0].id, two[3].id);
  EXPECT_EQ(one[2].id, two[0].id);
  EXPECT_NE(one[0].id, one[2].id);
  EXPECT_EQ(one[4].id, two[5].id) << "line ends are alike";
  EXPECT_EQ(one[1].id, two[2].id);
}

TEST(Lexemes, AreTheWholeText) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const std::size_t n = random() % 40;
    for (std::size_t i = 0; i < n; ++i)
      text += random() % 3 == 0 ? static_cast<char>(random()) : "a 1\n\r\t_("[random() % 8];
    std::string joined;
    for (const std::string& lexeme : texts_of(text)) {
      EXPECT_FALSE(lexeme.empty());
      joined += lexeme;
    }
    EXPECT_EQ(joined, text);
  }
}

}  // namespace
}  // namespace inpaint::lsp
