// What the config.json of a Hugging Face folder says about its model.

#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"
#include "engine/weights/config_fields.h"
#include "engine/weights/pretrained_folder.h"
#include "engine/weights/pretrained_limits.h"
#include "engine/weights/pretrained_rope.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;
constexpr int kQwen3HeadDim = 128;  // where the file does not say

class Fields : public ConfigFields {
 public:
  using ConfigFields::ConfigFields;

  int count(std::string_view key, int most) {
    const json* value = find(key);
    if (value == nullptr) {
      refuse(fmt::format("{} is missing", key));
      return 0;
    }
    if (!is_count(*value, most)) {
      refuse(fmt::format("{} is {}, expected 1 to {}", key, value->dump(), most));
      return 0;
    }
    return value->get<int>();
  }
  int count(std::string_view key, int most, int otherwise) {
    return has(key) ? count(key, most) : otherwise;
  }

  double number(std::string_view key, double otherwise) {
    const json* value = find(key);
    if (value == nullptr) return otherwise;
    constexpr double kMost = std::numeric_limits<float>::max();
    if (value->is_number() && -kMost <= value->get<double>() && value->get<double>() <= kMost)
      return value->get<double>();
    refuse(fmt::format("{} is {}, expected a number", key, value->dump()));
    return otherwise;
  }

  bool flag(std::string_view key) {
    const json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean())
      refuse(fmt::format("{} is {}, expected true or false", key, value->dump()));
    return value->is_boolean() && value->get<bool>();
  }

  std::string text(std::string_view key, std::string_view otherwise) {
    const json* value = find(key);
    if (value == nullptr) return std::string(otherwise);
    if (value->is_string()) return value->get<std::string>();
    refuse(fmt::format("{} is {}, expected a text", key, value->dump()));
    return std::string(otherwise);
  }
};

void read_shape(Fields& fields, PretrainedConfig& config) {
  config.hidden = fields.count("hidden_size", kMaxPretrainedWidth);
  config.layers = fields.count("num_hidden_layers", kMaxPretrainedLayers);
  config.heads = fields.count("num_attention_heads", kMaxPretrainedHeads);
  config.kv_heads = fields.count("num_key_value_heads", kMaxPretrainedHeads, config.heads);
  config.intermediate = fields.count("intermediate_size", kMaxPretrainedWidth);
  config.vocabulary = fields.count("vocab_size", kMaxPretrainedVocabulary);
  config.max_positions = fields.count("max_position_embeddings", kMaxPretrainedPositions);
  const bool divides = config.heads > 0 && config.hidden % config.heads == 0;
  int usual = divides ? config.hidden / config.heads : 0;
  if (config.family == "qwen3") usual = kQwen3HeadDim;
  if (usual == 0) fields.count("head_dim", kMaxPretrainedHeadDim);
  config.head_dim = fields.count("head_dim", kMaxPretrainedHeadDim, usual);
}

// Experts, biases and the like: what would change the arithmetic.
void refuse_unserved(Fields& fields) {
  if (const std::string act = fields.text("hidden_act", "silu"); act != "silu")
    fields.refuse(fmt::format("hidden_act is \"{}\", supported is silu", act));
  if (fields.has("quantization_config"))
    fields.refuse(
        "quantization_config is set; quantised folders are not supported, GGUF files are");
  for (const char* key : {"mlp_bias", "use_bias"})
    if (fields.flag(key)) fields.refuse(fmt::format("{} is true, not supported", key));
  for (const char* key : {"num_experts", "num_local_experts", "n_routed_experts"})
    if (fields.number(key, 0.0) != 0.0)
      fields.refuse(fmt::format("{} is set, experts are not supported", key));
}

// A window that is as wide as the text may be hides nothing.
void refuse_windows(Fields& fields, const PretrainedConfig& config) {
  bool windowed = fields.has("use_sliding_window") ? fields.flag("use_sliding_window")
                                                   : fields.has("sliding_window");
  if (fields.number("max_window_layers", 0.0) >= config.layers) windowed = false;
  if (const json* types = fields.find("layer_types")) {
    windowed = false;
    for (const json& type : types->is_array() ? *types : json::array({*types})) {
      if (type == "sliding_attention") windowed = true;
      else if (type != "full_attention")
        fields.refuse(fmt::format("layer_types has {}, not supported", type.dump()));
    }
  }
  if (windowed && fields.number("sliding_window", 0.0) < config.max_positions) {
    fields.refuse(
        fmt::format("sliding_window is {} of {} positions, sliding windows are not supported",
                    fields.number("sliding_window", 0.0), config.max_positions));
  }
}

void read_yarn(Fields& rope, RopeScaling& scaling) {
  scaling.beta_fast = rope.number("beta_fast", scaling.beta_fast);
  scaling.beta_slow = rope.number("beta_slow", scaling.beta_slow);
  if (rope.has("truncate")) scaling.whole_pairs = rope.flag("truncate");
  if (rope.has("attention_factor")) {
    scaling.attention_factor = rope.number("attention_factor", 1.0);
  } else if (rope.number("mscale", 0.0) != 0.0 && rope.number("mscale_all_dim", 0.0) != 0.0) {
    rope.refuse("mscale and mscale_all_dim are set, not supported");
  }
}

RopeScaling read_scaling(Fields& rope, const PretrainedConfig& config, double trained) {
  RopeScaling scaling;
  const std::string type = rope.text("rope_type", rope.text("type", "default"));
  if (type == "default") return scaling;
  if (type == "linear") scaling.kind = RopeScaling::Kind::linear;
  else if (type == "llama3") scaling.kind = RopeScaling::Kind::llama3;
  else if (type == "yarn") scaling.kind = RopeScaling::Kind::yarn;
  else rope.refuse(fmt::format("type \"{}\", supported are default, linear, llama3, yarn", type));
  scaling.trained_positions = rope.number("original_max_position_embeddings", trained);
  const bool told = scaling.kind != RopeScaling::Kind::yarn || rope.has("factor");
  if (told && !rope.has("factor")) rope.refuse("factor is missing");
  scaling.factor = rope.number("factor", scaling.trained_positions > 0.0
                                             ? config.max_positions / scaling.trained_positions
                                             : 0.0);
  if (scaling.kind == RopeScaling::Kind::llama3) {
    scaling.low_frequency = rope.number("low_freq_factor", 0.0);
    scaling.high_frequency = rope.number("high_freq_factor", 0.0);
  }
  if (scaling.kind == RopeScaling::Kind::yarn) read_yarn(rope, scaling);
  return scaling;
}

// Older files say "rope_scaling" beside "rope_theta", newer ones hold both in "rope_parameters".
void read_rope(Fields& fields, PretrainedConfig& config) {
  double theta = fields.number("rope_theta", 10000.0);
  const double trained = fields.number("original_max_position_embeddings", config.max_positions);
  RopeScaling scaling;
  if (fields.number("partial_rotary_factor", 1.0) != 1.0)
    fields.refuse("partial_rotary_factor is not 1, not supported");
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const json* value = fields.find(key);
    if (value == nullptr) continue;
    if (!value->is_object()) {
      fields.refuse(fmt::format("{} is {}, expected an object", key, value->dump()));
      continue;
    }
    Fields rope(*value);
    for (const auto& [inner, of] : value->items())
      if (of.is_object()) rope.refuse(fmt::format("{} has rules of its own, not supported", inner));
    theta = rope.number("rope_theta", theta);
    if (rope.number("partial_rotary_factor", 1.0) != 1.0)
      rope.refuse("partial_rotary_factor is not 1, not supported");
    if (RopeScaling read = read_scaling(rope, config, trained);
        read.kind != RopeScaling::Kind::none)
      scaling = read;
    if (!rope.problem().empty()) fields.refuse(fmt::format("{}: {}", key, rope.problem()));
  }
  fields.refuse(problem_of(scaling, theta));
  if (!fields.problem().empty()) return;
  Rope rope = rope_of(config.head_dim, theta, scaling);
  config.inverse_frequencies = std::move(rope.inverse_frequencies);
  config.attention_factor = rope.attention_factor;
}

void read_granite(Fields& fields, PretrainedConfig& config) {
  config.embedding_multiplier = static_cast<float>(fields.number("embedding_multiplier", 1.0));
  config.residual_multiplier = static_cast<float>(fields.number("residual_multiplier", 1.0));
  config.attention_multiplier = static_cast<float>(fields.number("attention_multiplier", 1.0));
  config.logits_divisor = static_cast<float>(fields.number("logits_scaling", 1.0));
}

FolderConfig read_config(Fields& fields) {
  FolderConfig read;
  PretrainedConfig& config = read.config;
  config.family = fields.text("model_type", "");
  constexpr std::array kFamilies = {"qwen2", "qwen3", "llama", "granite"};
  bool known = false;
  for (const char* family : kFamilies) known = known || config.family == family;
  if (!known)
    fields.refuse(
        fmt::format("model_type is \"{}\", supported are {}", config.family, kServedFamilies));
  config.name = fields.text("_name_or_path", "");
  config.qk_norm = config.family == "qwen3";
  config.norm_eps = fields.number("rms_norm_eps", config.norm_eps);
  config.tied_embeddings = fields.flag("tie_word_embeddings");
  read.biased = config.family == "qwen2" || fields.flag("attention_bias");
  read_shape(fields, config);
  if (config.family == "granite") read_granite(fields, config);
  refuse_unserved(fields);
  refuse_windows(fields, config);
  if (fields.problem().empty()) read_rope(fields, config);
  return read;
}

}  // namespace

Result<FolderConfig> parse_folder_config(std::string_view text, const std::string& name) {
  const auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_config, name, std::move(why),
                   "use another model, or fetch it again");
  };
  auto document =
      parse_strict_json(text, {.max_bytes = kMaxConfigBytes}, ErrorCode::bad_config, name);
  if (!document) return std::unexpected(document.error());
  try {
    if (!document->is_object()) return bad("not a JSON object");
    Fields fields(*document);
    FolderConfig read = read_config(fields);
    if (!fields.problem().empty()) return bad(fields.problem());
    auto in_range = check_limits(read.config, name);
    if (!in_range) return std::unexpected(in_range.error());
    return read;
  } catch (const json::exception& error) {
    return bad(error.what());
  }
}

Result<FolderConfig> load_folder_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  auto text = read_whole_file(path, kMaxConfigBytes);
  if (!text) return std::unexpected(text.error());
  return parse_folder_config(*text, path.string());
}

}  // namespace inpaint::engine
