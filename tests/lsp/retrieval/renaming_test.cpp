#include "lsp/retrieval/renaming.h"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct WordCase {
  const char* name;
  std::string_view from;
  std::string_view to;
  std::string_view word;
  std::string_view renamed;  // empty: it stays
};
constexpr WordCase kWords[] = {
    {"the word itself", "foo", "bar", "foo", "bar"},
    {"another word", "foo", "bar", "food", ""},
    {"a part of a word in camel case", "fooCount", "barCount", "getFoo", "getBar"},
    {"in snake case", "fooCount", "barCount", "get_foo_now", "get_bar_now"},
    {"in capitals", "foo_max", "bar_max", "FOO_MIN", "BAR_MIN"},
    {"a word of the part alone", "getFoo", "getBar", "foo", "bar"},
    {"a part that becomes two, camel", "getFoo", "getBarBaz", "fooSize", "barBazSize"},
    {"a part that becomes two, snake", "get_foo", "get_bar_baz", "foo_size", "bar_baz_size"},
    {"a snake part alone stays snake", "get_foo", "get_bar_baz", "foo", "bar_baz"},
    {"a camel part in a snake word", "getFoo", "getBarBaz", "foo_size", "bar_baz_size"},
    {"two that become one", "isFooBar", "isBaz", "FooBar", "Baz"},
    {"an acronym keeps its capitals", "HTTPServer", "FTPServer", "HTTPClient", "FTPClient"},
    {"numbers at the end", "test1", "test2", "case1", ""},
    {"numbers of two digits", "test10", "test20", "case10", "case20"},
    {"one letter reaches into no word", "a", "b", "a_size", ""},
    {"nothing in common", "foo", "bar", "myFoo", "myBar"},
    {"a part that only one of them has", "foo", "fooBar", "getFoo", ""},
    {"leading underscores stay", "_foo", "_bar", "__foo", "__bar"},
    {"letters of several bytes", "größeA", "höheA", "größeB", "höheB"},
    {"what stays the same", "foo", "foo", "foo", ""},
};

TEST(Renaming, OfWords) {
  for (const WordCase& c : kWords) {
    Renaming renaming;
    ASSERT_TRUE(renaming.add(c.from, c.to)) << c.name;
    EXPECT_EQ(renaming.renamed(c.word).value_or(""), c.renamed) << c.name;
  }
}

TEST(Renaming, IsOneToOne) {
  Renaming renaming;
  EXPECT_TRUE(renaming.add("a", "x"));
  EXPECT_TRUE(renaming.add("a", "x")) << "known";
  EXPECT_FALSE(renaming.add("a", "y"));
  EXPECT_FALSE(renaming.add("b", "x"));
  EXPECT_TRUE(renaming.add("x", "a")) << "a swap";
  EXPECT_EQ(renaming.renamed("b"), std::nullopt) << "what was refused is not there";
}

TEST(Renaming, WholeWordsComeBeforeParts) {
  Renaming renaming;
  EXPECT_TRUE(renaming.add("getFoo", "getBar"));
  EXPECT_TRUE(renaming.add("foo", "total"));
  EXPECT_EQ(renaming.renamed("foo"), "total");
  EXPECT_EQ(renaming.renamed("setFoo"), "setBar");
}

/// A word that has been added is renamed to its partner and back, whatever it is made of.
TEST(Renaming, KeepsItsPairsForAnyWords) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::string letters = "aAbB_1\xC3\xA4";
  const auto word = [&] {
    std::string text;
    const std::size_t n = 1 + random() % 6;
    for (std::size_t i = 0; i < n; ++i) text += letters[random() % letters.size()];
    return text;
  };
  for (int round = 0; round < 5000; ++round) {
    Renaming renaming;
    std::vector<std::pair<std::string, std::string>> pairs;
    for (int i = 0; i < 4; ++i) {
      const std::string from = word();
      const std::string to = word();
      if (renaming.add(from, to)) pairs.emplace_back(from, to);
    }
    for (const auto& [from, to] : pairs) EXPECT_EQ(renaming.renamed(from).value_or(from), to);
    for (int i = 0; i < 4; ++i) {
      const auto renamed = renaming.renamed(word());
      EXPECT_TRUE(!renamed || !renamed->empty());
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
