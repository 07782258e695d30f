// The ids of published tokenizers are those of the reference: tests/golden/tokenizers/make.py wrote them.
#include "engine/weights/gguf_tokenizer.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"
#include "tests/published_model.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class PublishedTokenizer : public tests::PublishedModel,
                           public testing::WithParamInterface<const char*> {
 protected:
  static json read_golden(const std::string& name) {
    const fs::path folder = fs::path(tests::source_folder()) / "tests/golden/tokenizers";
    return json::parse(TemporaryFolder::read(folder / (name + ".json")));
  }
  void SetUp() override {
    golden_ = read_golden(GetParam());
    need(golden_["file"].get<std::string>());
  }

  json golden_;
};

std::vector<TokenId> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<TokenId> ids;
  for (const Token& token : tokenizer.encode(text)) ids.push_back(token.id);
  return ids;
}

TEST_P(PublishedTokenizer, GivesTheIdsOfTheReference) {
  const auto texts = read_golden("splits")["texts"].get<std::vector<std::string>>();
  const auto file = GgufFile::open(path_);
  ASSERT_TRUE(file) << to_string(file.error());
  const auto tokenizer = load_gguf_tokenizer(file->metadata(), path_.string());
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  EXPECT_EQ(tokenizer->size(), golden_["size"].get<int>());
  ASSERT_EQ(golden_["ids"].size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<TokenId> ids = ids_of(*tokenizer, texts[i]);
    EXPECT_EQ(ids, golden_["ids"][i].get<std::vector<TokenId>>()) << json(texts[i]);
    EXPECT_EQ(tokenizer->decode(ids), texts[i]);
  }
  const auto in_two = golden_["in_two"].get<std::string>();
  for (const json& half : golden_["halves"]) {
    const auto border = half[0].get<std::size_t>();
    EXPECT_EQ(ids_of(*tokenizer, std::string_view(in_two).substr(0, border)),
              half[1].get<std::vector<TokenId>>());
    EXPECT_EQ(ids_of(*tokenizer, std::string_view(in_two).substr(border)),
              half[2].get<std::vector<TokenId>>());
  }
  for (const char* marker : {"<|endoftext|>", "<|im_end|>"}) {
    const auto id = tokenizer->special(marker);
    ASSERT_TRUE(id) << marker;
    EXPECT_TRUE(tokenizer->is_special(*id));
    EXPECT_GT(tokenizer->encode(marker).size(), 1U);
  }
  // A slow search over all tokens finds the same ones.
  for (const std::string_view bytes : {" ret", "for", "\n    ", "\xE4\xB8", "}"}) {
    std::size_t n_compatible = 0;
    for (TokenId id = 0; id < tokenizer->size(); ++id) {
      const std::string_view token = tokenizer->bytes(id);
      n_compatible += !token.empty() && (token.starts_with(bytes) || bytes.starts_with(token));
    }
    EXPECT_EQ(tokenizer->tokens_compatible_with(bytes).size(), n_compatible) << bytes;
  }
}

INSTANTIATE_TEST_SUITE_P(Gguf, PublishedTokenizer, testing::Values("qwen2.5-coder", "smollm2"),
                         [](const auto& given) {
                           return std::string(given.param).starts_with("qwen") ? "Qwen" : "SmolLm";
                         });

}  // namespace
}  // namespace inpaint::engine
