// Files of a mask adapter: what is written is read back, and what makes no sense is refused by
// name.
#include "engine/weights/mask_adapter.h"

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/random_adapter.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kTokenizer = "00000000deadbeef";

PretrainedConfig small_base() {
  PretrainedConfig base;
  base.family = "qwen2";
  base.hidden = 96;  // a group and a half
  base.layers = 2;
  base.heads = 4;
  base.kv_heads = 2;
  base.head_dim = 16;
  base.intermediate = 160;
  base.vocabulary = 300;
  return base;
}

RandomAdapter small_adapter() { return {small_base(), kTokenizer, 1}; }

TEST(MaskAdapter, WhatIsWrittenIsReadBack) {
  for (const int markov_rank : {0, 32, 64}) {
    const TemporaryFolder folder;
    const RandomAdapter written(small_base(), kTokenizer, 3, 0.02F, markov_rank);
    ASSERT_TRUE(written.write(folder.path()));
    const auto read = load_mask_adapter(folder.path(), small_base(), kTokenizer);
    ASSERT_TRUE(read) << to_string(read.error());
    EXPECT_EQ(read->config, written.config);
    ASSERT_EQ(read->layers.size(), 2U);
    for (std::size_t i = 0; i < kAdapterProjections.size(); ++i) {
      const ThinPair& pair = read->layers[1][i];
      const ProjectionShape shape = projection_shape(written.config.base, i);
      ASSERT_EQ(pair.down.inputs(), shape.inputs);
      ASSERT_EQ(pair.up.outputs(), shape.outputs);
      std::vector<float> down(static_cast<std::size_t>(shape.inputs)), up(4);
      pair.down.row(3, down.data());
      for (int column = 0; column < shape.inputs; ++column)
        ASSERT_EQ(down[static_cast<std::size_t>(column)],
                  written.value(adapter_tensor_name(1, i, "down"), 3, column))
            << kAdapterProjections[i] << ", " << column;
      pair.up.row(shape.outputs - 1, up.data());
      for (int row = 0; row < 4; ++row) {
        const float exact = written.value(adapter_tensor_name(1, i, "up"), row, shape.outputs - 1);
        ASSERT_NEAR(up[static_cast<std::size_t>(row)], exact, std::abs(exact) * 5e-4F)
            << kAdapterProjections[i] << ", " << row;
      }
    }
    EXPECT_EQ(read->markov_left.empty(), markov_rank == 0);
    if (markov_rank > 0) {
      std::vector<float> right(static_cast<std::size_t>(markov_rank));
      read->markov_right.row(99, right.data());
      EXPECT_EQ(right[17], written.value("markov.right", 99, 17));
    }
    EXPECT_EQ(read->masks[100], written.at<float>("masks", 100));
    EXPECT_EQ(read->draft_tokens[5], 11);
  }
}

TEST(MaskAdapter, AnotherModelsAdapterIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(small_adapter().write(folder.path()));
  EXPECT_TRUE(load_mask_adapter(folder.path(), small_base(), kTokenizer));
  const auto other_tokens = load_mask_adapter(folder.path(), small_base(), "0123");
  ASSERT_FALSE(other_tokens);
  EXPECT_EQ(other_tokens.error().code, ErrorCode::bad_argument);
  EXPECT_THAT(other_tokens.error().why, HasSubstr("00000000deadbeef"));
  for (int PretrainedConfig::* field :
       {&PretrainedConfig::hidden, &PretrainedConfig::layers, &PretrainedConfig::heads,
        &PretrainedConfig::kv_heads, &PretrainedConfig::head_dim, &PretrainedConfig::intermediate,
        &PretrainedConfig::vocabulary}) {
    PretrainedConfig base = small_base();
    base.*field *= 2;
    const auto other = load_mask_adapter(folder.path(), base, kTokenizer);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::bad_argument) << to_string(other.error());
  }
}

TEST(MaskAdapter, AConfigThatMakesNoSenseIsRefusedByName) {
  struct Case {
    const char* key;
    json value;
    const char* why;
  };
  const Case cases[] = {
      {"format", "lora", "format is \"lora\""},
      {"version", 2, "version is 2"},
      {"version", "1", "version is \"1\""},
      {"rank", 0, "rank is 0"},
      {"rank", -1, "rank is -1"},
      {"rank", 1e9, "rank is 1000000000.0"},
      {"masks", 1000, "masks is 1000"},
      {"masks", nullptr, "masks is missing"},
      {"markov_rank", -4, "markov_rank is -4"},
      {"draft_tokens", 301, "draft_tokens is 301 of 300"},
      {"tokenizer", 7, "tokenizer is 7"},
      {"measured_on", "a.gguf", "measured_on is \"a.gguf\""},
      {"rows", -1, "rows is no count"},
      {"base", 3, "base is no object"},
      {"base", json::object(), "base: family is missing"},
  };
  for (const Case& c : cases) {
    json document = json::parse(to_json(small_adapter().config));
    document[c.key] = c.value;
    const auto read = parse_adapter_config(document.dump(), "config.json");
    ASSERT_FALSE(read) << c.key << ": " << c.value;
    EXPECT_EQ(read.error().code, ErrorCode::bad_config);
    EXPECT_THAT(to_string(read.error()), HasSubstr(c.why));
  }
  for (const char* text : {"", "[]", "{\"rank\": 1, \"rank\": 1}", "{\"format\"", "null"})
    EXPECT_FALSE(parse_adapter_config(text, "config.json")) << text;
}

TEST(MaskAdapter, ATensorThatMakesNoSenseIsRefusedByName) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  struct Case {
    const char* what;
    std::function<void(RandomAdapter&)> change;
    const char* why;
  };
  const Case cases[] = {
      {"missing", [](auto& a) { a.tensors.erase("layers.1.up.up"); },
       "tensor layers.1.up.up: is missing"},
      {"of no adapter", [](auto& a) { a.tensors["extra"] = {DType::i8, {1}, "x"}; },
       "tensor extra: does not belong"},
      {"a layer too many",
       [](auto& a) { a.tensors["layers.2.q.down"] = a.tensors["layers.1.q.down"]; },
       "tensor layers.2.q.down: does not belong"},
      {"dtype",
       [](auto& a) {
         a.tensors["masks"] = {DType::bf16, {3, 96}, std::string(std::size_t{3 * 96 * 2}, '\0')};
       },
       "tensor masks: is BF16 [3, 96], expected F32 [3, 96]"},
      {"shape", [](auto& a) { a.tensors["layers.0.o.down"].shape = {64, 4}; },
       "tensor layers.0.o.down: is I8 [64, 4], expected I8 [4, 64]"},
      {"scales of another shape", [](auto& a) { a.tensors["layers.0.q.down.scale"].shape = {8}; },
       "tensor layers.0.q.down.scale: is F16 [8], expected F16 [4, 2]"},
      {"NaN in a scale",
       [](auto& a) { a.template set<std::uint16_t>("markov.left.scale", 3, 0x7E00); },
       "tensor markov.left.scale: holds infinite values"},
      {"infinite scale",
       [](auto& a) { a.template set<std::uint16_t>("layers.0.v.up.scale", 0, 0xFC00); },
       "tensor layers.0.v.up.scale: holds infinite values"},
      {"NaN in a mask", [](auto& a) { a.set("masks", 4, kNan); },
       "tensor masks: holds infinite values"},
      {"an integer beyond -127",
       [](auto& a) { a.template set<std::int8_t>("layers.0.k.down", 9, -128); },
       "tensor layers.0.k.down: holds -128"},
      {"a token twice", [](auto& a) { a.set("draft_tokens", 4, TokenId{1}); },
       "tensor draft_tokens: holds token 1 twice"},
      {"a token beyond", [](auto& a) { a.set("draft_tokens", 0, TokenId{300}); },
       "tensor draft_tokens: holds token 300 of a vocabulary of 300"},
      {"a negative token", [](auto& a) { a.set("draft_tokens", 0, TokenId{-1}); },
       "tensor draft_tokens: holds token -1"},
      {"a table that the config does not name", [](auto& a) { a.config.markov_rank = 0; },
       "tensor markov.left: does not belong"},
  };
  for (const Case& c : cases) {
    const TemporaryFolder folder;
    RandomAdapter adapter = small_adapter();
    c.change(adapter);
    ASSERT_TRUE(adapter.write(folder.path())) << c.what;
    const auto read = load_mask_adapter(folder.path(), small_base(), kTokenizer);
    ASSERT_FALSE(read) << c.what;
    EXPECT_EQ(read.error().code, ErrorCode::bad_weights) << c.what;
    EXPECT_THAT(to_string(read.error()), HasSubstr(c.why)) << c.what;
  }
}

TEST(MaskAdapter, AFileThatIsCutShortIsRefused) {
  const TemporaryFolder folder;
  ASSERT_TRUE(small_adapter().write(folder.path()));
  const auto file = folder.path() / kAdapterTensorFile;
  for (const auto size :
       {std::filesystem::file_size(file) - 1, std::uintmax_t{9}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(file, size);
    const auto read = load_mask_adapter(folder.path(), small_base(), kTokenizer);
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, ErrorCode::bad_weights) << size;
  }
  std::filesystem::remove(file);
  const auto gone = load_mask_adapter(folder.path(), small_base(), kTokenizer);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::file_not_found);
}

}  // namespace
}  // namespace inpaint::engine
