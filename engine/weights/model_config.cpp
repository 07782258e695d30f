#include "engine/weights/model_config.h"

#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"
#include "engine/prompt/copy_hint.h"
#include "engine/prompt/prompt_format.h"
#include "engine/weights/config_fields.h"
#include "engine/weights/model_family.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = 1 << 20;
constexpr const char* kRemedy =
    "use a model of a supported family (inpaint_mini, qwen3, qwen2, llama), or fetch it again";

// Far above every model of these families, far below an overflow: each product that the engine forms
// (rows of a matrix times its columns) is at most 2^44.
constexpr int kMaxWidth = 1 << 20;
constexpr int kMaxVocabulary = 1 << 22;
constexpr int kMaxLayers = 1'000;
constexpr int kMaxHeads = 4'096;
constexpr int kMaxHeadDim = 4'096;
constexpr int kMaxPositions = 1 << 26;
constexpr int kMaxBlockWidth = 1'024;
constexpr std::size_t kMaxBlockWidths = 16;
constexpr std::size_t kMaxGroups = 64;
// Version 2 had one copy hint or none, version 3 counts them, version 4 says what masks predict.
constexpr int kCountedHintsVersion = 3;
constexpr int kMaskTargetVersion = 4;
constexpr int kFormatVersion = 4;

class Fields : public ConfigFields {
 public:
  using ConfigFields::ConfigFields;
  using ConfigFields::refuse;
  void refuse(std::string_view key, const json& value, std::string_view expected) {
    refuse(fmt::format("{} is {}, {}", key, value.dump(), expected));
  }

  int count(std::string_view key, int limit, std::optional<int> otherwise = std::nullopt) {
    const json* value = find(key);
    if (value == nullptr) {
      if (!otherwise) refuse(fmt::format("{} is missing", key));
      return otherwise.value_or(0);
    }
    if (!is_count(*value, limit)) {
      refuse(key, *value, fmt::format("expected a whole number from 1 to {}", limit));
      return 0;
    }
    return value->get<int>();
  }

  double number(std::string_view key, double least, double most, double otherwise) {
    const json* value = find(key);
    if (value == nullptr) return otherwise;
    double read = value->is_number() ? value->get<double>() : std::nan("");
    if (!(read >= least && read <= most)) {
      refuse(key, *value, fmt::format("expected a number from {} to {}", least, most));
      return otherwise;
    }
    return read;
  }

  bool flag(std::string_view key, bool otherwise) {
    const json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) {
      refuse(key, *value, "expected true or false");
      return otherwise;
    }
    return value->get<bool>();
  }

  /// A switch that the family decides; a file that says otherwise is not of this family.
  bool given(std::string_view key, Given given, bool otherwise) {
    if (given == Given::by_config) return flag(key, otherwise);
    bool fixed = given == Given::always;
    if (flag(key, fixed) != fixed) {
      refuse(fmt::format("{} is {}, this family has it the other way", key, !fixed));
    }
    return fixed;
  }

  std::string text(std::string_view key, std::string_view otherwise) {
    const json* value = find(key);
    if (value == nullptr) return std::string(otherwise);
    if (!value->is_string()) {
      refuse(key, *value, "expected a string");
      return std::string(otherwise);
    }
    return value->get<std::string>();
  }
};

// Positions are rotated plainly; any stretching of them is refused. Older files say
// "rope_scaling": {"type" or "rope_type"} beside "rope_theta", newer ones hold both in
// "rope_parameters".
double read_rope_theta(Fields& fields, double otherwise) {
  constexpr double kLeast = 1.0;
  constexpr double kMost = 1e12;
  double theta = fields.number("rope_theta", kLeast, kMost, otherwise);
  for (std::string_view key : {"rope_scaling", "rope_parameters"}) {
    const json* rope = fields.find(key);
    if (rope == nullptr) continue;
    if (!rope->is_object()) {
      fields.refuse(key, *rope, "expected an object");
      continue;
    }
    Fields inner(*rope);
    for (std::string_view type_key : {"rope_type", "type"}) {
      std::string type = inner.text(type_key, "default");
      if (type != "default") {
        inner.refuse(
            fmt::format("{}.{} is \"{}\", only \"default\" is supported", key, type_key, type));
      }
    }
    inner.number("partial_rotary_factor", 1.0, 1.0, 1.0);
    theta = inner.number("rope_theta", kLeast, kMost, theta);
    if (!inner.problem().empty()) fields.refuse(inner.problem());
  }
  fields.number("partial_rotary_factor", 1.0, 1.0, 1.0);
  return theta;
}

// What would change the arithmetic in ways that the transformer does not know.
void refuse_unsupported(Fields& fields) {
  if (std::string act = fields.text("hidden_act", "silu"); act != "silu") {
    fields.refuse(fmt::format("hidden_act is \"{}\", only \"silu\" is supported", act));
  }
  if (const json* value = fields.find("quantization_config")) {
    fields.refuse("quantization_config", *value, "quantised checkpoints of others are not read");
  }
  if (fields.flag("use_sliding_window", false)) {
    fields.refuse("use_sliding_window is true, sliding windows are not supported");
  }
  // Qwen writes a width although the window is off; without the switch a width means "in use".
  const json* window = fields.find("sliding_window");
  if (window != nullptr && fields.find("use_sliding_window") == nullptr) {
    fields.refuse("sliding_window", *window, "sliding windows are not supported");
  }
  if (const json* types = fields.find("layer_types")) {
    if (!types->is_array()) fields.refuse("layer_types", *types, "expected a list");
    for (const json& type : types->is_array() ? *types : json::array()) {
      if (type != "full_attention") {
        fields.refuse("layer_types", type, "only \"full_attention\" is supported");
      }
    }
  }
  for (std::string_view key : {"mlp_bias", "use_bias"}) {
    if (fields.flag(key, false)) fields.refuse(fmt::format("{} is true, not supported", key));
  }
  for (std::string_view key : {"num_experts", "num_local_experts", "n_routed_experts"}) {
    const json* value = fields.find(key);
    if (value != nullptr && *value != 0) fields.refuse(key, *value, "experts are not supported");
  }
}

MaskTarget read_mask_target(Fields& fields, int version) {
  const std::string target = fields.text("masks_predict", "own");
  if (target == "next" && version < kMaskTargetVersion)
    fields.refuse(
        fmt::format("masks_predict is \"next\" in version {}, which does not know it", version));
  if (target != "own" && target != "next")
    fields.refuse(fmt::format("masks_predict is \"{}\", expected \"own\" or \"next\"", target));
  return target == "next" ? MaskTarget::next_place : MaskTarget::own_place;
}

void read_mini(Fields& fields, ModelConfig& config) {
  config.version = fields.count("version", 1'000'000);
  if (config.version > kFormatVersion) {
    fields.refuse(
        fmt::format("version is {}, this build reads up to {}", config.version, kFormatVersion));
  }
  config.context_tokens = fields.count("context_tokens", kMaxPositions);
  if (config.context_tokens > config.max_positions) {
    fields.refuse(fmt::format("context_tokens is {}, more than max_position_embeddings {}",
                              config.context_tokens, config.max_positions));
  }
  if (config.version < kCountedHintsVersion) config.copy_hints = fields.flag("echo", false) ? 1 : 0;
  else if (config.version == kCountedHintsVersion)
    config.copy_hints = fields.count("echoes", kCopyHints);
  else config.copy_hints = fields.count("echoes", kCopyHints, 0);
  config.mask_target = read_mask_target(fields, config.version);
  const json* widths = fields.find("block_widths");
  if (widths == nullptr || !widths->is_array() || widths->empty() ||
      widths->size() > kMaxBlockWidths) {
    fields.refuse(fmt::format("block_widths is not a list of 1 to {} widths", kMaxBlockWidths));
  } else {
    for (const json& width : *widths) {
      bool in_range = width.is_number_unsigned() && width.get<std::uint64_t>() >= 1 &&
                      width.get<std::uint64_t>() <= kMaxBlockWidth;
      if (!in_range ||
          (!config.block_widths.empty() && width.get<int>() <= config.block_widths.back())) {
        fields.refuse("block_widths", *widths,
                      fmt::format("expected ascending widths from 1 to {}", kMaxBlockWidth));
        break;
      }
      config.block_widths.push_back(width.get<int>());
    }
  }
  if (const json* groups = fields.find("quantisation")) {
    if (!groups->is_object() || groups->size() > kMaxGroups) {
      fields.refuse("quantisation", *groups, "expected an object of tensor groups");
      return;
    }
    for (const auto& [group, format] : groups->items()) {
      if (!format.is_string()) {
        fields.refuse("quantisation." + group, format, "expected the name of a format");
        return;
      }
      config.quantisation.emplace(group, format.get<std::string>());
    }
  }
}

ModelConfig read_config(Fields& fields, const ModelFamily& family) {
  ModelConfig config;
  config.family = family.name;
  config.hidden = fields.count("hidden_size", kMaxWidth);
  config.layers = fields.count("num_hidden_layers", kMaxLayers);
  config.heads = fields.count("num_attention_heads", kMaxHeads);
  config.kv_heads = fields.count("num_key_value_heads", kMaxHeads, config.heads);
  config.intermediate = fields.count("intermediate_size", kMaxWidth);
  config.vocabulary = fields.count("vocab_size", kMaxVocabulary);
  config.max_positions = fields.count("max_position_embeddings", kMaxPositions);
  std::optional<int> usual_head_dim;
  if (config.heads > 0 && config.hidden % config.heads == 0) {
    usual_head_dim = config.hidden / config.heads;
  }
  config.head_dim = fields.count("head_dim", kMaxHeadDim, usual_head_dim);
  config.rope_theta = read_rope_theta(fields, family.default_rope_theta);
  config.norm_eps = fields.number("rms_norm_eps", 1e-12, 1.0, family.default_norm_eps);
  config.qk_norm = family.qk_norm;
  config.qkv_bias = fields.given("attention_bias", family.qkv_bias, false);
  config.tied_embeddings =
      fields.given("tie_word_embeddings", family.tied_embeddings, family.tied_by_default);
  if (config.kv_heads > 0 && config.heads % config.kv_heads != 0) {
    fields.refuse(fmt::format("num_key_value_heads {} does not divide num_attention_heads {}",
                              config.kv_heads, config.heads));
  }
  if (config.head_dim % 2 != 0 || config.head_dim > kMaxHeadDim) {
    fields.refuse(fmt::format("head_dim is {}, expected an even number up to {}", config.head_dim,
                              kMaxHeadDim));
  }
  if (config.heads * config.head_dim > kMaxWidth) {  // at most 2^24 by the limits above
    fields.refuse(fmt::format("{} heads of {} channels are more than {}", config.heads,
                              config.head_dim, kMaxWidth));
  }
  const std::string format = fields.text("prompt_format", family.prompt_format);
  config.prompt_format = find_prompt_format(format);
  if (!format.empty() && config.prompt_format == nullptr) {
    fields.refuse(
        fmt::format("prompt_format is \"{}\", this build knows {}", format, prompt_format_names()));
  }
  refuse_unsupported(fields);
  if (family.is_mini) read_mini(fields, config);
  return config;
}

}  // namespace

Result<ModelConfig> parse_config(std::string_view text, std::string name) {
  JsonLimits limits{.max_bytes = kMaxConfigBytes};
  auto document = parse_strict_json(text, limits, ErrorCode::bad_config, name);
  if (!document) return std::unexpected(document.error());
  auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_config, name, std::move(why), kRemedy);
  };
  try {
    if (!document->is_object()) return bad("not a JSON object");
    Fields fields(*document);
    std::string model_type = fields.text("model_type", "");
    if (!fields.problem().empty()) return bad(fields.problem());
    const ModelFamily* family = find_family_by_model_type(model_type);
    if (family == nullptr)
      return bad(fmt::format("model_type is \"{}\", not supported", model_type));
    ModelConfig config = read_config(fields, *family);
    if (!fields.problem().empty()) return bad(fields.problem());
    return config;
  } catch (const json::exception& error) {
    return bad(error.what());
  }
}

Result<ModelConfig> load_config(const std::filesystem::path& folder) {
  std::filesystem::path path = folder / "config.json";
  auto text = read_whole_file(path, kMaxConfigBytes);
  if (!text) return std::unexpected(text.error());
  return parse_config(*text, path.string());
}

std::string to_json(const ModelConfig& config) {
  const ModelFamily* family = find_family(config.family);
  json document = {
      {"model_type", family != nullptr ? std::string(family->model_type) : config.family},
      {"hidden_size", config.hidden},
      {"num_hidden_layers", config.layers},
      {"num_attention_heads", config.heads},
      {"num_key_value_heads", config.kv_heads},
      {"head_dim", config.head_dim},
      {"intermediate_size", config.intermediate},
      {"vocab_size", config.vocabulary},
      {"rope_theta", config.rope_theta},
      {"rms_norm_eps", config.norm_eps},
      {"tie_word_embeddings", config.tied_embeddings},
      {"attention_bias", config.qkv_bias},
      {"max_position_embeddings", config.max_positions},
      {"hidden_act", "silu"},
  };
  if (config.prompt_format != nullptr) document["prompt_format"] = config.prompt_format->name;
  if (family != nullptr) document["architectures"] = {std::string(family->architecture)};
  if (family != nullptr && family->is_mini) {
    document["context_tokens"] = config.context_tokens;
    document["block_widths"] = config.block_widths;
    document["quantisation"] = config.quantisation;
    if (config.version < kCountedHintsVersion) document["echo"] = config.copy_hints > 0;
    else if (config.copy_hints > 0) document["echoes"] = config.copy_hints;
    if (config.version >= kMaskTargetVersion)
      document["masks_predict"] = config.mask_target == MaskTarget::own_place ? "own" : "next";
    document["version"] = config.version;
  }
  return document.dump(2) + "\n";
}

}  // namespace inpaint::engine
