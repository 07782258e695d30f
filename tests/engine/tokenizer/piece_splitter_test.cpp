#include "engine/tokenizer/piece_splitter.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/tokenizer/split_pattern.h"

namespace inpaint::engine {
namespace {

std::string split(const std::vector<std::string>& patterns, std::string_view text) {
  auto splitter = PieceSplitter::compile(patterns, "t");
  if (!splitter) return "error: " + to_string(splitter.error());
  std::string shown;
  std::size_t begin = 0;
  for (std::size_t end : splitter->split(text)) {
    if (end <= begin || end > text.size()) return "error: ends do not ascend";
    if (begin > 0) shown += '|';
    shown += text.substr(begin, end - begin);
    begin = end;
  }
  return begin == text.size() ? shown : "error: text is lost";
}

TEST(PieceSplitter, MatchesAndWhatLiesBetweenBecomePieces) {
  struct Case {
    const char* name;
    std::vector<std::string> patterns;
    std::string text;
    std::string expect;
  };
  const Case cases[] = {
      {"no text", {R"(\w+)"}, "", ""},
      {"no pattern, one piece", {}, "a b", "a b"},
      {"matches and gaps", {R"([a-z]+)"}, "ab, cd!", "ab|, |cd|!"},
      {"nothing matches", {"x"}, "ab", "ab"},
      {"the second pattern cuts what the first has left",
       {R"([a-z]+)", "[bd]"},
       "abc,d",
       "a|b|c|,|d"},
      {"look-ahead does not cross a piece", {"a", "b(?!c)"}, "bac", "b|a|c"},
      {"empty matches are none", {"x*"}, "axxb", "a|xx|b"},
      {"invalid bytes stand alone",
       {R"([a-z]+)"},
       "ab\xFF\xFE"
       "cd",
       "ab|\xFF\xFE|cd"},
      {"a character that is cut", {R"(\p{L}+)"}, "\xC3\xA9\xC3", "\xC3\xA9|\xC3"},
      {"\\K cannot go backwards", {R"((?<=ab\K)c|(?=a\Kb))"}, "abc", "a|b|c"},
  };
  for (const Case& c : cases) {
    std::string got = split(c.patterns, c.text);
    if (std::string_view(c.name).starts_with("\\K")) {
      EXPECT_FALSE(got.starts_with("error: text")) << got;  // refused or cut, never lost
      continue;
    }
    EXPECT_EQ(got, c.expect) << c.name;
  }
}

// Each of these is exponential or quadratic without limits: minutes to centuries for 300 KB. They
// end in classes, because a literal that the text lacks is noticed before any work is done.
TEST(PieceSplitter, NoPatternWorksForLong) {
  const std::string spaces(300'000, ' ');
  const std::string letters(300'000, 'a');
  const std::pair<const char*, std::string> cases[] = {
      {R"((a+)+[bc])", letters},
      {R"((?:a|a)*[bc])", letters},
      {R"(\s+[xy])", spaces},
      {R"([^y]+[yz](?<!z))", letters},
      {R"(^(a|aa)+[bc])", letters},
      {R"((?:a?){64}a{64}[bc])", letters},
      {R"(a*a*a*a*a*[bc])", letters},
      {R"((?=(a+))a*[bc]\1)", letters},
      {R"((?<=a)(?:.*?[,;]){11}P?)", letters},
      {R"((?:.|\n)*[bc])", letters},
  };
  for (const auto& [pattern, text] : cases) {
    auto splitter = PieceSplitter::compile({pattern}, "t");
    ASSERT_TRUE(splitter) << pattern;
    auto before = std::chrono::steady_clock::now();
    std::vector<std::size_t> ends = splitter->split(text);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    ASSERT_FALSE(ends.empty());
    EXPECT_EQ(ends.back(), text.size());
    // Far above what the limits allow, also under a sanitizer: this asks whether it ends at all.
    EXPECT_LT(took.count(), 60.0) << pattern;
  }
}

TEST(PieceSplitter, BehindALimitPiecesAreLines) {
  std::string line(2000, 'a');
  std::string text = line + "\n" + line + "\nend";
  auto splitter = PieceSplitter::compile({R"((?:a|a)*[bc])"}, "t");
  ASSERT_TRUE(splitter);
  EXPECT_EQ(splitter->split(text), (std::vector<std::size_t>{2001, 4002, 4005}));
}

TEST(PieceSplitter, TheSameTextIsAlwaysCutAlike) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::string(static_cast<std::size_t>(i % 40), 'a') + "\n";
  auto splitter = PieceSplitter::compile({R"((a+)+[bc])"}, "t");
  ASSERT_TRUE(splitter);
  EXPECT_EQ(splitter->split(text), splitter->split(text));
}

TEST(PieceSplitter, KnownPatternsStayFarBelowTheirBudget) {
  const char* const kQwen =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
      R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";
  auto pattern = translate_split_pattern(kQwen, "t");
  ASSERT_TRUE(pattern);
  auto splitter = PieceSplitter::compile({*pattern}, "t");
  ASSERT_TRUE(splitter);
  const std::string longest(5'000'000, ' ');
  EXPECT_EQ(splitter->split(longest + "x").front(), longest.size() - 1);
  EXPECT_EQ(splitter->split(std::string(5'000'000, 'a')).size(), 1U);
  EXPECT_EQ(splitter->split(std::string(5'000'000, '\n')).size(), 1U);
}

TEST(PieceSplitter, RefusesPatternsThatCannotBeCompiled) {
  const std::string cases[] = {"(",
                               "[",
                               "a{2,1}",
                               R"(\p{Nonsense})",
                               R"(\C)",
                               "(?<n>a)(?<n>b)",
                               std::string(100'000, 'a'),
                               std::string(5000, '('),
                               "(?:(?:(?:a{1000}){1000}){1000}){1000}"};
  for (const std::string& pattern : cases) {
    auto splitter = PieceSplitter::compile({pattern}, "t.json");
    ASSERT_FALSE(splitter) << pattern.substr(0, 50);
    EXPECT_EQ(splitter.error().code, ErrorCode::bad_tokenizer);
    EXPECT_EQ(splitter.error().what, "t.json");
  }
}

TEST(SplitPattern, IsReadAsOnigurumaReadsIt) {
  struct Case {
    const char* name;
    const char* pattern;
    std::string text;
    std::string expect;
  };
  const Case cases[] = {
      {"U+180E is no white space", R"(\s+)", "a \u180E\u00A0b", "a| |\u180E|\u00A0|b"},
      {"U+0085 is white space", R"(\s+)", "a\u0085b", "a|\u0085|b"},
      {"nor in a class", R"([^\s]+)", "a \u180Eb", "a| |\u180Eb"},
      {"not white space", R"(\S+)", "a \u180Eb", "a| |\u180Eb"},
      {"\\w has marks and connectors", R"(\w+)", "e\u0301_\u203F x", "e\u0301_\u203F| |x"},
      {"\\h is a hexadecimal digit", R"(\h+)", "xF0 y", "x|F0| y"},
      {"\\d is a decimal digit of any script", R"(\d+)", "x\u0663\u00BD", "x|\u0663|\u00BD"},
      {"^ begins every line", "^a", "a\na", "a|\n|a"},
      {"flag i knows the long s", "(?i:'s)", "x'\u017F", "x|'\u017F"},
      {"an escaped bracket", R"(\[a\])", "x[a]", "x|[a]"},
  };
  for (const Case& c : cases) {
    auto pattern = translate_split_pattern(c.pattern, "t");
    ASSERT_TRUE(pattern) << c.name << to_string(pattern.error());
    EXPECT_EQ(split({*pattern}, c.text), c.expect) << c.name << ": " << *pattern;
  }
}

TEST(SplitPattern, RefusesWhatTheTwoReadDifferently) {
  for (const char* pattern : {"[a&&b]", "[a[b]]", "[]", R"([\S])", R"(\b)", R"(\K)", R"(\Q)",
                              "(?m:a)", "(?<n>a)", "(*ACCEPT)", "(?C1)", "(?R)", "a\\", R"(\1)"}) {
    auto translated = translate_split_pattern(pattern, "t.json");
    ASSERT_FALSE(translated) << pattern;
    EXPECT_EQ(translated.error().code, ErrorCode::bad_tokenizer);
  }
}

TEST(SplitPattern, ALiteralFindsItself) {
  const std::string text = "a.b*(c)[d]\\e \u4e2d#-\n";
  EXPECT_EQ(split({literal_split_pattern(text)}, "x" + text + "y"), "x|" + text + "|y");
}

}  // namespace
}  // namespace inpaint::engine
