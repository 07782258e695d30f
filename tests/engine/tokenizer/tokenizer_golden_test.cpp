// Ids and byte ranges as the reference implementation gives them.
//
// Each *.json in tests/golden/engine/tokenizer with "cases" names a tokenizer and holds texts with
// their ids and offsets in bytes; make_tokenizer_goldens.py beside them wrote them.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/tokenizer.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kRoot = tests::source_folder();

TEST(TokenizerGolden, IdsAndOffsetsAreThoseOfTheReference) {
  int n_files = 0;
  for (const auto& file : fs::directory_iterator(kRoot / "tests/golden/engine/tokenizer")) {
    if (file.path().extension() != ".json") continue;
    json golden = json::parse(TemporaryFolder::read(file.path()));
    if (!golden.contains("cases")) continue;  // a tokenizer, not a golden
    ++n_files;
    auto tokenizer = Tokenizer::load(kRoot / golden["tokenizer"].get<std::string>());
    ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
    ASSERT_GT(golden["cases"].size(), 20U) << file.path();
    for (const json& c : golden["cases"]) {
      auto text = c["text"].get<std::string>();
      std::vector<TokenId> ids;
      std::vector<std::vector<std::size_t>> offsets;
      for (const Token& token : tokenizer->encode(text)) {
        ids.push_back(token.id);
        offsets.push_back({token.bytes.begin, token.bytes.end});
      }
      EXPECT_EQ(ids, c["ids"].get<std::vector<TokenId>>()) << file.path() << ": " << c["text"];
      EXPECT_EQ(offsets, c["offsets"].get<decltype(offsets)>()) << file.path() << ": " << c["text"];
      EXPECT_EQ(tokenizer->decode(ids), text);
    }
  }
  EXPECT_GE(n_files, 2);
}

// tests/golden/tokenizers/make.py wrote them.
TEST(TokenizerGolden, AddedTextsAreTakenAsTheReferenceTakesThem) {
  const json golden =
      json::parse(TemporaryFolder::read(kRoot / "tests/golden/tokenizers/added_texts.json"));
  const auto tokenizer = Tokenizer::parse(golden["tokenizer"].dump(), "added_texts.json");
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  ASSERT_EQ(golden["texts"].size(), 200U);
  for (std::size_t i = 0; i < golden["texts"].size(); ++i) {
    const auto text = golden["texts"][i].get<std::string>();
    std::vector<TokenId> ids;
    for (const Token& token : tokenizer->encode(text)) ids.push_back(token.id);
    EXPECT_EQ(ids, golden["ids"][i].get<std::vector<TokenId>>()) << golden["texts"][i];
    EXPECT_EQ(tokenizer->decode(ids), text);
  }
}

TEST(TokenizerGolden, TheEmbeddedModelHasItsSpecialTokens) {
  auto tokenizer = Tokenizer::load(kRoot / "engine/mini/tokenizer.json");
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  EXPECT_EQ(tokenizer->size(), 16384);
  std::vector<std::string> names = {"<pad>",     "<mask>", "<end>",    "<file>",
                                    "<snippet>", "<far>",  "<prefix>", "<near>"};
  for (int i = 0; i < 8; ++i) names.push_back("<hole_" + std::to_string(i) + ">");
  for (int i = 0; i < 8; ++i) names.push_back("<fill_" + std::to_string(i) + ">");
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(tokenizer->special(names[i]), static_cast<TokenId>(i)) << names[i];
    EXPECT_TRUE(tokenizer->is_special(static_cast<TokenId>(i)));
    EXPECT_EQ(tokenizer->bytes(static_cast<TokenId>(i)), "");
  }
  // "Newline and indentation in one token."
  EXPECT_EQ(tokenizer->encode("\n        ").size(), 1U);
}

}  // namespace
}  // namespace inpaint::engine
