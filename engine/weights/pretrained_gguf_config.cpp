// What a GGUF file says about its model.

#include <limits>
#include <utility>

#include <fmt/format.h>

#include "engine/weights/gguf_file.h"
#include "engine/weights/pretrained_limits.h"
#include "engine/weights/pretrained_rope.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {
namespace {

constexpr const char* kDivisors = "rope_freqs.weight";
constexpr const char* kTokens = "tokenizer.ggml.tokens";
constexpr double kAny = std::numeric_limits<float>::max();

// What other models of these architectures have, and what would change the arithmetic. 0 says that a
// model does without.
constexpr const char* kUnserved[] = {
    "expert_count",           "attn_logit_softcapping",     "final_logit_softcapping",
    "attention.clamp_kqv",    "attention.max_alibi_bias",   "rope.scaling.yarn_log_multiplier",
    "attention.output_scale", "attention.temperature_scale"};

// Reads the keys of one architecture and keeps the first problem: the caller asks once, at the end.
class Keys {
 public:
  Keys(const GgufMetadata& metadata, std::string architecture)
      : metadata_(metadata), architecture_(std::move(architecture)) {}

  const std::string& problem() const { return problem_; }
  void refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  std::string full(std::string_view key) const { return fmt::format("{}.{}", architecture_, key); }
  bool has(std::string_view key) const { return metadata_.values.contains(full(key)); }

  int count(std::string_view key, int most) {
    const auto value = metadata_.integer(full(key));
    if (!value || *value < 1 || *value > most) {
      refuse(value ? fmt::format("{} is {}, expected 1 to {}", full(key), *value, most)
                   : fmt::format("{} is {}", full(key), has(key) ? "no whole number" : "missing"));
      return 0;
    }
    return static_cast<int>(*value);
  }
  int count(std::string_view key, int most, int otherwise) {
    return has(key) ? count(key, most) : otherwise;
  }

  double number(std::string_view key, double otherwise) {
    if (!has(key)) return otherwise;
    const auto value = metadata_.number(full(key));
    if (value && -kAny <= *value && *value <= kAny) return *value;
    refuse(fmt::format("{} is no number", full(key)));
    return otherwise;
  }

  std::string text(std::string_view key, std::string_view otherwise) {
    if (!has(key)) return std::string(otherwise);
    const auto value = metadata_.text(full(key));
    if (!value) refuse(fmt::format("{} is no text", full(key)));
    return std::string(value.value_or(otherwise));
  }

  bool flag(std::string_view key, bool otherwise) {
    if (!has(key)) return otherwise;
    const auto value = metadata_.flag(full(key));
    if (!value) refuse(fmt::format("{} is neither true nor false", full(key)));
    return value.value_or(otherwise);
  }

 private:
  const GgufMetadata& metadata_;
  std::string architecture_;
  std::string problem_;
};

void refuse_unserved(Keys& keys, const PretrainedConfig& config) {
  for (const char* key : kUnserved) {
    if (keys.number(key, 0.0) != 0.0)
      keys.refuse(fmt::format("{} is set, not supported", keys.full(key)));
  }
  const bool is_granite = config.family == "granite";
  if (!is_granite && keys.number("logit_scale", 0.0) != 0.0)
    keys.refuse(fmt::format("{} is set, not supported", keys.full("logit_scale")));
  // Granite's files say so where its layers do without positions.
  if (is_granite && !keys.flag("rope.scaling.finetuned", true))
    keys.refuse("granite without rotary positions is not supported");
  if (!keys.flag("attention.causal", true))
    keys.refuse(fmt::format("{} is false, not supported", keys.full("attention.causal")));
  const double window = keys.number("attention.sliding_window", 0.0);
  if (window > 0.0 && window < config.max_positions) {
    keys.refuse(fmt::format("{} is {} of {} positions, sliding windows are not supported",
                            keys.full("attention.sliding_window"), window, config.max_positions));
  }
}

void read_shape(Keys& keys, PretrainedConfig& config) {
  config.hidden = keys.count("embedding_length", kMaxPretrainedWidth);
  config.layers = keys.count("block_count", kMaxPretrainedLayers);
  config.heads = keys.count("attention.head_count", kMaxPretrainedHeads);
  config.kv_heads = keys.count("attention.head_count_kv", kMaxPretrainedHeads, config.heads);
  config.intermediate = keys.count("feed_forward_length", kMaxPretrainedWidth);
  config.max_positions = keys.count("context_length", kMaxPretrainedPositions);
  const bool divides = config.heads > 0 && config.hidden % config.heads == 0;
  if (!divides && !keys.has("attention.key_length")) {
    keys.refuse(fmt::format("{} is missing, and {} heads do not divide a width of {}",
                            keys.full("attention.key_length"), config.heads, config.hidden));
  }
  config.head_dim = keys.count("attention.key_length", kMaxPretrainedHeadDim,
                               divides ? config.hidden / config.heads : 0);
  for (const char* key : {"attention.value_length", "rope.dimension_count"}) {
    const int width = keys.count(key, kMaxPretrainedHeadDim, config.head_dim);
    if (width != config.head_dim) {
      keys.refuse(fmt::format("{} is {}, supported is the width of a head, {}", keys.full(key),
                              width, config.head_dim));
    }
  }
}

RopeScaling read_scaling(Keys& keys, const PretrainedConfig& config) {
  RopeScaling scaling;
  // Files from before `type` have a factor alone, and mean a linear one.
  const bool has_factor = keys.has("rope.scaling.factor") || keys.has("rope.scale_linear");
  const std::string type = keys.text("rope.scaling.type", has_factor ? "linear" : "none");
  if (type == "linear") scaling.kind = RopeScaling::Kind::linear;
  else if (type == "yarn") scaling.kind = RopeScaling::Kind::yarn;
  else if (type != "none")
    keys.refuse(fmt::format("{} is \"{}\", supported are none, linear, yarn",
                            keys.full("rope.scaling.type"), type));
  if (scaling.kind == RopeScaling::Kind::none) return scaling;
  scaling.factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1.0));
  if (scaling.factor == 0.0) scaling.factor = 1.0;  // as converters write "none"
  if (scaling.kind == RopeScaling::Kind::linear) return scaling;
  scaling.trained_positions =
      keys.number("rope.scaling.original_context_length", config.max_positions);
  scaling.beta_fast = keys.number("rope.scaling.yarn_beta_fast", scaling.beta_fast);
  scaling.beta_slow = keys.number("rope.scaling.yarn_beta_slow", scaling.beta_slow);
  const double extrapolation = keys.number("rope.scaling.yarn_ext_factor", 1.0);
  if (extrapolation >= 0.0 && extrapolation != 1.0)
    keys.refuse(fmt::format("{} is {}, supported is 1", keys.full("rope.scaling.yarn_ext_factor"),
                            extrapolation));
  // The file's factors come on top of yarn's own.
  scaling.attention_factor = yarn_attention_factor(scaling.factor) *
                             keys.number("rope.scaling.attn_factor", 1.0) *
                             keys.number("rope.scaling.yarn_attn_factor", 1.0);
  return scaling;
}

// Llama 3's scaling is not told by keys: the file has what each frequency is divided by.
Result<std::vector<float>> read_divisors(const GgufFile& file, const PretrainedConfig& config) {
  const GgufTensor* tensor = file.find(kDivisors);
  if (tensor == nullptr) return std::vector<float>{};
  const auto wrong = [&](std::string_view why) {
    return failure(ErrorCode::bad_weights, file.path().string(),
                   fmt::format("tensor {}: {}", kDivisors, why), "fetch the model again");
  };
  const std::int64_t n = config.head_dim / 2;
  if (tensor->format != kernels::BlockFormat::f32 || tensor->shape != std::vector<std::int64_t>{n})
    return wrong(fmt::format("expected {} values of F32", n));
  std::vector<float> divisors(static_cast<std::size_t>(n));
  auto read = file.read(*tensor, std::as_writable_bytes(std::span(divisors)));
  if (!read) return std::unexpected(read.error());
  for (const float divisor : divisors)
    if (!(1e-6F <= divisor && divisor <= 1e6F))
      return wrong(fmt::format("{} divides no frequency", divisor));
  return divisors;
}

// The rows of the embedding are what the model knows; the tokenizer and the keys have to agree.
void read_vocabulary(Keys& keys, const GgufFile& file, PretrainedConfig& config) {
  const std::string embedding = "token_embd.weight";
  const GgufTensor* tensor = file.find(embedding);
  if (tensor == nullptr || tensor->shape.size() != 2 ||
      tensor->shape[0] > kMaxPretrainedVocabulary) {
    keys.refuse(fmt::format("tensor {}: expected two dimensions, and {} rows at most", embedding,
                            kMaxPretrainedVocabulary));
    return;
  }
  config.vocabulary = static_cast<int>(tensor->shape[0]);
  const int told = keys.count("vocab_size", kMaxPretrainedVocabulary, config.vocabulary);
  if (told != config.vocabulary) {
    keys.refuse(fmt::format("{} is {}, {} has {} rows", keys.full("vocab_size"), told, embedding,
                            config.vocabulary));
  }
  const auto* tokens = file.metadata().texts(kTokens);
  if (tokens != nullptr && std::ssize(*tokens) != config.vocabulary) {
    keys.refuse(fmt::format("{} has {} tokens, {} has {} rows", kTokens, tokens->size(), embedding,
                            config.vocabulary));
  }
}

std::string problem_of_kind(const GgufMetadata& metadata) {
  if (metadata.integer("split.count").value_or(1) > 1)
    return fmt::format("part {} of {} of a model, parts are not supported",
                       metadata.integer("split.no").value_or(0) + 1,
                       metadata.integer("split.count").value_or(1));
  const auto type = metadata.text("general.type").value_or("model");
  if (type != "model") return fmt::format("general.type is \"{}\", expected a model", type);
  const auto architecture = metadata.text("general.architecture");
  if (!architecture) return "general.architecture is missing";
  for (const char* known : {"qwen2", "qwen3", "llama", "granite"})
    if (*architecture == known) return {};
  return fmt::format("general.architecture is \"{}\", supported are {}", *architecture,
                     kServedFamilies);
}

}  // namespace

Result<PretrainedConfig> pretrained_config(const GgufFile& file) {
  const std::string name = file.path().string();
  const auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_config, name, std::move(why),
                   "use another model, or fetch it again");
  };
  if (std::string problem = problem_of_kind(file.metadata()); !problem.empty()) return bad(problem);
  PretrainedConfig config;
  config.family = file.metadata().text("general.architecture").value_or("");
  config.name = file.metadata().text("general.name").value_or("");
  config.pairs_are_neighbours = config.family == "llama" || config.family == "granite";
  config.qk_norm = config.family == "qwen3";
  config.tied_embeddings = file.find("output.weight") == nullptr;

  Keys keys(file.metadata(), config.family);
  read_shape(keys, config);
  read_vocabulary(keys, file, config);
  config.norm_eps = keys.number("attention.layer_norm_rms_epsilon", config.norm_eps);
  if (config.family == "granite") {
    config.embedding_multiplier = static_cast<float>(keys.number("embedding_scale", 1.0));
    config.residual_multiplier = static_cast<float>(keys.number("residual_scale", 1.0));
    config.attention_multiplier = static_cast<float>(keys.number("attention.scale", 0.0));
    config.logits_divisor = static_cast<float>(keys.number("logit_scale", 1.0));
  }
  refuse_unserved(keys, config);
  const double theta = keys.number("rope.freq_base", 10000.0);
  const RopeScaling scaling = read_scaling(keys, config);
  keys.refuse(problem_of(scaling, theta));
  if (!keys.problem().empty()) return bad(keys.problem());

  auto divisors = read_divisors(file, config);
  if (!divisors) return std::unexpected(divisors.error());
  Rope rope = rope_of(config.head_dim, theta, scaling, *divisors);
  config.inverse_frequencies = std::move(rope.inverse_frequencies);
  config.attention_factor = rope.attention_factor;
  auto in_range = check_limits(config, name);
  if (!in_range) return std::unexpected(in_range.error());
  return config;
}

}  // namespace inpaint::engine
