#include "engine/training/trainee.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/training/linear_cross_entropy.h"
#include "engine/training/span_attention.h"

namespace inpaint::engine {
namespace {

/// Working copies: leaves of the wanted type, the head and the embedding still one where they were.
TransformerWeights working_copy(const ModelConfig& config, const TransformerWeights& weights,
                                at::ScalarType type, at::Device device) {
  const auto vector = [&](const at::Tensor& x) {
    return x.defined() ? x.detach().to(device, type, false, true).requires_grad_(true) : x;
  };
  const auto matrix = [&](const Matrix& m) {
    if (!m.f32.defined()) return m;
    const at::Tensor leaf = vector(m.f32);
    return type == at::kBFloat16 ? Matrix{.f32 = {}, .bf16 = leaf}
                                 : Matrix{.f32 = leaf, .bf16 = {}};
  };
  TransformerWeights copy;
  copy.embedding = matrix(weights.embedding);
  for (const CopyHintWeights& hint : weights.copy_hints)
    copy.copy_hints.push_back({matrix(hint.projection), vector(hint.bias), vector(hint.strength),
                               vector(hint.direction)});
  copy.final_norm = vector(weights.final_norm);
  copy.head = config.tied_embeddings ? copy.embedding : matrix(weights.head);
  for (const LayerWeights& layer : weights.layers)
    copy.layers.push_back({vector(layer.attention_norm), matrix(layer.qkv), vector(layer.qkv_bias),
                           vector(layer.q_norm), vector(layer.k_norm), matrix(layer.attention_out),
                           vector(layer.mlp_norm), matrix(layer.gate_up), matrix(layer.down)});
  return copy;
}

std::vector<Parameter> parameters_of(const ModelConfig& config, const TransformerWeights& weights) {
  const std::int64_t q_rows = std::int64_t{config.heads} * config.head_dim;
  const std::int64_t kv_rows = std::int64_t{config.kv_heads} * config.head_dim;
  std::vector<Parameter> all;
  const auto add = [&](std::string name, const at::Tensor& x,
                       std::vector<std::int64_t> parts = {}) {
    if (!x.defined()) return;
    const bool decays = !parts.empty();
    all.push_back({std::move(name), x, std::move(parts), decays});
  };
  add("embedding", weights.embedding.any());
  int index = 0;
  for (const CopyHintWeights& hint : weights.copy_hints) {
    const std::string name = "echo." + std::to_string(index++) + ".";
    add(name + "projection", hint.projection.any(), {config.hidden});
    add(name + "bias", hint.bias);
    add(name + "strength", hint.strength);
    add(name + "direction", hint.direction);
  }
  index = 0;
  for (const LayerWeights& layer : weights.layers) {
    const std::string at_layer = "layer." + std::to_string(index++) + ".";
    add(at_layer + "attention_norm", layer.attention_norm);
    add(at_layer + "qkv", layer.qkv.any(), {q_rows, kv_rows, kv_rows});
    add(at_layer + "qkv_bias", layer.qkv_bias);
    add(at_layer + "q_norm", layer.q_norm);
    add(at_layer + "k_norm", layer.k_norm);
    add(at_layer + "attention_out", layer.attention_out.any(), {config.hidden});
    add(at_layer + "mlp_norm", layer.mlp_norm);
    add(at_layer + "gate_up", layer.gate_up.any(), {config.intermediate, config.intermediate});
    add(at_layer + "down", layer.down.any(), {config.hidden});
  }
  add("final_norm", weights.final_norm);
  if (!config.tied_embeddings) add("head", weights.head.any());
  return all;
}

/// Which rows with a loss are of a kind [n] bool.
at::Tensor is(const Batch& batch, RowKind kind) {
  return batch.kinds.eq(static_cast<std::int64_t>(kind));
}

}  // namespace

TransformerWeights initial_weights(const ModelConfig& config, std::uint64_t seed) {
  TransformerWeights weights = empty_weights(config);
  at::Generator generator = at::detail::createCPUGenerator(seed);
  constexpr double kDeviation = 0.02;
  const double output = kDeviation / std::sqrt(2.0 * config.layers);
  weights.embedding.f32.normal_(0.0, kDeviation, generator);
  if (!config.tied_embeddings) weights.head.f32.normal_(0.0, kDeviation, generator);
  for (LayerWeights& layer : weights.layers) {
    layer.qkv.f32.normal_(0.0, kDeviation, generator);
    layer.attention_out.f32.normal_(0.0, output, generator);
    layer.gate_up.f32.normal_(0.0, kDeviation, generator);
    layer.down.f32.normal_(0.0, output, generator);
  }
  return weights;
}

at::ScalarType working_type(const std::string& name, Device device) {
  const bool is_fast = device == Device::cuda || __builtin_cpu_supports("avx512bf16");
  return name == "bf16" || (name == "auto" && is_fast) ? at::kBFloat16 : at::kFloat;
}

Trainee::Trainee(ModelConfig config, const TransformerWeights& weights, at::ScalarType type,
                 at::Device device, int max_positions)
    : config_(std::move(config)),
      type_(type),
      device_(device),
      working_(working_copy(config_, weights, type, device)),
      rotary_(rotary_table(config_, max_positions)),
      optimiser_(parameters_of(config_, working_), OptimiserOptions{}) {
  rotary_.cos = rotary_.cos.to(device);
  rotary_.sin = rotary_.sin.to(device);
}

at::Tensor Trainee::hidden(const Batch& batch) const {
  SpanAttention attention(batch.mask);
  const at::Tensor all =
      run_transformer(config_, working_, rotary_, batch.rows, attention, product_of(type_));
  return all.view({-1, config_.hidden}).index_select(0, batch.loss_rows);
}

double Trainee::learn(const Batch& batch, double learning_rate, double certainty) {
  const at::Tensor rows = hidden(batch);
  const at::Tensor masks = is(batch, RowKind::noised) | is(batch, RowKind::padding);
  const CrossEntropy loss = linear_cross_entropy(
      rows, working_.head.any(), {batch.targets, batch.weights, masks.to(at::kFloat) * certainty},
      boosts_of(working_, batch.rows, batch.loss_rows, rows));
  loss.total.backward();
  const double value = loss.total.item<double>();
  if (!std::isfinite(value)) return value;
  const double norm = optimiser_.step(learning_rate);
  return std::isfinite(norm) ? value : norm;
}

Measurement Trainee::measure(const Batch& batch, at::Tensor* first_choices) const {
  at::NoGradGuard no_grad;
  const at::Tensor rows = hidden(batch);
  std::vector<at::Tensor> losses, choices;
  const Boosts boosts = boosts_of(working_, batch.rows, batch.loss_rows, rows);
  for (const at::Tensor& part : rows.split(kLossChunkRows)) {
    at::Tensor logits = at::linear(part, working_.head.any()).to(at::kFloat);
    const std::int64_t done = static_cast<std::int64_t>(losses.size()) * kLossChunkRows;
    if (boosts.tokens.defined())
      logits.scatter_add_(1, boosts.tokens.narrow(0, done, part.size(0)),
                          boosts.values.narrow(0, done, part.size(0)));
    const at::Tensor targets = batch.targets.narrow(0, done, part.size(0));
    losses.push_back(logits.logsumexp(-1) - logits.gather(1, targets.unsqueeze(1)).squeeze(1));
    choices.push_back(logits.argmax(-1));
  }
  const at::Tensor loss = at::cat(losses);
  const at::Tensor choice = at::cat(choices);
  const at::Tensor right = choice.eq(batch.targets).to(at::kFloat);
  const auto mean = [&](const at::Tensor& values, RowKind kind) {
    const at::Tensor picked = values.masked_select(is(batch, kind));
    return picked.numel() ? picked.mean().item<double>() : 0.0;
  };
  if (first_choices) *first_choices = choice;
  return {mean(loss, RowKind::context), mean(loss, RowKind::clean), mean(loss, RowKind::noised),
          mean(right, RowKind::clean), mean(right, RowKind::noised)};
}

void Trainee::average() { mean_.add(optimiser_.masters()); }

void Trainee::use(Weights which) {
  at::NoGradGuard no_grad;
  const auto& parameters = optimiser_.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].working.copy_(weight(which, i));
}

std::vector<NamedTensor> Trainee::finished() const {
  // In the transformer's own shape, so that one piece of code knows the names.
  TransformerWeights finished = empty_weights(config_);
  const std::vector<Parameter> targets = parameters_of(config_, finished);
  const Weights which = mean_.empty() ? Weights::last : Weights::mean;
  at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i].working.copy_(weight(which, i));
  return named_tensors(config_, finished);
}

}  // namespace inpaint::engine
