// Published models from Hugging Face folders.
#include "engine/weights/pretrained_folder.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/weights/safetensors.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;
using nlohmann::json;

// A model of one layer whose configuration and tensors a test changes one by one.
struct SmallFolder {
  struct Tensor {
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> data;
  };
  json config;
  std::map<std::string, Tensor> tensors;

  explicit SmallFolder(const std::string& family) {
    config = {
        {"model_type", family},     {"hidden_size", 32},        {"num_hidden_layers", 1},
        {"num_attention_heads", 2}, {"num_key_value_heads", 1}, {"head_dim", 16},
        {"intermediate_size", 64},  {"vocab_size", 3},          {"max_position_embeddings", 64},
        {"rope_theta", 100.0},      {"rms_norm_eps", 1e-5},     {"tie_word_embeddings", true}};
    const std::string layer = "model.layers.0.";
    fill("model.embed_tokens.weight", {3, 32}).fill("model.norm.weight", {32});
    fill(layer + "input_layernorm.weight", {32});
    fill(layer + "post_attention_layernorm.weight", {32});
    fill(layer + "self_attn.q_proj.weight", {32, 32})
        .fill(layer + "self_attn.k_proj.weight", {16, 32});
    fill(layer + "self_attn.v_proj.weight", {16, 32})
        .fill(layer + "self_attn.o_proj.weight", {32, 32});
    fill(layer + "mlp.gate_proj.weight", {64, 32}).fill(layer + "mlp.up_proj.weight", {64, 32});
    fill(layer + "mlp.down_proj.weight", {32, 64});
    if (family == "qwen2") add_biases();
    if (family == "qwen3")
      fill(layer + "self_attn.q_norm.weight", {16}).fill(layer + "self_attn.k_norm.weight", {16});
  }

  SmallFolder& add_biases() {
    const std::string attention = "model.layers.0.self_attn.";
    return fill(attention + "q_proj.bias", {32})
        .fill(attention + "k_proj.bias", {16})
        .fill(attention + "v_proj.bias", {16});
  }

  /// Each element has these bytes.
  template <class Element>
  SmallFolder& fill(const std::string& name, std::vector<std::int64_t> shape, DType dtype,
                    Element element) {
    std::int64_t n = 1;
    for (const std::int64_t extent : shape) n *= extent;
    const std::vector<Element> all(static_cast<std::size_t>(n), element);
    const auto bytes = std::as_bytes(std::span(all));
    tensors[name] = {dtype, std::move(shape), {bytes.begin(), bytes.end()}};
    return *this;
  }
  SmallFolder& fill(const std::string& name, std::vector<std::int64_t> shape, float value = 0.5F) {
    return fill(name, std::move(shape), DType::f32, value);
  }

  void write(const TemporaryFolder& folder) const {
    folder.write("config.json", config.dump());
    std::vector<TensorToWrite> all;
    for (const auto& [name, tensor] : tensors)
      all.push_back({name, tensor.dtype, tensor.shape, tensor.data});
    ASSERT_TRUE(write_safetensors(folder.path() / "model.safetensors", std::move(all), {}));
  }
};

Result<PretrainedModelFile> load(const std::filesystem::path& folder, BlockFormat format) {
  auto config = pretrained_config(folder);
  if (!config) return std::unexpected(config.error());
  auto weights = load_pretrained(folder, *config, format, {}, std::nullopt);
  if (!weights) return std::unexpected(weights.error());
  return PretrainedModelFile{std::move(*config), std::move(*weights)};
}

Result<PretrainedModelFile> load(const SmallFolder& model, BlockFormat format = BlockFormat::q8_0) {
  TemporaryFolder folder;
  model.write(folder);
  return load(folder.path(), format);
}

TEST(PretrainedFolder, FamiliesDifferInWhatTheyAre) {
  for (const char* family : {"qwen2", "qwen3", "llama", "granite"}) {
    SmallFolder folder(family);
    const auto model = load(folder);
    ASSERT_TRUE(model) << family << ": " << to_string(model.error());
    EXPECT_EQ(model->config.family, family);
    EXPECT_FALSE(model->config.pairs_are_neighbours);
    const PretrainedLayer& layer = model->weights.layers.at(0);
    EXPECT_EQ(layer.q_bias.size(), model->config.family == "qwen2" ? 32U : 0U);
    EXPECT_EQ(layer.k_norm.size(), model->config.family == "qwen3" ? 16U : 0U);
    // Granite's own default is 1, and not the root of the width.
    EXPECT_EQ(model->config.attention_multiplier, model->config.family == "granite" ? 1.0F : 0.0F);
    EXPECT_TRUE(model->weights.head.empty());
    EXPECT_EQ(layer.gate.format(), BlockFormat::q8_0);
  }
}

TEST(PretrainedFolder, EveryTypeOfNumberIsRead) {
  for (const BlockFormat format : {BlockFormat::q8_0, BlockFormat::f32}) {
    SmallFolder folder("llama");
    const std::string norm = "model.norm.weight", embedding = "model.embed_tokens.weight";
    folder.fill(norm, {32}, DType::bf16, std::uint16_t{0x3FC0});         // 1.5
    folder.fill(embedding, {3, 32}, DType::f16, std::uint16_t{0xC000});  // -2
    const auto model = load(folder, format);
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->weights.final_norm, std::vector<float>(32, 1.5F));
    std::vector<float> row(32);
    model->weights.embedding.row(1, row.data());
    for (const float value : row) EXPECT_NEAR(value, -2.0F, 0.001F);
    EXPECT_EQ(model->weights.embedding.format(), format);
  }
}

TEST(PretrainedFolder, WhatAFolderMayHaveBesides) {
  struct Case {
    const char* name;
    std::function<void(SmallFolder&)> change;
    std::function<bool(const PretrainedModelFile&)> holds;
  };
  const Case cases[] = {
      {"biases", [](auto& f) { f.add_biases().config["attention_bias"] = true; },
       [](const auto& m) { return m.weights.layers[0].k_bias.size() == 16; }},
      {"a head of its own",
       [](auto& f) { f.fill("lm_head.weight", {3, 32}).config["tie_word_embeddings"] = false; },
       [](const auto& m) { return m.weights.head.outputs() == 3; }},
      {"a tied head that is stored", [](auto& f) { f.fill("lm_head.weight", {3, 32}); },
       [](const auto& m) { return m.weights.head.empty(); }},
      {"frequencies of old",
       [](auto& f) { f.fill("model.layers.0.self_attn.rotary_emb.inv_freq", {8}); },
       [](const auto&) { return true; }},
      {"linear scaling by an old name",
       [](auto& f) { f.config["rope_scaling"] = {{"type", "linear"}, {"factor", 4.0}}; },
       [](const auto& m) { return m.config.inverse_frequencies[0] == 0.25F; }},
      {"all in rope_parameters",
       [](auto& f) {
         f.config.erase("rope_theta");
         f.config["rope_parameters"] = {
             {"rope_type", "linear"}, {"factor", 2.0}, {"rope_theta", 1e8}};
       },
       [](const auto& m) {
         return m.config.inverse_frequencies[0] == 0.5F &&
                std::abs(m.config.inverse_frequencies[1] - 0.05F) < 1e-7F;
       }},
      {"yarn by the ratio of positions",
       [](auto& f) {
         f.config["rope_scaling"] = {{"rope_type", "yarn"},
                                     {"original_max_position_embeddings", 16}};
       },
       [](const auto& m) {
         return std::abs(m.config.attention_factor - (0.1 * std::log(4.0) + 1.0)) < 1e-6;
       }},
      {"a window that is off",
       [](auto& f) {
         f.config["use_sliding_window"] = false;
         f.config["sliding_window"] = 8;
       },
       [](const auto&) { return true; }},
      {"a window above the last layer",
       [](auto& f) {
         f.config["use_sliding_window"] = true;
         f.config["sliding_window"] = 8;
         f.config["max_window_layers"] = 1;
       },
       [](const auto&) { return true; }},
      {"layers that all see all", [](auto& f) { f.config["layer_types"] = {"full_attention"}; },
       [](const auto&) { return true; }},
      {"granite's numbers",
       [](auto& f) {
         f.config.update({{"model_type", "granite"},
                          {"embedding_multiplier", 12.0},
                          {"residual_multiplier", 0.22},
                          {"attention_multiplier", 0.015625},
                          {"logits_scaling", 8.0}});
       },
       [](const auto& m) {
         return m.config.embedding_multiplier == 12.0F && m.config.residual_multiplier == 0.22F &&
                m.config.attention_multiplier == 0.015625F && m.config.logits_divisor == 8.0F;
       }},
  };
  for (const Case& c : cases) {
    SmallFolder folder("llama");
    c.change(folder);
    const auto model = load(folder);
    ASSERT_TRUE(model) << c.name << ": " << to_string(model.error());
    EXPECT_TRUE(c.holds(*model)) << c.name;
  }
}

TEST(PretrainedFolder, RefusesConfigurationsThatItDoesNotServe) {
  struct Case {
    json change;  // null removes
    const char* why;
  };
  const Case cases[] = {
      {{{"model_type", "mistral"}},
       "model_type is \"mistral\", supported are qwen2, qwen3, llama, granite"},
      {{{"model_type", 7}}, "model_type is 7, expected a text"},
      {{{"hidden_size", nullptr}}, "hidden_size is missing"},
      {{{"hidden_size", -1}}, "hidden_size is -1, expected 1 to 1048576"},
      {{{"hidden_size", 32.0}}, "hidden_size is 32.0, expected 1 to 1048576"},
      {{{"vocab_size", 5'000'000}}, "vocab_size is 5000000, expected 1 to 4194304"},
      {{{"head_dim", nullptr}, {"num_attention_heads", 3}}, "head_dim is missing"},
      {{{"head_dim", 15}}, "the width of a head is 15, expected an even number"},
      {{{"num_key_value_heads", 3}}, "2 heads cannot share 3 key heads"},
      {{{"rms_norm_eps", "small"}}, "rms_norm_eps is \"small\", expected a number"},
      {{{"rms_norm_eps", 1e200}}, "rms_norm_eps is 1e+200, expected a number"},
      {{{"hidden_act", "gelu"}}, "hidden_act is \"gelu\", supported is silu"},
      {{{"mlp_bias", true}}, "mlp_bias is true, not supported"},
      {{{"num_local_experts", 8}}, "num_local_experts is set, experts are not supported"},
      {{{"quantization_config", {{"bits", 4}}}},
       "quantization_config is set; quantised folders are not supported, GGUF files are"},
      {{{"sliding_window", 16}},
       "sliding_window is 16 of 64 positions, sliding windows are not supported"},
      {{{"use_sliding_window", true}, {"sliding_window", 16}},
       "sliding_window is 16 of 64 positions, sliding windows are not supported"},
      {{{"layer_types", {"sliding_attention"}}, {"sliding_window", 16}},
       "sliding_window is 16 of 64 positions, sliding windows are not supported"},
      {{{"layer_types", {"linear_attention"}}},
       "layer_types has \"linear_attention\", not supported"},
      {{{"partial_rotary_factor", 0.5}}, "partial_rotary_factor is not 1, not supported"},
      {{{"rope_scaling", "linear"}}, "rope_scaling is \"linear\", expected an object"},
      {{{"rope_scaling", {{"type", "dynamic"}, {"factor", 2.0}}}},
       "rope_scaling: type \"dynamic\", supported are default, linear, llama3, yarn"},
      {{{"rope_scaling", {{"type", "linear"}}}}, "rope_scaling: factor is missing"},
      {{{"rope_scaling", {{"type", "linear"}, {"factor", 0.5}}}},
       "the factor of rope scaling is 0.5, expected 1 to 1000000"},
      {{{"rope_scaling", {{"rope_type", "llama3"}, {"factor", 8.0}}}},
       "the borders of rope scaling are 0 and 0, expected ascending numbers above 0"},
      {{{"rope_scaling",
         {{"rope_type", "yarn"}, {"factor", 8.0}, {"mscale", 1.0}, {"mscale_all_dim", 0.8}}}},
       "rope_scaling: mscale and mscale_all_dim are set, not supported"},
      {{{"rope_parameters", {{"full_attention", {{"rope_theta", 10.0}}}}}},
       "rope_parameters: full_attention has rules of its own, not supported"},
      {{{"rope_parameters", {{"partial_rotary_factor", 0.25}}}},
       "rope_parameters: partial_rotary_factor is not 1, not supported"},
      {{{"rope_theta", 0}},
       "the base of rotary positions is 0, expected more than 1 and up to 1000000000000"},
      {{{"tie_word_embeddings", "yes"}}, "tie_word_embeddings is \"yes\", expected true or false"},
      {{{"model_type", "granite"}, {"logits_scaling", 0}},
       "the divisor of logits is 0, expected 1e-06 to 1000000"},
  };
  for (const Case& c : cases) {
    json config = SmallFolder("llama").config;
    config.update(c.change);
    const auto read = parse_folder_config(config.dump(), "config.json");
    ASSERT_FALSE(read) << c.why;
    EXPECT_EQ(read.error().code, ErrorCode::bad_config) << c.why;
    EXPECT_EQ(read.error().what, "config.json");
    EXPECT_EQ(read.error().why, c.why);
  }
  for (const char* text : {"", "[]", "7", "{", R"({"a": 1, "a": 2})"})
    EXPECT_EQ(parse_folder_config(text, "c").error().code, ErrorCode::bad_config) << text;
}

TEST(PretrainedFolder, RefusesWeightsThatAreNotWhatTheConfigurationSays) {
  struct Case {
    const char* name;
    std::function<void(SmallFolder&)> change;
    const char* why;
  };
  const std::string down = "model.layers.0.mlp.down_proj.weight";
  const Case cases[] = {
      {"biases that nobody speaks of", [](auto& f) { f.add_biases(); },
       "the weights have biases of queries, config.json wants none"},
      {"biases that are not there", [](auto& f) { f.config["attention_bias"] = true; },
       "config.json wants biases of queries, the weights have none"},
      {"a bias of the output",
       [](auto& f) {
         f.add_biases()
             .fill("model.layers.0.self_attn.o_proj.bias", {32})
             .config["attention_bias"] = true;
       },
       "tensor model.layers.0.self_attn.o_proj.bias: no part of a llama model of 1 layers"},
      {"no head", [](auto& f) { f.config["tie_word_embeddings"] = false; },
       "tensor lm_head.weight: is missing"},
      {"another vocabulary", [](auto& f) { f.config["vocab_size"] = 4; },
       "tensor model.embed_tokens.weight: expected shape [4, 32], got [3, 32]"},
      {"a type of whole numbers",
       [&](auto& f) { f.fill(down, {32, 64}, DType::i8, std::int8_t{1}); },
       "tensor model.layers.0.mlp.down_proj.weight: its type I8 is not supported, expected F32, "
       "F16 or "
       "BF16"},
      {"a weight that is no number", [&](auto& f) { f.fill(down, {32, 64}, std::nanf("")); },
       "tensor model.layers.0.mlp.down_proj.weight: holds infinite values or none at all"},
      {"an infinite half",
       [&](auto& f) { f.fill(down, {32, 64}, DType::f16, std::uint16_t{0x7C00}); },
       "tensor model.layers.0.mlp.down_proj.weight: holds infinite values or none at all"},
      {"rows that are no whole blocks",
       [&](auto& f) {
         f.config["intermediate_size"] = 40;
         f.fill(down, {32, 40});
       },
       "tensor model.layers.0.mlp.down_proj.weight: rows of 40 values are no whole blocks of 32 "
       "(Q8_0)"},
  };
  for (const Case& c : cases) {
    SmallFolder folder("llama");
    c.change(folder);
    const auto model = load(folder);
    ASSERT_FALSE(model) << c.name;
    EXPECT_EQ(model.error().code, ErrorCode::bad_weights) << c.name;
    EXPECT_EQ(model.error().why, c.why) << c.name;
  }
}

TEST(PretrainedFolder, OnlyTwoFormatsAreMade) {
  EXPECT_EQ(load(SmallFolder("llama"), BlockFormat::q4_k).error().code, ErrorCode::bad_argument);
}

TEST(PretrainedFolder, AModelThatMemoryCannotHoldIsRefused) {
  TemporaryFolder folder;
  SmallFolder("llama").write(folder);
  const auto config = pretrained_config(folder.path());
  ASSERT_TRUE(config) << to_string(config.error());
  const auto refused = load_pretrained(folder.path(), *config, BlockFormat::f32, {}, 10'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
}

TEST(PretrainedFolder, OpenSaysWhatIsMissing) {
  TemporaryFolder folder;
  EXPECT_EQ(pretrained_config(folder.path()).error().code, ErrorCode::file_not_found);
  folder.write("config.json", SmallFolder("llama").config.dump());
  EXPECT_EQ(pretrained_config(folder.path()).error().code, ErrorCode::file_not_found);
}

TEST(PretrainedFolder, ReadsFoldersOfTheReference) {
  const auto folder = std::filesystem::path(tests::source_folder()) / "tests/golden/pretrained";
  int n_folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "config.json")) continue;
    ++n_folders;
    for (const BlockFormat format : {BlockFormat::f32, BlockFormat::q8_0}) {
      const auto model = load(entry.path(), format);
      EXPECT_TRUE(model) << entry.path() << ": " << (model ? "" : to_string(model.error()));
    }
  }
  EXPECT_GE(n_folders, 9);
}

}  // namespace
}  // namespace inpaint::engine
