#include "engine/weights/pretrained_layout.h"

#include <set>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "engine/weights/pretrained_limits.h"
#include "engine/weights/tensor_reader.h"

namespace inpaint::engine {
namespace {

constexpr TensorNames kGgufNames = {
    .embedding = "token_embd.weight",
    .head = "output.weight",
    .final_norm = "output_norm.weight",
    .layer = "blk.",
    .attention_norm = "attn_norm",
    .mlp_norm = "ffn_norm",
    .q = "attn_q",
    .k = "attn_k",
    .v = "attn_v",
    .attention_out = "attn_output",
    .q_norm = "attn_q_norm",
    .k_norm = "attn_k_norm",
    .gate = "ffn_gate",
    .up = "ffn_up",
    .down = "ffn_down",
    .ignored = "rope_freqs.weight",  // read with the configuration
};

constexpr TensorNames kHuggingFaceNames = {
    .embedding = "model.embed_tokens.weight",
    .head = "lm_head.weight",
    .final_norm = "model.norm.weight",
    .layer = "model.layers.",
    .attention_norm = "input_layernorm",
    .mlp_norm = "post_attention_layernorm",
    .q = "self_attn.q_proj",
    .k = "self_attn.k_proj",
    .v = "self_attn.v_proj",
    .attention_out = "self_attn.o_proj",
    .q_norm = "self_attn.q_norm",
    .k_norm = "self_attn.k_norm",
    .gate = "mlp.gate_proj",
    .up = "mlp.up_proj",
    .down = "mlp.down_proj",
    .ignored = "rotary_emb.inv_freq",  // older files keep what the configuration gives
};

struct Expected {
  std::string name;
  std::vector<std::int64_t> shape;
};

constexpr const char* kRemedy = "fetch the model again";

/// The tensors of one model, as its configuration wants them.
class Layout {
 public:
  Layout(const PretrainedSource& source, const PretrainedConfig& config, const TensorNames& names)
      : source_(source), config_(config), names_(names) {
    const bool biased = config.family == "qwen2" || has_biases(source, names);
    add(std::string(names.embedding), {config.vocabulary, config.hidden});
    if (!config.tied_embeddings) add(std::string(names.head), {config.vocabulary, config.hidden});
    add(std::string(names.final_norm), {config.hidden});
    for (int layer = 0; layer < config.layers; ++layer) add_layer(layer, biased);
  }

  std::span<const Expected> expected() const { return expected_; }

  Result<void> check() const {
    for (const Expected& tensor : expected_) {
      const auto shape = source_.shape(tensor.name);
      if (!shape) return wrong(tensor.name, "is missing");
      if (*shape != tensor.shape) {
        return wrong(tensor.name,
                     fmt::format("expected shape [{}], got [{}]", fmt::join(tensor.shape, ", "),
                                 fmt::join(*shape, ", ")));
      }
    }
    std::set<std::string_view> known;
    for (const Expected& tensor : expected_) known.insert(tensor.name);
    for (const std::string& name : source_.tensors()) {
      // A tied head may be stored all the same: it is the embedding once more.
      const bool is_tied_head = config_.tied_embeddings && name == names_.head;
      if (known.contains(name) || is_tied_head || name.ends_with(names_.ignored)) continue;
      return wrong(
          name, fmt::format("no part of a {} model of {} layers", config_.family, config_.layers));
    }
    return {};
  }

 private:
  std::unexpected<Error> wrong(std::string_view tensor, std::string_view why) const {
    return failure(ErrorCode::bad_weights, source_.name(),
                   fmt::format("tensor {}: {}", tensor, why), kRemedy);
  }

  void add(std::string name, std::vector<std::int64_t> shape) {
    expected_.push_back({std::move(name), std::move(shape)});
  }

  void add_layer(int layer, bool biased) {
    const std::int64_t hidden = config_.hidden, inner = config_.intermediate;
    const std::int64_t width = std::int64_t{config_.heads} * config_.head_dim;
    const std::int64_t kv_width = std::int64_t{config_.kv_heads} * config_.head_dim;
    const auto weight = [&](std::string_view part, std::vector<std::int64_t> shape) {
      add(fmt::format("{}{}.{}.weight", names_.layer, layer, part), std::move(shape));
    };
    weight(names_.attention_norm, {hidden});
    weight(names_.mlp_norm, {hidden});
    weight(names_.attention_out, {hidden, width});
    for (const auto& [part, outputs] : {std::pair(names_.q, width), std::pair(names_.k, kv_width),
                                        std::pair(names_.v, kv_width)}) {
      weight(part, {outputs, hidden});
      if (biased) add(fmt::format("{}{}.{}.bias", names_.layer, layer, part), {outputs});
    }
    if (config_.qk_norm) {
      weight(names_.q_norm, {config_.head_dim});
      weight(names_.k_norm, {config_.head_dim});
    }
    weight(names_.gate, {inner, hidden});
    weight(names_.up, {inner, hidden});
    weight(names_.down, {hidden, inner});
  }

  const PretrainedSource& source_;
  const PretrainedConfig& config_;
  const TensorNames& names_;
  std::vector<Expected> expected_;
};

void want_layer(TensorReader& reader, const TensorNames& names, int number, bool biased,
                bool qk_norm, PretrainedLayer& layer) {
  const auto want = [&](std::string_view part, std::string_view what, auto& to) {
    reader.want(fmt::format("{}{}.{}.{}", names.layer, number, part, what), to);
  };
  want(names.attention_norm, "weight", layer.attention_norm);
  want(names.q, "weight", layer.q);
  want(names.k, "weight", layer.k);
  want(names.v, "weight", layer.v);
  if (biased) {
    want(names.q, "bias", layer.q_bias);
    want(names.k, "bias", layer.k_bias);
    want(names.v, "bias", layer.v_bias);
  }
  if (qk_norm) {
    want(names.q_norm, "weight", layer.q_norm);
    want(names.k_norm, "weight", layer.k_norm);
  }
  want(names.attention_out, "weight", layer.attention_out);
  want(names.mlp_norm, "weight", layer.mlp_norm);
  want(names.gate, "weight", layer.gate);
  want(names.up, "weight", layer.up);
  want(names.down, "weight", layer.down);
}

}  // namespace

const TensorNames& gguf_tensor_names() { return kGgufNames; }

const TensorNames& hugging_face_tensor_names() { return kHuggingFaceNames; }

bool has_biases(const PretrainedSource& source, const TensorNames& names) {
  return source.shape(fmt::format("{}0.{}.bias", names.layer, names.q)).has_value();
}

Result<PretrainedWeights> assemble_pretrained(const PretrainedSource& source,
                                              const PretrainedConfig& config,
                                              const TensorNames& names,
                                              std::optional<std::uint64_t> available_memory,
                                              const Loading& loading, int threads) {
  auto in_range = check_limits(config, source.name());
  if (!in_range) return std::unexpected(in_range.error());
  const Layout layout(source, config, names);
  auto checked = layout.check();
  if (!checked) return std::unexpected(checked.error());

  PretrainedWeights weights;
  weights.layers.resize(static_cast<std::size_t>(config.layers));
  TensorReader reader(source);
  reader.want(std::string(names.embedding), weights.embedding);
  const bool biased = has_biases(source, names);
  for (int layer = 0; layer < config.layers; ++layer)
    want_layer(reader, names, layer, biased, config.qk_norm,
               weights.layers[static_cast<std::size_t>(layer)]);
  reader.want(std::string(names.final_norm), weights.final_norm);
  if (!config.tied_embeddings) reader.want(std::string(names.head), weights.head);

  std::uint64_t needed = reader.bytes_at_once(threads);
  for (const Expected& tensor : layout.expected()) needed += source.bytes_in_memory(tensor.name);
  auto fits = check_memory(needed, available_memory, source.name());
  if (!fits) return std::unexpected(fits.error());
  auto read = reader.read(loading, threads);
  if (!read) return std::unexpected(read.error());
  return weights;
}

}  // namespace inpaint::engine
