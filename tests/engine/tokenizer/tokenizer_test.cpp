#include "engine/tokenizer/tokenizer.h"

#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/tokenizer/small_tokenizer.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

Tokenizer make(const json& document) {
  auto tokenizer = Tokenizer::parse(document.dump(), "t.json");
  if (!tokenizer) throw std::runtime_error(to_string(tokenizer.error()));
  return *tokenizer;
}

// The tokens' texts, with "|" between them.
std::string pieces_of(const Tokenizer& tokenizer, std::string_view text) {
  std::string shown;
  for (const Token& token : tokenizer.encode(text)) {
    if (!shown.empty()) shown += '|';
    shown += text.substr(token.bytes.begin, token.bytes.size());
  }
  return shown;
}

struct MergeCase {
  const char* name;
  std::vector<std::pair<std::string, std::string>> merges;
  const char* text;
  const char* expect;
};

TEST(Tokenizer, MergesInTheOrderTheyWereLearnt) {
  const MergeCase cases[] = {
      {"no merges, bytes", {}, "abc", "a|b|c"},
      {"the first merge wins", {{"b", "c"}, {"a", "b"}}, "abc", "a|bc"},
      {"the order is that of learning, not of the text", {{"a", "b"}, {"b", "c"}}, "abc", "ab|c"},
      {"leftmost of equals", {{"a", "a"}}, "aaa", "aa|a"},
      {"merges build on merges", {{"a", "b"}, {"ab", "c"}, {"abc", "d"}}, "abcd", "abcd"},
      {"two ways to one token", {{"b", "c"}, {"a", "bc"}, {"a", "b"}, {"ab", "c"}}, "abc", "abc"},
      {"a token that its merges cannot reach is not used",
       {{"b", "c"}, {"a", "b"}, {"ab", "c"}},
       "abc",
       "a|bc"},
      {"merges stay inside of a piece", {{"a", " "}, {"a", "b"}}, "a ab", "a| |ab"},
  };
  for (const MergeCase& c : cases) {
    EXPECT_EQ(pieces_of(make(small_tokenizer(c.merges)), c.text), c.expect) << c.name;
  }
}

TEST(Tokenizer, IgnoreMergesTakesAWholePieceThatIsAToken) {
  json document = small_tokenizer({{"b", "c"}, {"a", "b"}, {"ab", "c"}});
  document["model"]["ignore_merges"] = true;
  EXPECT_EQ(pieces_of(make(document), "abc"), "abc");
}

TEST(Tokenizer, ReadsBothFormsOfMerges) {
  json document = small_tokenizer({{"a", "b"}, {" ", "ab"}});
  document["model"]["merges"] = {"a b", "\u0120 ab"};
  EXPECT_EQ(pieces_of(make(document), "ab ab"), "ab| ab");
}

// A long piece goes through the heap, a short one through the row. A long one that is a short one
// again and again, with borders that nothing merges across, must come out the same.
TEST(Tokenizer, LongPiecesMergeLikeShortOnes) {
  std::vector<std::pair<std::string, std::string>> merges = {
      {"c", "a"}, {"a", "b"}, {"b", "b"}, {"ab", "ab"}, {"bb", "a"}, {"ca", "bb"}, {"abab", "ab"}};
  json document = small_tokenizer(merges);
  document["pre_tokenizer"] = split_by(R"([a-z#]+|\s+)");
  Tokenizer tokenizer = make(document);
  const unsigned seed = 20260101;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::string word;
    for (int i = 0; i < 40; ++i) word += "abc"[random() % 3];
    std::vector<TokenId> once = ids_of(tokenizer, word);
    std::vector<TokenId> border = ids_of(tokenizer, "#");
    std::vector<TokenId> expect;
    std::string text;
    for (int i = 0; i < 5; ++i) {
      text += word + "#";
      expect.insert(expect.end(), once.begin(), once.end());
      expect.insert(expect.end(), border.begin(), border.end());
    }
    ASSERT_EQ(ids_of(tokenizer, text), expect) << word;
  }
}

TEST(Tokenizer, ArbitraryBytesComeBackAndRangesCoverThem) {
  Tokenizer tokenizer =
      make(small_tokenizer({{"a", "b"}, {"\xE4", "\xB8"}, {"\n", " "}, {" ", " "}}));
  const unsigned seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string parts[] = {"ab",
                               " ",
                               "\n",
                               "\xE4\xB8\xAD",
                               "\xE4\xB8",
                               "\xFF",
                               std::string(1, '\0'),
                               "<mask>",
                               "\xC0\x80",
                               "\xED\xA0\x80",
                               "\xF0\x9F\x98\x80",
                               "9",
                               "\r\n"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (unsigned i = random() % 30; i > 0; --i) text += parts[random() % std::size(parts)];
    std::size_t at = 0;
    std::vector<TokenId> ids;
    for (const Token& token : tokenizer.encode(text)) {
      ASSERT_EQ(token.bytes.begin, at);
      ASSERT_FALSE(tokenizer.is_special(token.id));
      ASSERT_EQ(tokenizer.bytes(token.id), text.substr(at, token.bytes.size()));
      at = token.bytes.end;
      ids.push_back(token.id);
    }
    ASSERT_EQ(at, text.size());
    ASSERT_EQ(tokenizer.decode(ids), text);
  }
}

TEST(Tokenizer, TextThatLooksLikeASpecialTokenIsOrdinary) {
  Tokenizer tokenizer = make(small_tokenizer());
  EXPECT_EQ(pieces_of(tokenizer, "<mask>"), "<|m|a|s|k|>");
  EXPECT_EQ(tokenizer.special("<mask>"), 1);
  EXPECT_EQ(tokenizer.special("<none>"), std::nullopt);
  EXPECT_EQ(tokenizer.special("a"), std::nullopt);
  EXPECT_TRUE(tokenizer.is_special(1));
  EXPECT_FALSE(tokenizer.is_special(2));
}

TEST(Tokenizer, SpecialAndUnknownIdsDecodeToNothing) {
  json document = small_tokenizer();
  document["added_tokens"].push_back({{"id", 300}, {"content", "<think>"}, {"special", false}});
  Tokenizer tokenizer = make(document);
  const TokenId a = ids_of(tokenizer, "a").front();
  const TokenId ids[] = {a, 1, 300, 299, -1, 301, 2'000'000'000, -2'000'000'000, a};
  EXPECT_EQ(tokenizer.decode(ids), "aa");
  EXPECT_EQ(tokenizer.size(), 301);
  EXPECT_TRUE(tokenizer.is_special(300));  // never taken from text, so special to us
  EXPECT_FALSE(tokenizer.is_special(299));
  EXPECT_EQ(tokenizer.bytes(299), "");
  EXPECT_FALSE(tokenizer.is_special(-1));
  EXPECT_FALSE(tokenizer.is_special(2'000'000'000));
}

TEST(Tokenizer, NamesTheIdsThatStandForNoText) {
  json document = small_tokenizer();
  document["added_tokens"].push_back({{"id", 260}, {"content", "<think>"}, {"special", false}});
  const Tokenizer tokenizer = make(document);
  EXPECT_EQ(tokenizer.without_text(263), (std::vector<TokenId>{0, 1, 258, 259, 260, 261, 262}));
  EXPECT_EQ(tokenizer.without_text(2), (std::vector<TokenId>{0, 1}));
}

TEST(Tokenizer, AddedTextIsTakenBeforeTheTextIsCut) {
  json document = small_tokenizer({{"a", "b"}, {" ", " "}});
  // The stand-in of the byte 0xF5, which no text has, is an added text in DeepSeek's vocabularies.
  document["model"]["vocab"].erase("\u00f5");
  int next = 300;
  for (const char* text : {"  ", "    ", "b+", "\u00f5"}) {
    document["added_tokens"].push_back({{"id", next++}, {"content", text}, {"special", false}});
  }
  const Tokenizer tokenizer = make(document);
  const std::pair<const char*, const char*> cases[] = {
      {"    ab", "    |ab"},     // the longest wins
      {"     ab", "    | |ab"},  // from the left; what follows is cut as if it stood alone
      {"   ab", "  | |ab"},      // shorter where the longest does not fit
      {"ab+ab", "a|b+|ab"},      // no merge reaches into it
      {"b", "b"},                // a beginning of it is ordinary
      {"x\u00f5y", "x|\u00f5|y"},
  };
  for (const auto& [text, expect] : cases) EXPECT_EQ(pieces_of(tokenizer, text), expect) << text;
  EXPECT_EQ(ids_of(tokenizer, "    \u00f5"), (std::vector<TokenId>{301, 303}));
  EXPECT_FALSE(tokenizer.is_special(301));
  EXPECT_EQ(tokenizer.bytes(301), "    ");
  EXPECT_EQ(tokenizer.special("    "), std::nullopt);
}

TEST(Tokenizer, AnAddedTextThatIsAWordAsWellIsOneToken) {
  json document = small_tokenizer({{"a", "b"}, {"ab", "c"}});
  const int ab = document["model"]["vocab"]["ab"];
  document["added_tokens"].push_back({{"id", ab}, {"content", "ab"}, {"special", false}});
  EXPECT_EQ(pieces_of(make(document), "abc xab"), "ab|c| |x|ab");
}

TEST(Tokenizer, AByteThatTheVocabularyLacksBecomesTheSubstitute) {
  json document = small_tokenizer();
  for (const char* byte : {"\x04", "\xF5", "\xC0"}) {
    document["model"]["vocab"].erase(stand_ins_from_bytes(byte));
  }
  const Tokenizer tokenizer = make(document);
  const std::string text = "a\x04z\xF5\xC0";
  EXPECT_EQ(pieces_of(tokenizer, text), "a|\x04|z|\xF5|\xC0");
  EXPECT_EQ(tokenizer.decode(ids_of(tokenizer, text)), "a\x1Az\x1A\x1A");
}

TEST(Tokenizer, FindsTheTokensThatAreCompatibleWithBytes) {
  json document = small_tokenizer({{"f", "o"}, {"fo", "o"}, {"foo", "b"}, {"f", "i"}});
  document["added_tokens"].push_back({{"id", 400}, {"content", "foot"}, {"special", false}});
  const Tokenizer tokenizer = make(document);
  const auto found = [&](std::string_view bytes) {
    std::string shown;
    for (TokenId id : tokenizer.tokens_compatible_with(bytes)) {
      shown += std::string(tokenizer.bytes(id)) + "|";
    }
    return shown;
  };
  EXPECT_EQ(found("fo"), "f|fo|foo|foob|foot|");
  EXPECT_EQ(found("foot"), "f|fo|foo|foot|");
  EXPECT_EQ(found("foobar"), "f|fo|foo|foob|");
  EXPECT_EQ(found("f"), "f|fi|fo|foo|foob|foot|");
  EXPECT_EQ(found("\xFF\xFF"), "\xFF|");
  EXPECT_EQ(tokenizer.tokens_compatible_with("").size(), 256U + 5U);
}

TEST(Tokenizer, FindsWhereTheLastPieceBegins) {
  json document = small_tokenizer();
  document["added_tokens"].push_back({{"id", 400}, {"content", "    "}, {"special", false}});
  const Tokenizer tokenizer = make(document);
  const std::pair<const char*, std::size_t> cases[] = {
      {"", 0}, {"abc", 0}, {"abc def", 3}, {"abc ", 3}, {"abc(", 3}, {"x    ", 1}, {"x    ab", 5},
  };
  for (const auto& [text, begin] : cases)
    EXPECT_EQ(tokenizer.last_piece_begin(text), begin) << text;
}

TEST(Tokenizer, NormaliserNfcIsNotApplied) {
  json document = small_tokenizer();
  document["normalizer"] = {{"type", "NFC"}};
  EXPECT_EQ(make(document).encode("e\u0301").size(), 3U);  // would be two bytes in NFC
}

TEST(Tokenizer, ManyThreadsMayEncodeAtOnce) {
  const Tokenizer tokenizer = make(small_tokenizer({{"a", "b"}, {"ab", "ab"}}));
  const std::string text = "abab ab a\n\nabababab \xFF <mask>";
  const std::vector<Token> expect = tokenizer.encode(text);
  std::vector<std::jthread> threads;
  std::vector<int> wrong(4, 0);
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) count += tokenizer.encode(text) != expect;
    });
  }
  threads.clear();  // joins
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace inpaint::engine
