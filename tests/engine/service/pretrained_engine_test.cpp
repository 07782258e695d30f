// Engines on files as publishers lay them out: the tiny models of tests/golden/pretrained.
#include "engine/service/pretrained_engine.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/model_kind.h"
#include "engine/service/adapter_search.h"
#include "engine/tokenizer/fingerprint.h"
#include "engine/weights/gguf_file.h"
#include "engine/weights/gguf_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/random_adapter.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

fs::path golden(const std::string& name) {
  return fs::path(tests::source_folder()) / "tests/golden/pretrained" / name;
}

TEST(PretrainedEngine, KnowsWhatItOpens) {
  const TemporaryFolder folder;
  EXPECT_TRUE(is_published(golden("qwen2_tied.gguf")));
  EXPECT_TRUE(is_published(golden("granite")));
  EXPECT_FALSE(is_published(fs::path(tests::source_folder()) / "engine/mini"));
  EXPECT_FALSE(is_published(folder.path())) << "a folder without a config.json";
  std::ofstream(folder.path() / "config.json") << "{\"model_type\": ";
  EXPECT_FALSE(is_published(folder.path())) << "one that cannot be read is refused elsewhere";
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

/// The tokenizer's fingerprint of a golden file, and its shape.
std::pair<PretrainedConfig, std::string> base_of(const std::string& name) {
  const auto file = GgufFile::open(golden(name));
  const auto tokenizer = load_gguf_tokenizer(file->metadata(), name);
  return {pretrained_config(*file).value(), fingerprint(*tokenizer)};
}

TEST(PretrainedEngine, WritesTheSameTextWithAnyAdapter) {
  const auto [config, tokens] = base_of("qwen2_yarn.gguf");
  int forwards = 0, forwards_of_one = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const TemporaryFolder folder;
    ASSERT_TRUE(RandomAdapter(config, tokens, seed, 0.002F).write(folder.path()));
    EngineOptions options;
    options.model = golden("qwen2_yarn.gguf").string();
    options.threads = 2;
    options.adapter = folder.path().string();
    const auto engine = open_pretrained(options);
    ASSERT_TRUE(engine) << to_string(engine.error());
    EXPECT_EQ((*engine)->info().adapter, options.adapter);
    for (const char* text :
         {"a = ^\n", "def f(x):\n    return ^", "print(^)\n", "x = val^ + 1\n"}) {
      FillRequest request = marked_request(text);
      request.decoding.max_tokens = 12;
      request.decoding.mode = Mode::autoregressive;
      const auto slow = (*engine)->fill(request);
      request.decoding.mode = Mode::lossless;
      const auto fast = (*engine)->fill(request);
      ASSERT_TRUE(slow && fast);
      const Fill &a = slow->alternatives[0].fills[0], &b = fast->alternatives[0].fills[0];
      EXPECT_EQ(a.text, b.text) << text;
      EXPECT_EQ(a.probability, b.probability) << text;
      EXPECT_LE(fast->forwards, slow->forwards);
      forwards += fast->forwards;
      forwards_of_one += slow->forwards;
    }
  }
  RecordProperty("forwards", forwards);
  EXPECT_LE(forwards, forwards_of_one);
}

TEST(PretrainedEngine, DiffusionIsForTheFilesThatAnAdapterWasMeasuredOn) {
  const auto [config, tokens] = base_of("qwen2_yarn.gguf");
  RandomAdapter adapter(config, tokens, 1, 0.002F);
  const auto fill = [&](const char* measured_on, Mode mode) {
    const TemporaryFolder folder;
    adapter.config.measured_on = {measured_on};
    EXPECT_TRUE(adapter.write(folder.path()));
    EngineOptions options;
    options.model = golden("qwen2_yarn.gguf").string();
    options.threads = 1;
    options.adapter = folder.path().string();
    const auto engine = open_pretrained(options).value();
    FillRequest request = marked_request("x = val^ + 1\n");
    request.decoding.max_tokens = 12;
    request.decoding.mode = mode;
    request.decoding.threshold = 0.0F;  // every mask is believed
    return engine->fill(request).value();
  };
  const FillReply plain = fill("another.gguf", Mode::autoregressive);
  const std::string& text = plain.alternatives[0].fills[0].text;
  const FillReply drafted = fill("another.gguf", Mode::diffusion);
  EXPECT_EQ(drafted.alternatives[0].fills[0].text, text) << "on a relative masks only draft";
  const FillReply believed = fill("qwen2_yarn.gguf", Mode::diffusion);
  EXPECT_NE(believed.alternatives[0].fills[0].text, text) << "random masks are believed";
  EXPECT_LT(believed.forwards, plain.forwards);
}

TEST(PretrainedEngine, AnAdapterThatIsNamedHasToDo) {
  const auto [config, tokens] = base_of("qwen2_yarn.gguf");
  const TemporaryFolder folder;
  EngineOptions options;
  options.model = golden("qwen2_yarn.gguf").string();
  options.adapter = folder.path().string();
  const auto missing = open_pretrained(options);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::file_not_found);
  ASSERT_TRUE(RandomAdapter(config, "another", 1).write(folder.path()));
  const auto foreign = open_pretrained(options);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::bad_argument);
  options.adapter = kNoAdapter;
  const auto none = open_pretrained(options);
  ASSERT_TRUE(none);
  EXPECT_EQ((*none)->info().adapter, "");
  EXPECT_EQ((*none)->info().adapter_note, "");
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
