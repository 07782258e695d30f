#include "grammar/tree/keywords.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace inpaint::grammar {
namespace {

TEST(Keywords, AreTheWordsOfTheGrammar) {
  struct Case {
    const char* language;
    std::vector<std::string_view> has;
    std::vector<std::string_view> lacks;
  };
  const Case cases[] = {
      {"python", {"def", "return", "lambda", "async"}, {"self", "int", "len"}},
      {"cpp", {"struct", "while", "constexpr"}, {"int", "std"}},
      {"go", {"func", "range", "chan"}, {"string", "append"}},
      {"rust", {"fn", "match", "impl"}, {"Vec"}},
      {"java", {"class", "implements", "synchronized"}, {"String"}},
  };
  for (const auto& [name, has, lacks] : cases) {
    const std::vector<std::string_view> words = keywords(*language_by_name(name));
    EXPECT_TRUE(std::ranges::is_sorted(words)) << name;
    EXPECT_EQ(std::ranges::adjacent_find(words), words.end()) << name;
    for (const auto word : has) EXPECT_TRUE(std::ranges::count(words, word)) << name << ' ' << word;
    for (const auto word : lacks)
      EXPECT_FALSE(std::ranges::count(words, word)) << name << ' ' << word;
  }
}

TEST(Keywords, EveryLanguageHasSome) {
  for (const Language& language : languages())
    EXPECT_GT(keywords(language).size(), 10U) << language.name;
}

}  // namespace
}  // namespace inpaint::grammar
