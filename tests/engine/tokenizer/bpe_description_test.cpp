#include "engine/tokenizer/bpe_description.h"

#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/tokenizer/small_description.h"

namespace inpaint::engine {
namespace {

const std::vector<std::pair<std::string, std::string>> kMerges = {
    {"a", "b"}, {" ", "ab"}, {" ", " "}, {"\n", "  "}, {"\xC3", "\xA9"}, {"ab", "ab"}, {"1", "2"}};

Tokenizer make(const SmallDescription& description) {
  auto tokenizer = Tokenizer::from_description(description.view(), "t.gguf");
  if (!tokenizer) throw std::runtime_error(to_string(tokenizer.error()));
  return *tokenizer;
}

TEST(BpeDescription, GivesTheTokenizerOfTheSameJson) {
  const Tokenizer lists = make(small_description(kMerges));
  const auto json = Tokenizer::parse(small_tokenizer(kMerges).dump(), "t.json");
  ASSERT_TRUE(json) << to_string(json.error());
  EXPECT_EQ(lists.size(), json->size());
  EXPECT_EQ(lists.special("<mask>"), 1);
  EXPECT_TRUE(lists.is_special(0));
  const unsigned seed = 20261129;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string parts[] = {"ab", " ", "\n", "a", "\xC3\xA9", "12", "<mask>", "\xFF", "_"};
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (unsigned i = random() % 20; i > 0; --i) text += parts[random() % std::size(parts)];
    ASSERT_EQ(lists.encode(text), json->encode(text)) << text;
    ASSERT_EQ(lists.decode(ids_of(lists, text)), text);
  }
}

TEST(BpeDescription, TypesSayWhatComesFromText) {
  SmallDescription description = small_description();
  const auto first = static_cast<TokenId>(description.tokens.size());
  description.add("<|fim_prefix|>", 4);  // a marker, though the file calls it user-defined
  description.add("  ", 4);              // text
  description.add("[PAD]", 5);           // no token
  description.add("<unk>", 2);           // a marker
  description.add("   ", 1);             // text, though the file calls it normal
  const Tokenizer tokenizer = make(description);
  EXPECT_EQ(tokenizer.special("<|fim_prefix|>"), first);
  EXPECT_TRUE(tokenizer.is_special(first));
  EXPECT_EQ(tokenizer.bytes(first), "");
  EXPECT_EQ(ids_of(tokenizer, "<|fim_prefix|>").size(), std::string("<|fim_prefix|>").size());
  EXPECT_EQ(ids_of(tokenizer, "     "), (std::vector<TokenId>{first + 4, first + 1}));
  EXPECT_EQ(tokenizer.special("[PAD]"), std::nullopt);
  EXPECT_FALSE(tokenizer.is_special(first + 2));
  EXPECT_EQ(tokenizer.bytes(first + 2), "");
  EXPECT_TRUE(tokenizer.is_special(first + 3));
  EXPECT_EQ(tokenizer.size(), first + 5);
}

struct BadCase {
  const char* name;
  std::function<void(SmallDescription&)> change;
  const char* says;
};

TEST(BpeDescription, RefusesWhatCannotBe) {
  using D = SmallDescription;
  const BadCase cases[] = {
      {"no tokens",
       [](D& d) {
         d.tokens.clear();
         d.types.clear();
       },
       "no tokens"},
      {"a type too few", [](D& d) { d.types.pop_back(); }, "257 types"},
      {"type 0", [](D& d) { d.types[7] = 0; }, "token 7 has the type 0"},
      {"type 7", [](D& d) { d.types[7] = 7; }, "token 7 has the type 7"},
      {"a huge type", [](D& d) { d.types[7] = std::int64_t{1} << 40; }, "1099511627776"},
      {"a byte token", [](D& d) { d.add("<0x0A>", 6); }, "type 6 (byte)"},
      {"an unknown split", [](D& d) { d.pre = "tekken"; }, "\"tekken\", known are dbrx, "},
      {"a split without name", [](D& d) { d.pre = ""; }, "known are"},
      {"a word twice", [](D& d) { d.add("a", 1); }, "\"a\" stands twice, with the ids 99 and 258"},
      {"a marker twice", [](D& d) { d.add("<pad>", 3); }, "\"<pad>\" stands twice"},
      {"a marker that is a word", [](D& d) { d.add("a", 3); }, "\"a\" has the id 99"},
      {"an empty word", [](D& d) { d.add("", 1); }, "does not stand for bytes"},
      {"an empty marker", [](D& d) { d.add("", 3); }, "added token 258 is empty"},
      {"a word that is no text at all", [](D& d) { d.add("\xFF\xFE", 1); }, "\\xff\\xfe"},
      {"added text of a kilobyte", [](D& d) { d.add(std::string(1024, ' '), 4); }, "256 bytes"},
      {"a byte without token", [](D& d) { d.types[99] = 5; }, "byte 0x61"},
      {"a merge without a space", [](D& d) { d.merges = {"ab"}; }, "\"ab\" is not a pair"},
      {"a merge of three", [](D& d) { d.merges = {"a b c"}; }, "not a pair"},
      {"a merge of nothing", [](D& d) { d.merges = {" "}; }, "not in the vocabulary"},
      {"a merge of an unknown word", [](D& d) { d.merges = {"a zz"}; }, "\"a zz\" names or makes"},
      {"a merge into an unknown word", [](D& d) { d.merges = {"a b"}; }, "\"a b\" names or makes"},
      {"a merge into a marker",
       [](D& d) {
         d.add("<m", 1);
         d.add("ask>", 1);
         d.merges = {"<m ask>"};
       },
       "not in the vocabulary"},
      // A merge makes the longer word, so none can lead back; this one would have to make "a".
      {"a cycle",
       [](D& d) {
         d.add("ab", 1);
         d.merges = {"ab a"};
       },
       "not in the vocabulary"},
      {"a merge twice",
       [](D& d) {
         d.add("ab", 1);
         d.merges = {"a b", "a b"};
       },
       "\"a b\" stands twice"},
      {"SentencePiece's words",
       [](D& d) {
         for (std::string& token : d.tokens) token = "\u2581" + token;
       },
       "byte 0x00"},
  };
  for (const BadCase& c : cases) {
    SmallDescription description = small_description();
    c.change(description);
    const auto tokenizer = Tokenizer::from_description(description.view(), "t.gguf");
    ASSERT_FALSE(tokenizer) << c.name;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::bad_tokenizer) << c.name;
    EXPECT_EQ(tokenizer.error().what, "t.gguf") << c.name;
    EXPECT_NE(tokenizer.error().why.find(c.says), std::string::npos)
        << c.name << ": " << tokenizer.error().why;
  }
}

}  // namespace
}  // namespace inpaint::engine
