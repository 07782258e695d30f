// Models from GGUF files: small ones, and those of the reference.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/weights/gguf_file.h"
#include "engine/weights/pretrained_weights.h"
#include "tests/engine/temporary_folder.h"
#include "tests/engine/weights/gguf_small_model.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

Result<PretrainedModelFile> load(const fs::path& path, const LoadProgress& progress = {},
                                 std::optional<std::uint64_t> available = std::nullopt) {
  const auto file = GgufFile::open(path);
  if (!file) return std::unexpected(file.error());
  auto config = pretrained_config(*file);
  if (!config) return std::unexpected(config.error());
  auto weights = load_pretrained(*file, *config, {progress}, available);
  if (!weights) return std::unexpected(weights.error());
  return PretrainedModelFile{std::move(*config), std::move(*weights)};
}

Result<PretrainedModelFile> load(const SmallGguf& model) {
  TemporaryFolder folder;
  return load(folder.write("m.gguf", model.bytes()));
}

TEST(PretrainedGguf, FamiliesDifferInWhatTheyAre) {
  for (const char* family : {"qwen2", "qwen3", "llama", "granite"}) {
    const auto model = load(SmallGguf(family));
    ASSERT_TRUE(model) << family << ": " << to_string(model.error());
    const PretrainedConfig& config = model->config;
    EXPECT_EQ(config.family, family);
    EXPECT_EQ(config.name, std::string("small ") + family);
    EXPECT_EQ(config.hidden, 4);
    EXPECT_EQ(config.layers, 1);
    EXPECT_EQ(config.heads, 2);
    EXPECT_EQ(config.kv_heads, 1);
    EXPECT_EQ(config.head_dim, 2);
    EXPECT_EQ(config.intermediate, 6);
    EXPECT_EQ(config.vocabulary, 3);
    EXPECT_EQ(config.max_positions, 64);
    EXPECT_NEAR(config.norm_eps, 1e-5, 1e-10);
    EXPECT_EQ(config.inverse_frequencies, std::vector<float>{1.0F});
    EXPECT_TRUE(config.tied_embeddings);
    const bool is_qwen = std::string_view(family).starts_with("qwen");
    const bool is_granite = config.family == "granite";
    EXPECT_EQ(config.pairs_are_neighbours, !is_qwen) << family;
    EXPECT_EQ(config.embedding_multiplier, is_granite ? 3.0F : 1.0F);
    EXPECT_EQ(config.residual_multiplier, is_granite ? 0.25F : 1.0F);
    EXPECT_EQ(config.attention_multiplier, is_granite ? 0.5F : 0.0F);
    EXPECT_EQ(config.logits_divisor, is_granite ? 8.0F : 1.0F);

    const PretrainedLayer& layer = model->weights.layers.at(0);
    EXPECT_EQ(layer.q_bias.size(), config.family == "qwen2" ? 4U : 0U);
    EXPECT_EQ(layer.k_bias.size(), config.family == "qwen2" ? 2U : 0U);
    EXPECT_EQ(layer.v_bias.size(), config.family == "qwen2" ? 2U : 0U);
    EXPECT_EQ(layer.q_norm.size(), config.family == "qwen3" ? 2U : 0U);
    EXPECT_EQ(layer.k_norm.size(), config.family == "qwen3" ? 2U : 0U);
    EXPECT_EQ(layer.attention_norm, std::vector<float>(4, 0.5F));
    EXPECT_EQ(layer.k.outputs(), 2);
    EXPECT_EQ(layer.down.inputs(), 6);
    EXPECT_TRUE(model->weights.head.empty());
    std::vector<float> row(4);
    model->weights.embedding.row(2, row.data());
    EXPECT_EQ(row, std::vector<float>(4, 0.5F));
  }
}

TEST(PretrainedGguf, WhatAFileMayHaveBesides) {
  struct Case {
    const char* name;
    std::function<void(SmallGguf&)> change;
    std::function<bool(const PretrainedModelFile&)> holds;
  };
  const Case cases[] = {
      {"a head of its own", [](SmallGguf& m) { m.tensor("output.weight", {3, 4}); },
       [](const PretrainedModelFile& m) {
         return !m.config.tied_embeddings && m.weights.head.outputs() == 3;
       }},
      {"biases",
       [](SmallGguf& m) {
         m.tensor("blk.0.attn_q.bias", {4}).tensor("blk.0.attn_k.bias", {2});
         m.tensor("blk.0.attn_v.bias", {2});
       },
       [](const PretrainedModelFile& m) { return m.weights.layers[0].v_bias.size() == 2; }},
      {"Llama 3's divisors", [](SmallGguf& m) { m.tensor("rope_freqs.weight", {1}, 4.0F); },
       [](const PretrainedModelFile& m) { return m.config.inverse_frequencies[0] == 0.25F; }},
      {"linear scaling",
       [](SmallGguf& m) {
         m.text("rope.scaling.type", "linear").real("rope.scaling.factor", 8.0F);
       },
       [](const PretrainedModelFile& m) { return m.config.inverse_frequencies[0] == 0.125F; }},
      {"a factor without a type", [](SmallGguf& m) { m.real("rope.scale_linear", 2.0F); },
       [](const PretrainedModelFile& m) { return m.config.inverse_frequencies[0] == 0.5F; }},
      {"no scaling",
       [](SmallGguf& m) { m.text("rope.scaling.type", "none").real("rope.scaling.factor", 8.0F); },
       [](const PretrainedModelFile& m) { return m.config.inverse_frequencies[0] == 1.0F; }},
      {"yarn",
       [](SmallGguf& m) {
         m.text("rope.scaling.type", "yarn").real("rope.scaling.factor", 4.0F);
         m.number("rope.scaling.original_context_length", 16);
       },
       [](const PretrainedModelFile& m) {
         return std::abs(m.config.attention_factor - (0.1 * std::log(4.0) + 1.0)) < 1e-6;
       }},
      {"a window as wide as the text",
       [](SmallGguf& m) { m.number("attention.sliding_window", 64); },
       [](const PretrainedModelFile&) { return true; }},
      {"no number of key heads",
       [](SmallGguf& m) {
         m.drop("attention.head_count_kv");
         m.tensor("blk.0.attn_k.weight", {4, 4}).tensor("blk.0.attn_v.weight", {4, 4});
       },
       [](const PretrainedModelFile& m) { return m.config.kv_heads == 2; }},
      {"a list of its tokens",
       [](SmallGguf& m) {
         m.key("tokenizer.ggml.tokens", GgufBytes::list,
               little_endian(std::uint32_t{GgufBytes::text_type}) +
                   little_endian(std::uint64_t{3}) + gguf_text("a") + gguf_text("b") +
                   gguf_text("c"));
       },
       [](const PretrainedModelFile& m) { return m.config.vocabulary == 3; }},
  };
  for (const Case& c : cases) {
    SmallGguf model("llama");
    c.change(model);
    const auto loaded = load(model);
    ASSERT_TRUE(loaded) << c.name << ": " << to_string(loaded.error());
    EXPECT_TRUE(c.holds(*loaded)) << c.name;
  }
}

TEST(PretrainedGguf, RefusesWhatItDoesNotServe) {
  struct Case {
    const char* name;
    std::function<void(SmallGguf&)> change;
    ErrorCode code;
    const char* why;
  };
  constexpr ErrorCode kConfig = ErrorCode::bad_config, kWeights = ErrorCode::bad_weights;
  const float infinite = std::numeric_limits<float>::infinity();
  const Case cases[] = {
      {"another architecture", [](SmallGguf& m) { m.text("general.architecture", "gemma3"); },
       kConfig, "general.architecture is \"gemma3\", supported are qwen2, qwen3, llama, granite"},
      {"no architecture", [](SmallGguf& m) { m.keys.erase("general.architecture"); }, kConfig,
       "general.architecture is missing"},
      {"an adapter", [](SmallGguf& m) { m.text("general.type", "adapter"); }, kConfig,
       "general.type is \"adapter\", expected a model"},
      {"a part", [](SmallGguf& m) { m.number("split.count", 3).number("split.no", 1); }, kConfig,
       "part 2 of 3 of a model, parts are not supported"},
      {"no width", [](SmallGguf& m) { m.drop("embedding_length"); }, kConfig,
       "llama.embedding_length is missing"},
      {"a width in words", [](SmallGguf& m) { m.text("embedding_length", "4"); }, kConfig,
       "llama.embedding_length is no whole number"},
      {"no layers", [](SmallGguf& m) { m.number("block_count", 0); }, kConfig,
       "llama.block_count is 0, expected 1 to 1000"},
      {"four billion layers", [](SmallGguf& m) { m.number("block_count", 4'000'000'000); }, kConfig,
       "llama.block_count is 4000000000, expected 1 to 1000"},
      {"an inner width for each layer",
       [](SmallGguf& m) {
         m.key("feed_forward_length", GgufBytes::list,
               little_endian(std::uint32_t{GgufBytes::u32}) + little_endian(std::uint64_t{1}) +
                   little_endian(std::uint32_t{6}));
       },
       kConfig, "llama.feed_forward_length is no whole number"},
      {"heads that share badly",
       [](SmallGguf& m) {
         m.number("attention.head_count", 3).number("attention.head_count_kv", 2);
         m.number("attention.key_length", 2);
       },
       kConfig, "3 heads cannot share 2 key heads"},
      {"heads that divide badly", [](SmallGguf& m) { m.number("attention.head_count", 3); },
       kConfig, "llama.attention.key_length is missing, and 3 heads do not divide a width of 4"},
      {"an odd width of heads", [](SmallGguf& m) { m.number("attention.head_count", 4); }, kConfig,
       "the width of a head is 1, expected an even number"},
      {"values of another width", [](SmallGguf& m) { m.number("attention.value_length", 4); },
       kConfig, "llama.attention.value_length is 4, supported is the width of a head, 2"},
      {"partial positions", [](SmallGguf& m) { m.number("rope.dimension_count", 1); }, kConfig,
       "llama.rope.dimension_count is 1, supported is the width of a head, 2"},
      {"experts", [](SmallGguf& m) { m.number("expert_count", 8); }, kConfig,
       "llama.expert_count is set, not supported"},
      {"a soft cap", [](SmallGguf& m) { m.real("attn_logit_softcapping", 50.0F); }, kConfig,
       "llama.attn_logit_softcapping is set, not supported"},
      {"a window", [](SmallGguf& m) { m.number("attention.sliding_window", 16); }, kConfig,
       "llama.attention.sliding_window is 16 of 64 positions, sliding windows are not supported"},
      {"both directions", [](SmallGguf& m) { m.flag("attention.causal", false); }, kConfig,
       "llama.attention.causal is false, not supported"},
      {"a scaling of another kind", [](SmallGguf& m) { m.text("rope.scaling.type", "longrope"); },
       kConfig, "llama.rope.scaling.type is \"longrope\", supported are none, linear, yarn"},
      {"a factor below 1",
       [](SmallGguf& m) {
         m.text("rope.scaling.type", "linear").real("rope.scaling.factor", 0.5F);
       },
       kConfig, "the factor of rope scaling is 0.5, expected 1 to 1000000"},
      {"an endless base", [=](SmallGguf& m) { m.real("rope.freq_base", infinite); }, kConfig,
       "llama.rope.freq_base is no number"},
      {"a base of 0", [](SmallGguf& m) { m.real("rope.freq_base", 0.0F); }, kConfig,
       "the base of rotary positions is 0, expected more than 1 and up to 1000000000000"},
      {"no epsilon", [](SmallGguf& m) { m.real("attention.layer_norm_rms_epsilon", 0.0F); },
       kConfig, "the epsilon of the norms is 0, expected 1e-12 to 1"},
      {"another size of vocabulary", [](SmallGguf& m) { m.number("vocab_size", 4); }, kConfig,
       "llama.vocab_size is 4, token_embd.weight has 3 rows"},
      {"fewer tokens than rows",
       [](SmallGguf& m) {
         m.key("tokenizer.ggml.tokens", GgufBytes::list,
               little_endian(std::uint32_t{GgufBytes::text_type}) +
                   little_endian(std::uint64_t{1}) + gguf_text("a"));
       },
       kConfig, "tokenizer.ggml.tokens has 1 tokens, token_embd.weight has 3 rows"},
      {"no embedding", [](SmallGguf& m) { m.drop("token_embd.weight"); }, kConfig,
       "tensor token_embd.weight: expected two dimensions, and 4194304 rows at most"},
      {"an embedding of one dimension", [](SmallGguf& m) { m.tensor("token_embd.weight", {12}); },
       kConfig, "tensor token_embd.weight: expected two dimensions, and 4194304 rows at most"},
      {"divisors of another number", [](SmallGguf& m) { m.tensor("rope_freqs.weight", {2}); },
       kWeights, "tensor rope_freqs.weight: expected 1 values of F32"},
      {"a divisor of 0", [](SmallGguf& m) { m.tensor("rope_freqs.weight", {1}, 0.0F); }, kWeights,
       "tensor rope_freqs.weight: 0 divides no frequency"},
      {"a norm is missing", [](SmallGguf& m) { m.drop("blk.0.ffn_norm.weight"); }, kWeights,
       "tensor blk.0.ffn_norm.weight: is missing"},
      {"a layer is missing", [](SmallGguf& m) { m.number("block_count", 2); }, kWeights,
       "tensor blk.1.attn_norm.weight: is missing"},
      {"a layer too many", [](SmallGguf& m) { m.tensor("blk.1.attn_norm.weight", {4}); }, kWeights,
       "tensor blk.1.attn_norm.weight: no part of a llama model of 1 layers"},
      {"a wrong shape", [](SmallGguf& m) { m.tensor("blk.0.attn_k.weight", {4, 4}); }, kWeights,
       "tensor blk.0.attn_k.weight: expected shape [2, 4], got [4, 4]"},
      {"a matrix the other way round",
       [](SmallGguf& m) { m.tensor("blk.0.ffn_up.weight", {4, 6}); }, kWeights,
       "tensor blk.0.ffn_up.weight: expected shape [6, 4], got [4, 6]"},
      {"one bias of three", [](SmallGguf& m) { m.tensor("blk.0.attn_q.bias", {4}); }, kWeights,
       "tensor blk.0.attn_k.bias: is missing"},
      {"a bias of the output", [](SmallGguf& m) { m.tensor("blk.0.attn_output.bias", {4}); },
       kWeights, "tensor blk.0.attn_output.bias: no part of a llama model of 1 layers"},
      {"a weight that is infinite",
       [=](SmallGguf& m) { m.tensor("blk.0.ffn_up.weight", {6, 4}, infinite); }, kWeights,
       "tensor blk.0.ffn_up.weight: holds infinite values or none at all"},
      {"a norm that is no number",
       [](SmallGguf& m) { m.tensor("output_norm.weight", {4}, std::nanf("")); }, kWeights,
       "tensor output_norm.weight: holds infinite values or none at all"},
  };
  for (const Case& c : cases) {
    SmallGguf model("llama");
    c.change(model);
    const auto loaded = load(model);
    ASSERT_FALSE(loaded) << c.name;
    EXPECT_EQ(loaded.error().code, c.code) << c.name;
    EXPECT_EQ(loaded.error().why, c.why) << c.name;
    EXPECT_TRUE(loaded.error().what.ends_with("m.gguf")) << c.name;
  }
}

TEST(PretrainedGguf, EachFamilyHasToHaveItsOwnTensors) {
  const auto why = [](SmallGguf model, const char* dropped) {
    const auto loaded = load(model.drop(dropped));
    return loaded ? "loaded" : loaded.error().why;
  };
  EXPECT_EQ(why(SmallGguf("qwen2"), "blk.0.attn_q.bias"), "tensor blk.0.attn_q.bias: is missing");
  EXPECT_EQ(why(SmallGguf("qwen3"), "blk.0.attn_k_norm.weight"),
            "tensor blk.0.attn_k_norm.weight: is missing");
  SmallGguf granite("granite");
  granite.flag("rope.scaling.finetuned", false);
  EXPECT_EQ(why(granite, ""), "granite without rotary positions is not supported");
}

TEST(PretrainedGguf, ProgressRunsFromNothingToAllBytes) {
  TemporaryFolder folder;
  const auto path = folder.write("m.gguf", SmallGguf("llama").bytes());
  std::vector<std::uint64_t> seen;
  std::uint64_t all = 0;
  ASSERT_TRUE(load(path, [&](std::uint64_t read, std::uint64_t of) {
    seen.push_back(read);
    all = of;
    return true;
  }));
  EXPECT_EQ(seen.front(), 0U);
  EXPECT_EQ(seen.back(), all);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(seen.size(), 12U) << "once before each of 11 tensors, and at the end";

  for (const std::size_t stop : {0U, 5U, 11U}) {
    std::size_t calls = 0;
    const auto stopped = load(path, [&](auto, auto) { return calls++ < stop; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
    EXPECT_EQ(calls, stop + 1);
  }
}

TEST(PretrainedGguf, AModelThatMemoryCannotHoldIsRefusedBeforeItIsRead) {
  TemporaryFolder folder;
  const auto path = folder.write("m.gguf", SmallGguf("llama").bytes());
  const auto untouched = [](auto, auto) {
    ADD_FAILURE() << "a tensor was read";
    return true;
  };
  const auto refused = load(path, untouched, 400);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(load(path, {}, 1 << 20));
}

TEST(PretrainedGguf, ReadsFilesOfTheReference) {
  const fs::path folder = fs::path(tests::source_folder()) / "tests/golden/pretrained";
  int n_files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".gguf") continue;
    ++n_files;
    const auto model = load(entry.path());
    EXPECT_TRUE(model) << entry.path() << ": " << (model ? "" : to_string(model.error()));
  }
  EXPECT_GE(n_files, 10);
}

}  // namespace
}  // namespace inpaint::engine
