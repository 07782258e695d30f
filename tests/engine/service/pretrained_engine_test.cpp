// Engines on files as publishers lay them out: the tiny models of tests/golden/pretrained.
#include "engine/service/pretrained_engine.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/engine/prompt/marked_request.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

fs::path golden(const std::string& name) {
  return fs::path(tests::source_folder()) / "tests/golden/pretrained" / name;
}

TEST(PretrainedEngine, KnowsWhatItOpens) {
  const TemporaryFolder folder;
  EXPECT_TRUE(is_pretrained(golden("qwen2_tied.gguf")));
  EXPECT_TRUE(is_pretrained(golden("granite")));
  EXPECT_FALSE(is_pretrained(fs::path(tests::source_folder()) / "engine/mini"));
  EXPECT_FALSE(is_pretrained(folder.path())) << "a folder without a config.json";
  std::ofstream(folder.path() / "config.json") << "{\"model_type\": ";
  EXPECT_FALSE(is_pretrained(folder.path())) << "one that cannot be read is refused elsewhere";
}

TEST(PretrainedEngine, FillsFromAFile) {
  EngineOptions options;
  options.model = golden("qwen2_yarn.gguf").string();
  options.threads = 1;
  const auto engine = open_pretrained(options);
  ASSERT_TRUE(engine) << to_string(engine.error());
  const EngineInfo& info = (*engine)->info();
  EXPECT_EQ(info.family, "qwen2");
  EXPECT_EQ(info.prompt_format, "fim-psm-1") << "it has the tokens of Qwen";
  EXPECT_EQ(info.fim_order, FimOrder::known);
  EXPECT_EQ(info.fim_family, "qwen");
  EXPECT_EQ(info.number_types, "F32 15");
  EXPECT_GT(info.context_budget, 64);
  FillRequest request = marked_request("a = ^\n");
  request.decoding.max_tokens = 8;
  std::string first;
  for (const Mode mode : {Mode::autoregressive, Mode::lossless, Mode::diffusion}) {
    request.decoding.mode = mode;
    const auto reply = (*engine)->fill(request);
    ASSERT_TRUE(reply) << to_string(reply.error());
    if (mode == Mode::autoregressive) first = reply->alternatives[0].fills[0].text;
    EXPECT_EQ(reply->alternatives[0].fills[0].text, first)
        << "without masks all modes write one text";
  }
}

TEST(PretrainedEngine, TakesAnotherFormatAndContextToMeasureWith) {
  EngineOptions options;
  options.model = golden("qwen2_yarn.gguf").string();
  options.context_tokens = 100;
  options.prompt_format = "fim-psm-2";
  const auto unknown = open_pretrained(options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::bad_argument);
  options.prompt_format = "inpaint-1";
  const auto foreign = open_pretrained(options);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().why, "the model has no tokens for this prompt format");
  options.prompt_format = "prefix-1";
  const auto engine = open_pretrained(options);
  ASSERT_TRUE(engine) << to_string(engine.error());
  EXPECT_EQ((*engine)->info().context_budget, 100);
}

TEST(PretrainedEngine, AModelOfFewPositionsIsRefused) {
  EngineOptions options;
  options.model = golden("llama_smollm2.gguf").string();
  const auto engine = open_pretrained(options);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().why, "128 positions are too few to complete code");
}

TEST(PretrainedEngine, AFolderNeedsItsTokenizer) {
  EngineOptions options;
  options.model = golden("qwen3").string();
  const auto engine = open_pretrained(options);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, ErrorCode::file_not_found);
  EXPECT_NE(engine.error().what.find("tokenizer.json"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
