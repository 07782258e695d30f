// Copy hints by case, against a slow search, and the same however much of the rows is cached.

#include "engine/prompt/copy_hint_lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>
#include <utility>

#include "engine/prompt/prompt.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

class CopyHintLookupTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);

  /// The rows of a prompt and of the first span so far.
  std::vector<TokenId> rows(std::string_view before, std::string_view near,
                            std::string_view span) const {
    PromptParts parts;
    parts.path = tokens("a.py");
    parts.before = tokens(before);
    parts.near = tokens(near);
    std::vector<TokenId> all = assemble(special_, parts);
    all.push_back(special_.fill[0]);
    std::ranges::copy(tokens(span), std::back_inserter(all));
    return all;
  }
  std::vector<CopyHints> find(std::span<const TokenId> all, std::size_t first, std::size_t n_causal,
                              std::string_view memory = {}) const {
    return find_copy_hints(tokenizer_, special_, all, first, n_causal, memory);
  }
  std::vector<TokenId> tokens(std::string_view text) const { return token_ids(tokenizer_, text); }

  std::string said(const CopyHint& hint) const {
    if (hint.matched == 0) return "";
    return hint.token == special_.end ? "<end>" : std::string(tokenizer_.bytes(hint.token));
  }
};

struct CopyHintCase {
  const char* name;
  const char* before;
  const char* near;
  const char* span;
  const char* hint;  // of the span's last row
};

const CopyHintCase kCases[] = {
    {"nothing stood before", "abc", "", "", ""},
    {"a word that the hole cuts goes on as it did", "message(1)\nmess", "\n", "", "age"},
    {"what was written counts", "total = width + height\nto", "\n", "tal =", " width"},
    {"the longer match wins over the later one", "f(a, b)\nf(a, c)\nx(a, d)\nf(a, b)\nf(a, b", "\n",
     "", ")"},
    {"of equals the later one wins", "go left\ngo right\ngo", "\n", "", " right"},
    {"where the text behind the hole begins the span is over", "call(x);\ny\ncall(x", ");\n", "",
     "<end>"},
    {"the path is read too", "a.", "", "", "py"},
    {"what stands behind the hole is read too", "va", "\nvalue = 1\n", "", "l"},
    {"a span repeats itself", "q", "\n", "[[1, 2], [1,", " "},
};

TEST_F(CopyHintLookupTest, OfTheLastRowOfASpan) {
  for (const CopyHintCase& c : kCases) {
    const std::vector<TokenId> all = rows(c.before, c.near, c.span);
    const auto hints = find(all, all.size() - 1, all.size());
    ASSERT_EQ(hints.size(), 1U);
    EXPECT_EQ(said(hints[0][0]), c.hint) << c.name;
    EXPECT_FALSE(hints[0][0].in_block);
  }
}

TEST_F(CopyHintLookupTest, ABlockIsToldTheRunThatFollowedAndItsEnd) {
  std::vector<TokenId> all = rows("print(total, end)\nprint(to", "\nnext\n", "");
  const std::size_t n_clean = all.size();
  all.insert(all.end(), 6, special_.mask);
  std::string run;
  for (const CopyHints& hints : find(all, n_clean, n_clean)) {
    EXPECT_TRUE(hints[0].in_block);
    run += said(hints[0]) + "|";
  }
  EXPECT_EQ(run, "t|al|,| end|)|\n|");

  all = rows("print(total)\nx\nprint(to", "\nx\n", "");
  all.insert(all.end(), 6, special_.mask);
  run.clear();
  for (const CopyHints& hints : find(all, all.size() - 6, all.size() - 6))
    run += said(hints[0]) + "|";
  EXPECT_EQ(run, "t|al|)|<end>|||");
}

TEST_F(CopyHintLookupTest, ASpanRepeatsTheWholeFileAndAContextRowOnlyWhatItSees) {
  const std::string text = "def area(radius):\n    pass\n...\ndef ar";
  const std::vector<grammar::ByteRange> holes{{text.size(), text.size()}};
  const std::vector<TokenId> all = rows("def ar", "", "");
  EXPECT_EQ(find(all, all.size() - 1, all.size())[0][0].matched, 0);
  const std::string memory = copy_hint_memory(text, holes);
  const auto hints = find(all, 0, all.size(), memory);
  EXPECT_EQ(said(hints.back()[0]), "e");
  for (std::size_t row = 0; row + 1 < hints.size(); ++row)
    EXPECT_EQ(hints[row][0].matched, 0) << row;
}

TEST_F(CopyHintLookupTest, ADraftIsAsLongAsItsMatchAllowsAndEndsWithTheSpan) {
  const auto drafted = [&](std::string_view before, std::string_view near, std::string_view span) {
    CopyHintLookup lookup(tokenizer_, special_);
    lookup.append(rows(before, near, span));
    return tokenizer_.decode(lookup.draft());
  };
  EXPECT_EQ(drafted("a(b, c, d, e)\nx\na(", "\n", ""), "") << "two bytes that are the same";
  EXPECT_EQ(drafted("total(b, c, d, e)\nx\ntotal(", "\n", ""), "b") << "seven";
  EXPECT_EQ(drafted("first = total(b)\nx\nfirst = total(", "\nx", ""), "b)") << "up to the end";
}

TEST_F(CopyHintLookupTest, AnotherHoleGoesOnFromItsOwnPlace) {
  PromptParts parts;
  parts.before = tokens("alpha = beta\ngamma = delta\nal");
  parts.near = tokens("\ngam");
  parts.near.push_back(special_.hole[1]);
  std::vector<TokenId> all = assemble(special_, parts);
  all.push_back(special_.fill[1]);
  EXPECT_EQ(said(find(all, all.size() - 1, all.size())[0][0]), "ma");
}

TEST_F(CopyHintLookupTest, AHoleThatWasCutAwayHasNoHint) {
  PromptParts parts;
  parts.before = tokens("alpha = beta\nal");
  std::vector<TokenId> all = assemble(special_, parts);
  all.push_back(special_.fill[3]);
  EXPECT_EQ(find(all, all.size() - 1, all.size())[0][0].matched, 0);
}

TEST_F(CopyHintLookupTest, TheSecondIsWhatFollowedTheLongestMatchThatGoesOnOtherwise) {
  const auto second = [&](std::string_view before, std::string_view near) {
    const std::vector<TokenId> all = rows(before, near, "");
    return said(find(all, all.size() - 1, all.size())[0][1]);
  };
  EXPECT_EQ(second("f(a, b)\ng(a, c)\nf(a,", "\n"), " c") << "the first is b";
  EXPECT_EQ(second("f(a, b)\ng(a, b)\nf(a,", "\n"), "") << "both go on alike";
  EXPECT_EQ(second("go left\ngo left\ngo right\ngo right\ngo", "\n"), " left");
  EXPECT_EQ(second("call(x);\ny\ncall(x, z)\ncall(x", ");\n"), "<end>");
}

TEST_F(CopyHintLookupTest, ABlockIsToldTheSecondRunToo) {
  std::vector<TokenId> all = rows("print(total, end)\nprint(tool(s))\nprint(to", "\nnext\n", "");
  const std::size_t n_clean = all.size();
  all.insert(all.end(), 4, special_.mask);
  std::string first, second;
  for (const CopyHints& hints : find(all, n_clean, n_clean)) {
    first += said(hints[0]) + "|";
    second += said(hints[1]) + "|";
  }
  EXPECT_EQ(first, "ol|(s|))|\n|");
  EXPECT_EQ(second, "t|al|,| end|");
}

/// The definition in its plainest words, for the tokens of one text: of all that ever followed, the
/// two with the longest matches, of equals the later one.
CopyHints slow_hints(const Tokenizer& tokenizer, std::span<const TokenId> text) {
  std::map<TokenId, std::pair<int, std::size_t>> followed;  // longest match, and where it ends
  for (std::size_t end = 1; end < text.size(); ++end) {
    int matched = 0;
    for (std::size_t i = 1; i <= end && text[end - i] == text[text.size() - i] && matched < 32; ++i)
      matched += static_cast<int>(tokenizer.bytes(text[end - i]).size());
    if (matched > 0) followed[text[end]] = std::max(followed[text[end]], std::pair(matched, end));
  }
  std::vector<std::pair<TokenId, std::pair<int, std::size_t>>> all(followed.begin(),
                                                                   followed.end());
  std::ranges::sort(all, std::ranges::greater{}, [](const auto& entry) { return entry.second; });
  CopyHints hints;
  for (std::size_t i = 0; i < std::min<std::size_t>(kCopyHints, all.size()); ++i)
    hints[i] = {all[i].first, all[i].second.first};
  return hints;
}

TEST_F(CopyHintLookupTest, ContextRowsAgreeWithASlowSearchHoweverManyAreCached) {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  const std::vector<TokenId> words = tokens("one two three (");
  for (int round = 0; round < 100; ++round) {
    std::vector<TokenId> text(1 + random() % 60);
    for (TokenId& token : text) token = words[random() % words.size()];
    const auto hints = find(text, 0, text.size());
    for (std::size_t row = 0; row < text.size(); ++row) {
      const CopyHints expected = slow_hints(tokenizer_, std::span(text).first(row + 1));
      const CopyHints cached = find(text, row, text.size())[0];
      for (std::size_t rank = 0; rank < kCopyHints; ++rank) {
        ASSERT_EQ(match_class(hints[row][rank]), match_class(expected[rank]))
            << "seed " << seed << " row " << row;
        ASSERT_EQ(cached[rank].token, hints[row][rank].token) << "seed " << seed << " row " << row;
        ASSERT_EQ(cached[rank].matched, hints[row][rank].matched)
            << "seed " << seed << " row " << row;
      }
    }
  }
}

TEST_F(CopyHintLookupTest, RowsThatComeAndGoLeaveNothingBehind) {
  const auto flat = [](std::vector<CopyHints> rows) {
    std::vector<std::tuple<TokenId, int, bool>> all;
    for (const CopyHints& hints : rows)
      for (const CopyHint& hint : hints) all.emplace_back(hint.token, hint.matched, hint.in_block);
    return all;
  };
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::vector<TokenId> words = tokens("one(two) = three, ");
    const std::string memory = "three(two, one) = two(three)\none, one";
    std::vector<TokenId> all{special_.file};
    const auto add_words = [&](std::size_t n) {
      for (std::size_t i = 0; i < n; ++i) all.push_back(words[random() % words.size()]);
    };
    add_words(20);
    all.push_back(special_.near);
    add_words(random() % 4);
    all.push_back(special_.hole[1]);
    add_words(random() % 4);
    const std::size_t context = all.size();
    CopyHintLookup lookup(tokenizer_, special_, memory);
    lookup.append(all);
    for (int step = 0; step < 30; ++step) {
      // Spans are written, taken back, and written otherwise; another one may follow.
      const std::size_t kept = context + random() % (all.size() - context + 1);
      all.resize(kept);
      lookup.truncate(kept);
      const std::size_t added = all.size();
      if (random() % 3 == 0) all.push_back(special_.fill[random() % 2]);
      add_words(random() % 5);
      if (random() % 8 == 0) all.push_back(special_.end);
      lookup.append(std::span(all).subspan(added));
      ASSERT_TRUE(std::ranges::equal(lookup.rows(), all));

      std::vector<TokenId> masked = all;
      masked.insert(masked.end(), 4, special_.mask);
      std::vector<CopyHints> expected =
          find_copy_hints(tokenizer_, special_, masked, all.size() - 1, all.size(), memory);
      std::vector<CopyHints> found;
      if (random() % 2 == 0) std::ignore = lookup.draft();  // changes nothing
      found.push_back(lookup.hints());
      std::ranges::copy(lookup.block_hints(4), std::back_inserter(found));
      ASSERT_EQ(flat(found), flat(expected)) << "seed " << seed << " round " << round;
      CopyHintLookup fresh(tokenizer_, special_, memory);
      fresh.append(all);
      ASSERT_EQ(lookup.draft(), fresh.draft()) << "seed " << seed << " round " << round;
    }
  }
}

}  // namespace
}  // namespace inpaint::engine
