// What is no byte-level BPE that we can serve exactly is refused, by name.
#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/tokenizer/small_tokenizer.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

struct BadCase {
  const char* name;
  std::function<void(json&)> change;
  const char* says;
};

TEST(Tokenizer, RefusesWhatIsNotByteLevelBpe) {
  const BadCase cases[] = {
      {"WordPiece", [](json& d) { d["model"]["type"] = "WordPiece"; }, "\"WordPiece\""},
      {"Unigram", [](json& d) { d["model"]["type"] = "Unigram"; }, "\"Unigram\""},
      {"Metaspace", [](json& d) { d["pre_tokenizer"] = {{"type", "Metaspace"}}; }, "\"Metaspace\""},
      {"no pre-tokenizer", [](json& d) { d["pre_tokenizer"] = nullptr; }, "pre_tokenizer"},
      {"Sequence without ByteLevel",
       [](json& d) {
         d["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {{{"type", "Digits"}}}}};
       },
       "\"Digits\""},
      {"empty Sequence",
       [](json& d) {
         d["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", json::array()}};
       },
       "parts"},
      {"a space is put in front", [](json& d) { d["pre_tokenizer"]["add_prefix_space"] = true; },
       "add_prefix_space"},
      {"lower case", [](json& d) { d["normalizer"] = {{"type", "Lowercase"}}; }, "\"Lowercase\""},
      {"decoder of WordPiece", [](json& d) { d["decoder"] = {{"type", "WordPiece"}}; },
       "\"WordPiece\""},
      {"byte fallback", [](json& d) { d["model"]["byte_fallback"] = true; }, "byte_fallback"},
      {"dropout", [](json& d) { d["model"]["dropout"] = 0.1; }, "dropout"},
      {"prefix of subwords", [](json& d) { d["model"]["continuing_subword_prefix"] = "##"; },
       "continuing_subword_prefix"},
      {"a byte without token", [](json& d) { d["model"]["vocab"].erase("a"); }, "0x61"},
      {"a token that is no bytes", [](json& d) { d["model"]["vocab"]["\u4e2d"] = 900; },
       "byte-level"},
      {"an empty token", [](json& d) { d["model"]["vocab"][""] = 900; }, "byte-level"},
      {"one id twice", [](json& d) { d["model"]["vocab"]["zz"] = 50; },
       "two tokens have the id 50"},
      {"negative id", [](json& d) { d["model"]["vocab"]["zz"] = -1; }, "the id -1"},
      {"huge id", [](json& d) { d["model"]["vocab"]["zz"] = 4'000'000'000; }, "4000000000"},
      {"id that is no number", [](json& d) { d["model"]["vocab"]["zz"] = "7"; }, "\"7\""},
      {"vocab is a list", [](json& d) { d["model"]["vocab"] = json::array(); }, "vocab"},
      {"no merges", [](json& d) { d["model"].erase("merges"); }, "merges"},
      {"a merge of an unknown token",
       [](json& d) { d["model"]["merges"] = json::array({json::array({"a", "zz"})}); },
       "not in the vocabulary"},
      {"a merge into an unknown token",
       [](json& d) { d["model"]["merges"] = json::array({json::array({"a", "z"})}); },
       "not in the vocabulary"},
      {"a merge into a special token",
       [](json& d) {
         d["model"]["vocab"]["<m"] = 900;
         d["model"]["vocab"]["ask>"] = 901;
         d["model"]["merges"] = json::array({json::array({"<m", "ask>"})});
       },
       "not in the vocabulary"},
      {"a merge of three",
       [](json& d) { d["model"]["merges"] = json::array({json::array({"a", "b", "c"})}); }, "pair"},
      {"a merge that is a number", [](json& d) { d["model"]["merges"] = {7}; }, "pair"},
      {"a merge in words without space", [](json& d) { d["model"]["merges"] = {"ab"}; }, "pair"},
      {"a merge twice",
       [](json& d) {
         d["model"]["vocab"]["ab"] = 900;
         d["model"]["merges"] = {"a b", "a b"};
       },
       "twice"},
      {"added token without id", [](json& d) { d["added_tokens"].push_back({{"content", "<x>"}}); },
       "without id"},
      {"added token twice",
       [](json& d) { d["added_tokens"].push_back({{"id", 900}, {"content", "<pad>"}}); }, "twice"},
      {"added token with a taken id",
       [](json& d) { d["added_tokens"].push_back({{"id", 50}, {"content", "<x>"}}); }, "id 50"},
      {"added token contradicts the vocabulary", [](json& d) { d["added_tokens"][0]["id"] = 900; },
       "\"<pad>\""},
      {"added text that takes the space before it",
       [](json& d) {
         d["added_tokens"].push_back({{"id", 900}, {"content", "tt"}, {"lstrip", true}});
       },
       "lstrip"},
      {"added texts in two rounds",
       [](json& d) {
         d["added_tokens"].push_back({{"id", 900}, {"content", "  "}, {"normalized", true}});
         d["added_tokens"].push_back({{"id", 901}, {"content", "   "}, {"normalized", false}});
       },
       "normalized"},
      {"added text of a kilobyte",
       [](json& d) {
         d["added_tokens"].push_back({{"id", 900}, {"content", std::string(1024, ' ')}});
       },
       "256 bytes"},
      {"pattern that is none", [](json& d) { d["pre_tokenizer"] = split_by("(a"); }, "pattern"},
      {"matches are removed", [](json& d) { d["pre_tokenizer"] = split_by("a", "Removed"); },
       "\"Removed\""},
      {"matches join the piece before",
       [](json& d) { d["pre_tokenizer"] = split_by("a", "MergedWithPrevious"); },
       "\"MergedWithPrevious\""},
      {"ignore_merges is text", [](json& d) { d["model"]["ignore_merges"] = "yes"; },
       "ignore_merges"},
      {"not an object", [](json& d) { d = json::array(); }, "object"},
  };
  for (const BadCase& c : cases) {
    json document = small_tokenizer();
    c.change(document);
    auto tokenizer = Tokenizer::parse(document.dump(), "t.json");
    ASSERT_FALSE(tokenizer) << c.name;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::bad_tokenizer) << c.name;
    EXPECT_EQ(tokenizer.error().what, "t.json") << c.name;
    EXPECT_NE(tokenizer.error().why.find(c.says), std::string::npos)
        << c.name << ": " << tokenizer.error().why;
    EXPECT_FALSE(tokenizer.error().remedy.empty()) << c.name;
  }
}

TEST(Tokenizer, RefusesBadJson) {
  std::string good = small_tokenizer().dump();
  const std::pair<const char*, std::string> cases[] = {
      {"empty", ""},
      {"cut", good.substr(0, good.size() / 2)},
      {"nested deeply", std::string(100'000, '[')},
      {"key twice", R"({"model": {"vocab": {"a": 1, "a": 2}}})"},
      {"key that is no string", R"({1: 2})"},
      {"bytes that are no UTF-8", "{\"model\": \"\xFF\"}"},
      {"text behind the end", good + "x"},
      {"65 MB", std::string(65 << 20, ' ')},
  };
  for (const auto& [name, text] : cases) {
    auto tokenizer = Tokenizer::parse(text, "t.json");
    ASSERT_FALSE(tokenizer) << name;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::bad_tokenizer) << name;
  }
}

TEST(Tokenizer, LoadNamesTheMissingFile) {
  TemporaryFolder folder;
  auto tokenizer = Tokenizer::load(folder.path() / "tokenizer.json");
  ASSERT_FALSE(tokenizer);
  EXPECT_EQ(tokenizer.error().code, ErrorCode::file_not_found);
  EXPECT_NE(tokenizer.error().what.find("tokenizer.json"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
