// What the base writes behind prompts side by side, against each of them alone.
#include "engine/training/adapter/base_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "engine/service/pretrained_engine.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using Prompts = std::vector<std::vector<TokenId>>;

class BaseWriterOf : public testing::Test {
 protected:
  BaseWriterOf()
      : parts_(load_pretrained_parts({.model = (fs::path(tests::source_folder()) /
                                                "tests/golden/pretrained/qwen2_tied.gguf")
                                                   .string()})
                   .value()),
        base_(parts_.config, parts_.weights,
              TokenChoice(parts_.config.vocabulary, parts_.never_proposed(), parts_.setting.ends),
              1),
        writer_(base_, parts_.setting.special) {}

  void expect_as_alone(const Prompts& prompts) {
    constexpr int kMost = 6;
    const auto together = writer_.write(prompts, kMost).value();
    ASSERT_EQ(together.size(), prompts.size());
    for (std::size_t i = 0; i < prompts.size(); ++i) {
      SCOPED_TRACE(testing::Message() << "prompt " << i);
      const WrittenSpan alone = std::move(writer_.write({&prompts[i], 1}, kMost).value().front());
      EXPECT_EQ(together[i].tokens, alone.tokens);
      EXPECT_EQ(together[i].context, static_cast<int>(prompts[i].size()));
      for (std::size_t layer = 0; layer < alone.keys.size(); ++layer) {
        EXPECT_TRUE(at::equal(together[i].keys[layer], alone.keys[layer])) << "layer " << layer;
        EXPECT_TRUE(at::equal(together[i].values[layer], alone.values[layer])) << "layer " << layer;
      }
    }
  }

  PretrainedParts parts_;
  PretrainedModel base_;
  BaseWriter writer_;
};

TEST_F(BaseWriterOf, PromptsThatBeginAlikeWritesWhatEachAloneWouldGet) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const auto draw = [&](unsigned n) { return static_cast<int>(random() % n); };
    // Each goes on from some beginning of the one before: longer, shorter, or nothing of it.
    Prompts prompts;
    const int n = 1 + draw(BaseWriter::kSideBySide);
    while (static_cast<int>(prompts.size()) < n) {
      std::vector<TokenId> prompt;
      if (!prompts.empty() && draw(4) > 0) prompt = prompts.back();
      prompt.resize(static_cast<std::size_t>(draw(static_cast<unsigned>(prompt.size()) + 1)));
      for (int more = 1 + draw(40); more > 0; --more) prompt.push_back(60 + draw(200));
      prompts.push_back(std::move(prompt));
    }
    expect_as_alone(prompts);
  }
}

TEST_F(BaseWriterOf, TheSamePromptTwiceIsWrittenTwice) {
  const std::vector<TokenId> prompt(30, 70);
  expect_as_alone({prompt, prompt, prompt});
}

}  // namespace
}  // namespace inpaint::engine
