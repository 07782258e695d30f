#include "engine/weights/gguf_tokenizer.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/tokenizer/small_description.h"

namespace inpaint::engine {
namespace {

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

}  // namespace
}  // namespace inpaint::engine
