// Real files are read where a person has fetched them; INPAINT_MODELS=required makes a missing one a
// failure.
#include "engine/weights/gguf_tokenizer.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/base/environment.h"
#include "engine/base/folders.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/tokenizer/small_description.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

GgufMetadata small_metadata() {
  const SmallDescription small = small_description({{"a", "b"}});
  GgufMetadata metadata;
  metadata.values["tokenizer.ggml.model"] = std::string("gpt2");
  metadata.values["tokenizer.ggml.pre"] = small.pre;
  metadata.values["tokenizer.ggml.tokens"] = small.tokens;
  metadata.values["tokenizer.ggml.token_type"] = small.types;
  metadata.values["tokenizer.ggml.merges"] = small.merges;
  return metadata;
}

TEST(GgufTokenizer, ReadsTheListsOfTheMetadata) {
  const auto tokenizer = load_gguf_tokenizer(small_metadata(), "t.gguf");
  ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
  EXPECT_EQ(ids_of(*tokenizer, "ab"), std::vector<TokenId>{258});
  EXPECT_EQ(tokenizer->special("<mask>"), 1);
}

TEST(GgufTokenizer, RefusesOtherTokenizersByName) {
  struct BadCase {
    const char* name;
    std::function<void(GgufMetadata&)> change;
    const char* says;
  };
  const auto erase = [](const char* key) {
    return [key](GgufMetadata& m) { m.values.erase(std::string("tokenizer.ggml.") + key); };
  };
  const BadCase cases[] = {
      {"SentencePiece",
       [](GgufMetadata& m) { m.values["tokenizer.ggml.model"] = std::string("llama"); },
       "\"llama\", served is \"gpt2\""},
      {"no model", erase("model"), "tokenizer.ggml.model is missing"},
      {"no split", erase("pre"), "tokenizer.ggml.pre is missing, known are dbrx"},
      {"an unknown split",
       [](GgufMetadata& m) { m.values["tokenizer.ggml.pre"] = std::string("viking"); },
       "\"viking\", known are"},
      {"no tokens", erase("tokens"), "tokenizer.ggml.tokens"},
      {"no types", erase("token_type"), "tokenizer.ggml.token_type"},
      {"no merges", erase("merges"), "tokenizer.ggml.merges"},
      {"tokens that are numbers",
       [](GgufMetadata& m) { m.values["tokenizer.ggml.tokens"] = std::vector<std::int64_t>{1, 2}; },
       "tokenizer.ggml.tokens"},
      {"a space in front",
       [](GgufMetadata& m) { m.values["tokenizer.ggml.add_space_prefix"] = true; },
       "add_space_prefix"},
      {"odd types",
       [](GgufMetadata& m) {
         m.values["tokenizer.ggml.token_type"] = std::vector<std::int64_t>{1, 1};
       },
       "2 types of tokens"},
  };
  for (const BadCase& c : cases) {
    GgufMetadata metadata = small_metadata();
    c.change(metadata);
    const auto tokenizer = load_gguf_tokenizer(metadata, "t.gguf");
    ASSERT_FALSE(tokenizer) << c.name;
    EXPECT_EQ(tokenizer.error().code, ErrorCode::bad_tokenizer) << c.name;
    EXPECT_NE(tokenizer.error().why.find(c.says), std::string::npos)
        << c.name << ": " << tokenizer.error().why;
  }
}

// tests/golden/tokenizers/make.py wrote the ids.
TEST(GgufTokenizer, IdsOfRealFilesAreThoseOfTheReference) {
  const fs::path goldens = fs::path(tests::source_folder()) / "tests/golden/tokenizers";
  const auto texts = json::parse(TemporaryFolder::read(goldens / "splits.json"))["texts"]
                         .get<std::vector<std::string>>();
  int n_missing = 0;
  for (const char* name : {"qwen2.5-coder.json", "smollm2.json"}) {
    SCOPED_TRACE(name);
    const json golden = json::parse(TemporaryFolder::read(goldens / name));
    const fs::path path = cache_folder() / "models" / golden["file"].get<std::string>();
    if (!fs::exists(path)) {
      EXPECT_NE(environment("INPAINT_MODELS"), "required") << path << " is missing";
      ++n_missing;
      continue;
    }
    const auto file = GgufFile::open(path);
    ASSERT_TRUE(file) << to_string(file.error());
    const auto tokenizer = load_gguf_tokenizer(file->metadata(), path.string());
    ASSERT_TRUE(tokenizer) << to_string(tokenizer.error());
    EXPECT_EQ(tokenizer->size(), golden["size"].get<int>());
    ASSERT_EQ(golden["ids"].size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::vector<TokenId> ids = ids_of(*tokenizer, texts[i]);
      EXPECT_EQ(ids, golden["ids"][i].get<std::vector<TokenId>>()) << json(texts[i]);
      EXPECT_EQ(tokenizer->decode(ids), texts[i]);
    }
    const auto in_two = golden["in_two"].get<std::string>();
    for (const json& half : golden["halves"]) {
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
  if (n_missing == 2) GTEST_SKIP() << "no model in " << cache_folder() / "models";
}

}  // namespace
}  // namespace inpaint::engine
