// Prompts as an adapter is trained on them, and the tokens that it may propose.
#include "engine/training/adapter/prompt_stream.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <ranges>

#include "engine/service/pretrained_engine.h"
#include "engine/training/adapter/draft_vocabulary.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

class PromptsOf : public testing::Test {
 protected:
  PromptsOf()
      : parts_(load_pretrained_parts({.model = (fs::path(tests::source_folder()) /
                                                "tests/golden/pretrained/qwen2_tied.gguf")
                                                   .string()})
                   .value()),
        writer_{parts_.tokenizer, parts_.setting.special, *parts_.setting.format} {
    for (int file = 0; file < 6; ++file) {
      std::ofstream out(folder_.path() / fmt::format("file{}.py", file));
      for (int i = 0; i < 40; ++i) out << "value_" << i << " = other_" << i * file << " + 1\n";
    }
    corpus_ = Corpus::open(folder_.path()).value();
  }

  using Prompts = std::vector<std::vector<TokenId>>;

  /// Of `n` documents.
  std::vector<Prompts> take(PromptStream& stream, int n) const {
    std::vector<Prompts> all;
    for (int i = 0; i < n; ++i) all.push_back(stream.next().value());
    return all;
  }

  TemporaryFolder folder_;
  PretrainedParts parts_;
  PromptWriter writer_;
  std::optional<Corpus> corpus_;
};

TEST_F(PromptsOf, AreTheSameForOneSeedAndOthersForAnother) {
  PromptStream first(*corpus_, writer_, 7, {}, 128), again(*corpus_, writer_, 7, {}, 128),
      other(*corpus_, writer_, 8, {}, 128);
  const auto prompts = take(first, 9);
  EXPECT_EQ(take(again, 9), prompts);
  EXPECT_NE(take(other, 9), prompts);
}

TEST_F(PromptsOf, GoOnFromAPlace) {
  PromptStream whole(*corpus_, writer_, 7, {}, 128), begun(*corpus_, writer_, 7, {}, 128);
  auto expected = take(whole, 10);
  take(begun, 7);
  PromptStream rest(*corpus_, writer_, 7, begun.place(), 128);
  EXPECT_EQ(take(rest, 3), std::vector(expected.begin() + 7, expected.end()));
}

TEST_F(PromptsOf, AreLaidOutAsUseLaysThemOut) {
  PromptStream stream(*corpus_, writer_, 1, {}, 128);
  const std::vector<Prompts> all = take(stream, 20);
  for (const std::vector<TokenId>& prompt : all | std::views::join) {
    EXPECT_LE(prompt.size(), 128U);
    const auto prefix = std::ranges::find(prompt, parts_.setting.special.prefix);
    const auto suffix = std::ranges::find(prompt, parts_.setting.special.near);
    ASSERT_NE(prefix, prompt.end());
    ASSERT_NE(suffix, prompt.end());
    EXPECT_LT(prefix, suffix);
    // A span begins at a border of the tokenizer's pieces: the text in front is not cut in a token.
    const std::string before = parts_.tokenizer.decode(std::span(prefix + 1, suffix));
    EXPECT_EQ(held_bytes(parts_.tokenizer, writer_.format, before + "x", before.size() + 1) > 0,
              true);
  }
}

TEST_F(PromptsOf, OneDocumentShareTheTextAbove) {
  PromptStream stream(*corpus_, writer_, 1, {}, 256);
  int several = 0;
  for (const Prompts& prompts : take(stream, 20)) {
    EXPECT_LE(std::ssize(prompts), PromptStream::kOfDocument);
    several += prompts.size() > 1 ? 1 : 0;
    for (std::size_t i = 1; i < prompts.size(); ++i) {
      const auto end_of_text = [&](const std::vector<TokenId>& prompt) {
        return std::ranges::find(prompt, parts_.setting.special.near);
      };
      const auto shared = std::ranges::mismatch(prompts[i - 1], prompts[i]).in1;
      EXPECT_EQ(shared, end_of_text(prompts[i - 1]));
      EXPECT_LT(shared - prompts[i - 1].begin(), end_of_text(prompts[i]) - prompts[i].begin());
    }
  }
  EXPECT_GT(several, 15);
}

TEST_F(PromptsOf, TheDraftVocabularyHoldsTheFrequentTokensAndTheEnd) {
  const int all = parts_.config.vocabulary;
  const TokenId end = parts_.setting.special.end;
  const auto few = draft_vocabulary(*corpus_, parts_.tokenizer, all, end, 12);
  ASSERT_TRUE(few);
  EXPECT_EQ(few->size(), 12U);
  EXPECT_TRUE(std::ranges::is_sorted(*few));
  EXPECT_TRUE(std::ranges::binary_search(*few, end));
  const auto tokens = parts_.tokenizer.encode("value_1 = other_1 + 1\n");
  EXPECT_TRUE(std::ranges::binary_search(*few, tokens.back().id)) << "each line has it";
  EXPECT_EQ(draft_vocabulary(*corpus_, parts_.tokenizer, all, end, all + 5)->size(),
            static_cast<std::size_t>(all));
}

}  // namespace
}  // namespace inpaint::engine
