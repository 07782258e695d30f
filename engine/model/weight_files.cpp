#include "engine/model/weight_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <optional>

#include "engine/model/quantisation.h"
#include "engine/prompt/copy_hint.h"
#include "engine/weights/sharded_weights.h"

namespace inpaint::engine {
namespace {

std::optional<at::ScalarType> scalar_type(DType dtype) {
  switch (dtype) {
    case DType::f32: return at::kFloat;
    case DType::f16: return at::kHalf;
    case DType::bf16: return at::kBFloat16;
    case DType::i8: return at::kChar;
    case DType::i64: return at::kLong;
    default: return std::nullopt;
  }
}

DType dtype_of(const at::Tensor& tensor) {
  switch (tensor.scalar_type()) {
    case at::kHalf: return DType::f16;
    case at::kBFloat16: return DType::bf16;
    case at::kChar: return DType::i8;
    case at::kLong: return DType::i64;
    default: return DType::f32;
  }
}

std::string shape_text(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::unexpected<Error> misfit(std::string_view name, std::string why) {
  return failure(ErrorCode::bad_weights, fmt::format("tensor \"{}\"", name), std::move(why),
                 "the weights and config.json are of different models; fetch both again");
}

Matrix zeros(std::int64_t rows, std::int64_t columns) {
  return {at::zeros({rows, columns}, at::kFloat), {}};
}

/// Reads the tensor of `name` over `target`, which has the shape that the configuration asks for.
Result<void> load_into(const ShardedWeights& weights, const NamedTensor& target) {
  const auto place = weights.find(target.name);
  if (!place) return misfit(target.name, "is missing from the *.safetensors");
  if (place->entry->shape != target.tensor.sizes().vec())
    return misfit(target.name, fmt::format("expected {}, got {}", shape_text(target.tensor.sizes()),
                                           shape_text(place->entry->shape)));
  Result<at::Tensor> read = read_tensor(*place->file, *place->entry);
  if (!read) return std::unexpected(read.error());
  at::Tensor values = std::move(*read);
  if (values.scalar_type() == at::kChar) {
    const auto scales_place = weights.find(target.name + ".scale");
    if (!scales_place) return misfit(target.name, "holds integers without a .scale beside them");
    Result<at::Tensor> scales = read_tensor(*scales_place->file, *scales_place->entry);
    if (!scales) return std::unexpected(scales.error());
    Result<at::Tensor> restored = dequantise({values, *scales});
    if (!restored) return misfit(target.name, restored.error().why);
    values = std::move(*restored);
  }
  if (!at::isFloatingType(values.scalar_type()))
    return misfit(target.name, "holds whole numbers where weights are expected");
  target.tensor.copy_(values);
  return {};
}

}  // namespace

void add_copy_hints(const ModelConfig& config, TransformerWeights& weights) {
  const std::int64_t hidden = config.hidden;
  while (weights.copy_hints.size() < static_cast<std::size_t>(config.copy_hints))
    weights.copy_hints.push_back(
        {zeros(hidden, hidden), at::zeros({kMatchClasses, hidden}, at::kFloat),
         at::zeros({kMatchClasses}, at::kFloat), at::zeros({kMatchClasses, hidden}, at::kFloat)});
}

TransformerWeights empty_weights(const ModelConfig& config) {
  const std::int64_t hidden = config.hidden;
  const std::int64_t attention = std::int64_t{config.heads} * config.head_dim;
  const std::int64_t projected = attention + 2 * std::int64_t{config.kv_heads} * config.head_dim;
  TransformerWeights weights;
  weights.embedding = zeros(config.vocabulary, hidden);
  add_copy_hints(config, weights);
  for (int i = 0; i < config.layers; ++i) {
    LayerWeights layer;
    layer.attention_norm = at::ones({hidden}, at::kFloat);
    layer.qkv = zeros(projected, hidden);
    if (config.qkv_bias) layer.qkv_bias = at::zeros({projected}, at::kFloat);
    if (config.qk_norm) {
      layer.q_norm = at::ones({config.head_dim}, at::kFloat);
      layer.k_norm = at::ones({config.head_dim}, at::kFloat);
    }
    layer.attention_out = zeros(hidden, attention);
    layer.mlp_norm = at::ones({hidden}, at::kFloat);
    layer.gate_up = zeros(2 * std::int64_t{config.intermediate}, hidden);
    layer.down = zeros(hidden, config.intermediate);
    weights.layers.push_back(std::move(layer));
  }
  weights.final_norm = at::ones({hidden}, at::kFloat);
  weights.head = config.tied_embeddings ? weights.embedding : zeros(config.vocabulary, hidden);
  return weights;
}

std::vector<NamedTensor> named_tensors(const ModelConfig& config,
                                       const TransformerWeights& weights) {
  const std::int64_t q_rows = std::int64_t{config.heads} * config.head_dim;
  const std::int64_t kv_rows = std::int64_t{config.kv_heads} * config.head_dim;
  std::vector<NamedTensor> named{{"model.embed_tokens.weight", weights.embedding.any()}};
  constexpr std::array<std::string_view, kCopyHints> kCopyHintNames{"model.echo.",
                                                                    "model.second_echo."};
  for (std::size_t i = 0; i < weights.copy_hints.size(); ++i) {
    const std::string name(kCopyHintNames[i]);
    named.push_back({name + "projection.weight", weights.copy_hints[i].projection.any()});
    named.push_back({name + "bias", weights.copy_hints[i].bias});
    named.push_back({name + "strength", weights.copy_hints[i].strength});
    named.push_back({name + "direction", weights.copy_hints[i].direction});
  }
  int index = 0;
  for (const LayerWeights& layer : weights.layers) {
    const std::string at_layer = fmt::format("model.layers.{}.", index++);
    const auto add = [&](std::string_view name, const at::Tensor& tensor) {
      named.push_back({at_layer + std::string(name), tensor});
    };
    const auto add_projections = [&](std::string_view kind, const at::Tensor& fused) {
      add(fmt::format("self_attn.q_proj.{}", kind), fused.narrow(0, 0, q_rows));
      add(fmt::format("self_attn.k_proj.{}", kind), fused.narrow(0, q_rows, kv_rows));
      add(fmt::format("self_attn.v_proj.{}", kind), fused.narrow(0, q_rows + kv_rows, kv_rows));
    };
    add("input_layernorm.weight", layer.attention_norm);
    add_projections("weight", layer.qkv.any());
    if (layer.qkv_bias.defined()) add_projections("bias", layer.qkv_bias);
    if (layer.q_norm.defined()) add("self_attn.q_norm.weight", layer.q_norm);
    if (layer.k_norm.defined()) add("self_attn.k_norm.weight", layer.k_norm);
    add("self_attn.o_proj.weight", layer.attention_out.any());
    add("post_attention_layernorm.weight", layer.mlp_norm);
    add("mlp.gate_proj.weight", layer.gate_up.any().narrow(0, 0, config.intermediate));
    add("mlp.up_proj.weight",
        layer.gate_up.any().narrow(0, config.intermediate, config.intermediate));
    add("mlp.down_proj.weight", layer.down.any());
  }
  named.push_back({"model.norm.weight", weights.final_norm});
  if (!config.tied_embeddings) named.push_back({"lm_head.weight", weights.head.any()});
  return named;
}

Result<at::Tensor> read_tensor(const SafetensorsFile& file, const TensorEntry& entry) {
  const auto type = scalar_type(entry.dtype);
  if (!type)
    return misfit(entry.name, fmt::format("has the number type {}, which we do not read",
                                          to_string(entry.dtype)));
  at::Tensor tensor = at::empty(entry.shape, *type);
  auto* bytes = static_cast<std::byte*>(tensor.data_ptr());
  if (Result<void> read = file.read(entry, {bytes, tensor.nbytes()}); !read)
    return std::unexpected(read.error());
  return tensor;
}

Result<TransformerWeights> load_weights(const ModelConfig& config,
                                        const std::filesystem::path& folder) {
  Result<ShardedWeights> files = ShardedWeights::open(folder);
  if (!files) return std::unexpected(files.error());
  TransformerWeights weights = empty_weights(config);
  for (const NamedTensor& target : named_tensors(config, weights))
    if (Result<void> loaded = load_into(*files, target); !loaded)
      return std::unexpected(loaded.error());
  return weights;
}

Result<void> save_weights(const std::filesystem::path& file,
                          const std::vector<NamedTensor>& tensors, const std::string& matrix_format,
                          const std::map<std::string, std::string>& metadata) {
  std::vector<NamedTensor> stored;
  for (const NamedTensor& named : tensors) {
    const at::Tensor values = named.tensor.detach().cpu().to(at::kFloat).contiguous();
    if (values.dim() != 2 || matrix_format == "f32") {
      stored.push_back({named.name, values});
    } else if (matrix_format == "bf16") {
      stored.push_back({named.name, values.to(at::kBFloat16)});
    } else {
      Result<QuantisedMatrix> matrix = quantise(values, matrix_format);
      if (!matrix) return std::unexpected(matrix.error());
      stored.push_back({named.name, matrix->integers});
      stored.push_back({named.name + ".scale", matrix->scales});
    }
  }
  std::vector<TensorToWrite> to_write;
  to_write.reserve(stored.size());
  for (const NamedTensor& named : stored)
    to_write.push_back(
        {named.name,
         dtype_of(named.tensor),
         named.tensor.sizes().vec(),
         {static_cast<const std::byte*>(named.tensor.data_ptr()), named.tensor.nbytes()}});
  return write_safetensors(file, std::move(to_write), metadata);
}

}  // namespace inpaint::engine
