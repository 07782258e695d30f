#include "engine/prompt/fim_family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/prompt/byte_tokenizer.h"

namespace inpaint::engine {
namespace {

const std::vector<std::string> kStarcoder = {"<|endoftext|>", "<fim_prefix>", "<fim_middle>",
                                             "<fim_suffix>",  "<fim_pad>",    "<filename>",
                                             "<file_sep>"};

struct FamilyCase {
  const char* name;
  const char* model_name;
  std::vector<std::string> special;
  const char* family;  // "": none
  const char* format;
  const char* file;
  FimOrder order = FimOrder::known;
};

const FamilyCase kCases[] = {
    {"Qwen's tokens are enough",
     "Qwen2.5 Coder 0.5B Instruct",
     {"<|endoftext|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
      "<|file_sep|>"},
     "qwen",
     "fim-psm-1",
     "<|file_sep|>"},
    {"StarCoder reads the prefix first", "starcoder2", kStarcoder, "starcoder", "fim-psm-1",
     "<file_sep>"},
    {"Mellum has the same names in the other order", "JetBrains Mellum-4b", kStarcoder, "mellum",
     "fim-spm-1", "<filename>"},
    {"Granite names files otherwise", "granite-3b-code", kStarcoder, "granite", "fim-psm-1",
     "<filename>"},
    {"DeepSeek has a token at the hole",
     "deepseek-coder",
     {"<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<｜end▁of▁sentence｜>"},
     "deepseek",
     "fim-psm-1",
     ""},
    {"Seed-Coder reads the suffix first",
     "Seed-Coder-8B",
     {"<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "</s>"},
     "seed-coder",
     "fim-spm-1",
     ""},
    {"a model of files alone goes on",
     "SmolLM2 135M Instruct",
     {"<|endoftext|>", "<|im_end|>", "<file_sep>"},
     "",
     "prefix-1",
     "",
     FimOrder::absent},
    {"another model with StarCoder's names may read in either order", "some-model-1b", kStarcoder,
     "", "fim-psm-1", "", FimOrder::assumed},
    {"a part of the tokens is none",
     "half",
     {"<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>"},
     "",
     "prefix-1",
     "",
     FimOrder::absent},
};

TEST(FimFamily, FollowsFromTokensAndName) {
  for (const FamilyCase& c : kCases) {
    const Tokenizer tokenizer = byte_tokenizer({}, c.special);
    const FimFamily* family = find_fim_family(tokenizer, c.model_name);
    EXPECT_EQ(family == nullptr ? "" : family->name, c.family) << c.name;
    const auto setting = fim_setting(tokenizer, c.model_name, {});
    ASSERT_TRUE(setting) << c.name << to_string(setting.error());
    EXPECT_EQ(setting->format->name, c.format) << c.name;
    EXPECT_EQ(setting->special.file, tokenizer.special(c.file).value_or(kNoToken)) << c.name;
    EXPECT_EQ(setting->family, c.family) << c.name;
    EXPECT_EQ(setting->order, c.order) << c.name;
    EXPECT_EQ(setting->special.fill[0] == kNoToken, c.order == FimOrder::absent) << c.name;
    EXPECT_EQ(setting->special.end, setting->ends.front()) << c.name;
  }
}

TEST(FimFamily, WhatEndsATextIsWhatTheFileNamesAndWhatTheModelHas) {
  const Tokenizer tokenizer =
      byte_tokenizer({}, {"<|endoftext|>", "<|im_end|>", "<|fim_pad|>", "<odd>"});
  const auto setting = fim_setting(tokenizer, "model", {.end = 259});
  ASSERT_TRUE(setting);
  EXPECT_THAT(setting->ends, testing::ElementsAre(259, 256, 257, 258));
}

TEST(FimFamily, WhatTheFileDeclaresServesAModelThatTheTableDoesNotKnow) {
  const Tokenizer tokenizer =
      byte_tokenizer({}, {"<|endoftext|>", "<PRE>", "<SUF>", "<MID>", "<half>"});
  const auto setting =
      fim_setting(tokenizer, "model", {.prefix = 257, .suffix = 258, .middle = 259});
  ASSERT_TRUE(setting);
  EXPECT_EQ(setting->order, FimOrder::assumed);
  EXPECT_EQ(setting->format->name, "fim-psm-1");
  EXPECT_EQ(setting->special.prefix, 257);
  EXPECT_EQ(setting->special.near, 258);
  EXPECT_EQ(setting->special.fill[0], 259);
  const auto half = fim_setting(tokenizer, "model", {.prefix = 257, .suffix = 258});
  ASSERT_TRUE(half);
  EXPECT_EQ(half->order, FimOrder::absent);
}

TEST(FimFamily, AModelThatNeverEndsIsRefused) {
  const auto setting = fim_setting(byte_tokenizer({}, {"<odd>"}), "model", {});
  ASSERT_FALSE(setting);
  EXPECT_EQ(setting.error().code, ErrorCode::bad_tokenizer);
}

}  // namespace
}  // namespace inpaint::engine
