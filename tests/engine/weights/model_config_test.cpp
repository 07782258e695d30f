#include "engine/weights/model_config.h"

#include <functional>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "engine/prompt/prompt_format.h"
#include <nlohmann/json.hpp>

#include "engine/prompt/inpaint_format.h"
#include "engine/weights/model_family.h"
#include "tests/engine/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

json usual(const std::string& model_type) {
  json document = {
      {"model_type", model_type},
      {"hidden_size", 64},
      {"num_hidden_layers", 2},
      {"num_attention_heads", 8},
      {"num_key_value_heads", 2},
      {"intermediate_size", 96},
      {"vocab_size", 1000},
      {"rope_theta", 1000000.0},
      {"rms_norm_eps", 1e-6},
      {"tie_word_embeddings", true},
      {"max_position_embeddings", 512},
      {"hidden_act", "silu"},
  };
  if (model_type == "inpaint_mini") {
    document.update({{"context_tokens", 400},
                     {"block_widths", {4, 8, 16}},
                     {"quantisation", {{"linear", "q8_g64"}}},
                     {"version", 1}});
  }
  return document;
}

TEST(ModelConfig, FamiliesDecideBiasNormsAndTying) {
  struct Case {
    const char* model_type;
    bool qkv_bias;
    bool qk_norm;
  };
  const Case cases[] = {{"inpaint_mini", false, true},
                        {"qwen3", false, true},
                        {"qwen2", true, false},
                        {"llama", false, false}};
  ASSERT_EQ(model_families().size(), std::size(cases));
  for (const Case& c : cases) {
    auto config = parse_config(usual(c.model_type).dump(), "config.json");
    ASSERT_TRUE(config) << to_string(config.error());
    EXPECT_EQ(config->family, c.model_type);
    EXPECT_EQ(config->qkv_bias, c.qkv_bias) << c.model_type;
    EXPECT_EQ(config->qk_norm, c.qk_norm) << c.model_type;
    EXPECT_TRUE(config->tied_embeddings) << c.model_type;
    EXPECT_EQ(config->head_dim, 8);
    EXPECT_EQ(config->rope_theta, 1e6);
  }
  json untied = usual("qwen3");
  untied["tie_word_embeddings"] = false;
  EXPECT_FALSE(parse_config(untied.dump(), "c")->tied_embeddings);
  untied.erase("tie_word_embeddings");
  EXPECT_FALSE(parse_config(untied.dump(), "c")->tied_embeddings);
}

TEST(ModelConfig, ReadsTheKeysOfTheMini) {
  auto config = parse_config(usual("inpaint_mini").dump(), "config.json");
  ASSERT_TRUE(config) << to_string(config.error());
  EXPECT_EQ(config->context_tokens, 400);
  EXPECT_EQ(config->block_widths, (std::vector<int>{4, 8, 16}));
  EXPECT_EQ(config->quantisation, (std::map<std::string, std::string>{{"linear", "q8_g64"}}));
  EXPECT_EQ(config->version, 1);
}

TEST(ModelConfig, NamesTheFormatOfItsPrompts) {
  for (const ModelFamily& family : model_families()) {
    json document = usual(std::string(family.model_type));
    const auto silent = parse_config(document.dump(), "config.json");
    ASSERT_TRUE(silent) << to_string(silent.error());
    EXPECT_EQ(silent->prompt_format, family.is_mini ? &kInpaint1 : nullptr) << family.name;
    document["prompt_format"] = "inpaint-1";
    const auto named = parse_config(document.dump(), "config.json");
    ASSERT_TRUE(named) << to_string(named.error());
    EXPECT_EQ(named->prompt_format, &kInpaint1) << family.name;
    document["prompt_format"] = "inpaint-7";
    const auto unknown = parse_config(document.dump(), "config.json");
    ASSERT_FALSE(unknown) << family.name;
    EXPECT_EQ(unknown.error().code, ErrorCode::bad_config);
    EXPECT_EQ(unknown.error().why,
              "prompt_format is \"inpaint-7\", this build knows " + prompt_format_names());
  }
}

TEST(ModelConfig, ComesBackFromJson) {
  for (const ModelFamily& family : model_families()) {
    json document = usual(std::string(family.model_type));
    document["head_dim"] = 24;
    document["prompt_format"] = "inpaint-1";
    document["rope_theta"] = 12345.678;
    document["rms_norm_eps"] = 1.1e-5;
    auto config = parse_config(document.dump(), "config.json");
    ASSERT_TRUE(config) << to_string(config.error());
    auto again = parse_config(to_json(*config), "config.json");
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(*again, *config) << family.name;
  }
}

TEST(ModelConfig, EveryVersionOfTheMiniComesBackFromJson) {
  for (int version = 1; version <= 4; ++version)
    for (const char* target : {"own", "next"})
      for (int hints = 0; hints <= 2; ++hints) {
        json document = usual("inpaint_mini");
        document["version"] = version;
        if (version < 3) document["echo"] = hints > 0;
        else if (hints > 0) document["echoes"] = hints;
        if (version >= 4) document["masks_predict"] = target;
        auto config = parse_config(document.dump(), "config.json");
        EXPECT_EQ(config.has_value(), version != 3 || hints > 0) << version << " " << hints;
        if (!config) continue;
        EXPECT_EQ(config->copy_hints, version < 3 ? std::min(hints, 1) : hints);
        EXPECT_EQ(config->mask_target == MaskTarget::next_place,
                  version >= 4 && target == std::string("next"));
        EXPECT_EQ(*parse_config(to_json(*config), "config.json"), *config) << version;
      }
}

struct ChangeCase {
  const char* name;
  std::function<void(json&)> change;
  const char* says = "";
};

TEST(ModelConfig, AcceptsTheFormsThatAreInUse) {
  const ChangeCase cases[] = {
      {"rope in rope_parameters",
       [](json& d) {
         d.erase("rope_theta");
         d["rope_parameters"] = {{"rope_theta", 1000000.0}, {"rope_type", "default"}};
       }},
      {"rope_scaling is null", [](json& d) { d["rope_scaling"] = nullptr; }},
      {"rope_scaling is the default", [](json& d) { d["rope_scaling"] = {{"type", "default"}}; }},
      {"a window that is off",
       [](json& d) {
         d["use_sliding_window"] = false;
         d["sliding_window"] = 4096;
       }},
      {"layers of full attention",
       [](json& d) { d["layer_types"] = {"full_attention", "full_attention"}; }},
      {"theta as a whole number", [](json& d) { d["rope_theta"] = 1000000; }},
      {"keys that do not matter",
       [](json& d) {
         d["attention_dropout"] = 0.0;
         d["torch_dtype"] = "bfloat16";
         d["bos_token_id"] = 1;
         d["mask_token_id"] = 7;
       }},
      {"attention_bias as the family has it", [](json& d) { d["attention_bias"] = false; }},
  };
  for (const ChangeCase& c : cases) {
    json document = usual("qwen3");
    c.change(document);
    auto config = parse_config(document.dump(), "config.json");
    ASSERT_TRUE(config) << c.name << ": " << to_string(config.error());
    EXPECT_EQ(config->rope_theta, 1e6) << c.name;
  }
}

TEST(ModelConfig, RefusesWhatTheTransformerCannotDo) {
  const ChangeCase cases[] = {
      {"unknown family", [](json& d) { d["model_type"] = "gemma2"; }, "gemma2"},
      {"no family", [](json& d) { d.erase("model_type"); }, "model_type"},
      {"family is a number", [](json& d) { d["model_type"] = 3; }, "model_type is 3"},
      {"stretched positions", [](json& d) { d["rope_scaling"] = {{"rope_type", "yarn"}}; }, "yarn"},
      {"stretched in the old way", [](json& d) { d["rope_scaling"] = {{"type", "linear"}}; },
       "linear"},
      {"stretched in the new way",
       [](json& d) { d["rope_parameters"] = {{"rope_type", "llama3"}}; }, "llama3"},
      {"part of the channels rotated", [](json& d) { d["partial_rotary_factor"] = 0.5; }, "0.5"},
      {"window in use", [](json& d) { d["use_sliding_window"] = true; }, "use_sliding_window"},
      {"window without a switch", [](json& d) { d["sliding_window"] = 4096; }, "4096"},
      {"a layer with a window", [](json& d) { d["layer_types"] = {"sliding_attention"}; },
       "sliding_attention"},
      {"another activation", [](json& d) { d["hidden_act"] = "gelu"; }, "gelu"},
      {"quantised by others", [](json& d) { d["quantization_config"] = {{"bits", 4}}; },
       "quantization_config"},
      {"experts", [](json& d) { d["num_experts"] = 8; }, "num_experts"},
      {"bias in the MLP", [](json& d) { d["mlp_bias"] = true; }, "mlp_bias"},
      {"bias in the attention", [](json& d) { d["attention_bias"] = true; }, "attention_bias"},
      {"missing size", [](json& d) { d.erase("hidden_size"); }, "hidden_size is missing"},
      {"null size", [](json& d) { d["hidden_size"] = nullptr; }, "hidden_size is missing"},
      {"zero layers", [](json& d) { d["num_hidden_layers"] = 0; }, "num_hidden_layers is 0"},
      {"negative size", [](json& d) { d["hidden_size"] = -64; }, "hidden_size is -64"},
      {"broken size", [](json& d) { d["hidden_size"] = 64.5; }, "64.5"},
      {"size as text", [](json& d) { d["hidden_size"] = "64"; }, "\"64\""},
      {"size beyond int", [](json& d) { d["hidden_size"] = 4294967360; }, "4294967360"},
      {"huge vocabulary", [](json& d) { d["vocab_size"] = 2000000000; }, "vocab_size"},
      {"heads not shared evenly", [](json& d) { d["num_key_value_heads"] = 3; }, "does not divide"},
      {"more key heads than heads", [](json& d) { d["num_key_value_heads"] = 16; },
       "does not divide"},
      {"odd head", [](json& d) { d["head_dim"] = 7; }, "head_dim is 7"},
      {"heads that do not fit",
       [](json& d) {
         d["num_attention_heads"] = 6;
         d["num_key_value_heads"] = 2;
       },
       "head_dim is missing"},
      {"too wide together",
       [](json& d) {
         d["head_dim"] = 4096;
         d["num_attention_heads"] = 4096;
       },
       "4096 heads"},
      {"theta of zero", [](json& d) { d["rope_theta"] = 0; }, "rope_theta"},
      {"negative eps", [](json& d) { d["rms_norm_eps"] = -1e-6; }, "rms_norm_eps"},
      {"eps as text", [](json& d) { d["rms_norm_eps"] = "1e-6"; }, "rms_norm_eps"},
      {"tying is a number", [](json& d) { d["tie_word_embeddings"] = 1; }, "tie_word_embeddings"},
      {"not an object", [](json& d) { d = json::array({d}); }, "object"},
  };
  for (const ChangeCase& c : cases) {
    json document = usual("qwen3");
    c.change(document);
    auto config = parse_config(document.dump(), "m/config.json");
    ASSERT_FALSE(config) << c.name;
    EXPECT_EQ(config.error().code, ErrorCode::bad_config) << c.name;
    EXPECT_EQ(config.error().what, "m/config.json");
    EXPECT_NE(config.error().why.find(c.says), std::string::npos)
        << c.name << ": " << config.error().why;
    EXPECT_FALSE(config.error().remedy.empty()) << c.name;
  }
}

TEST(ModelConfig, RefusesABadMini) {
  const ChangeCase cases[] = {
      {"untied", [](json& d) { d["tie_word_embeddings"] = false; }, "tie_word_embeddings"},
      {"no widths", [](json& d) { d.erase("block_widths"); }, "block_widths"},
      {"empty widths", [](json& d) { d["block_widths"] = json::array(); }, "block_widths"},
      {"widths not ascending", [](json& d) { d["block_widths"] = {8, 4}; }, "ascending"},
      {"a width twice", [](json& d) { d["block_widths"] = {4, 4}; }, "ascending"},
      {"a width of zero", [](json& d) { d["block_widths"] = {0, 4}; }, "ascending"},
      {"a huge width", [](json& d) { d["block_widths"] = {4, 1 << 20}; }, "ascending"},
      {"context beyond the positions", [](json& d) { d["context_tokens"] = 513; }, "513"},
      {"no context", [](json& d) { d.erase("context_tokens"); }, "context_tokens"},
      {"a version from the future", [](json& d) { d["version"] = 5; }, "version is 5"},
      {"masks that predict something else",
       [](json& d) {
         d["version"] = 4;
         d["masks_predict"] = "both";
       },
       "masks_predict is \"both\""},
      {"shifted masks in a version that does not know them",
       [](json& d) { d["masks_predict"] = "next"; }, "masks_predict"},
      {"more copy hints than there are",
       [](json& d) {
         d["version"] = 3;
         d["echoes"] = 3;
       },
       "echoes"},
      {"no copy hints in the version that counts them", [](json& d) { d["version"] = 3; },
       "echoes"},
      {"a prompt format that is a number", [](json& d) { d["prompt_format"] = 1; },
       "prompt_format"},
      {"quantisation is text", [](json& d) { d["quantisation"] = "q8"; }, "quantisation"},
      {"a format that is a number", [](json& d) { d["quantisation"] = {{"linear", 8}}; },
       "quantisation.linear"},
  };
  for (const ChangeCase& c : cases) {
    json document = usual("inpaint_mini");
    c.change(document);
    auto config = parse_config(document.dump(), "config.json");
    ASSERT_FALSE(config) << c.name;
    EXPECT_NE(config.error().why.find(c.says), std::string::npos)
        << c.name << ": " << config.error().why;
  }
}

TEST(ModelConfig, LoadsFromAFolder) {
  TemporaryFolder folder;
  EXPECT_EQ(load_config(folder.path()).error().code, ErrorCode::file_not_found);
  folder.write("config.json", usual("llama").dump());
  auto config = load_config(folder.path());
  ASSERT_TRUE(config) << to_string(config.error());
  EXPECT_EQ(config->family, "llama");
  folder.write("config.json", R"({"model_type": "llama", "model_type": "qwen2"})");
  EXPECT_EQ(load_config(folder.path()).error().code, ErrorCode::bad_config);
}

// Written by the reference library.
TEST(ModelConfig, ReadsFilesOfTheReference) {
  for (const char* model : {"tiny_qwen3", "tiny_qwen2"}) {
    auto config =
        load_config(std::filesystem::path(tests::source_folder()) / "tests/golden/engine" / model);
    ASSERT_TRUE(config) << to_string(config.error());
  }
}

}  // namespace
}  // namespace inpaint::engine
