#include "engine/model/transformer.h"

#include <cmath>

#include "engine/model/fused_ops.h"
#include "engine/prompt/copy_hint.h"

namespace inpaint::engine {

at::Tensor rotary_frequencies(const ModelConfig& config) {
  const at::Tensor even = at::arange(0, config.head_dim, 2, at::kFloat);
  return at::pow(config.rope_theta, even / config.head_dim).reciprocal();
}

RotaryTable rotary_table(const ModelConfig& config, int max_positions) {
  const at::Tensor half =
      at::outer(at::arange(max_positions, at::kFloat), rotary_frequencies(config));
  const at::Tensor angle = at::cat({half, half}, -1);
  return {angle.cos(), angle.sin()};
}

namespace {

at::Tensor embed(const TransformerWeights& weights, const RowTensors& input, Product product) {
  const at::Tensor& table = weights.embedding.any();
  at::Tensor sum = at::embedding(table, input.tokens);
  for (std::size_t i = 0; i < weights.copy_hints.size(); ++i) {
    const CopyHintWeights& hint = weights.copy_hints[i];
    const at::Tensor said = at::embedding(table, input.copy_hints[i].tokens);
    sum = sum + hint.projection.multiply(said, {}, product) +
          at::embedding(hint.bias, input.copy_hints[i].classes);
  }
  return sum;
}

at::Tensor boost(const CopyHintWeights& hint, const at::Tensor& hidden, const at::Tensor& classes) {
  const at::Tensor direction = at::embedding(hint.direction, classes).to(at::kFloat);
  const at::Tensor strength = hint.strength.to(at::kFloat).index_select(0, classes);
  const at::Tensor value =
      strength * CopyHintWeights::kStrengthScale + (hidden.to(at::kFloat) * direction).sum(-1);
  return value * at::remainder(classes, kMatchLengths).ne(0);
}

}  // namespace

Boosts boosts_of(const TransformerWeights& weights, const RowTensors& rows,
                 const at::Tensor& chosen, const at::Tensor& hidden) {
  if (weights.copy_hints.empty()) return {};
  std::vector<at::Tensor> tokens, values;
  const auto of_chosen = [&](const at::Tensor& all) {
    return all.view({-1}).index_select(0, chosen);
  };
  for (std::size_t i = 0; i < weights.copy_hints.size(); ++i) {
    tokens.push_back(of_chosen(rows.copy_hints[i].tokens));
    values.push_back(boost(weights.copy_hints[i], hidden, of_chosen(rows.copy_hints[i].classes)));
  }
  return {at::stack(tokens, 1), at::stack(values, 1)};
}

at::Tensor run_transformer(const ModelConfig& config, const TransformerWeights& weights,
                           const RotaryTable& rotary, const RowTensors& input, Attention& attention,
                           Product product) {
  const std::int64_t batch = input.tokens.size(0);
  const std::int64_t rows = input.tokens.size(1);
  const auto rotary_rows = [&](const at::Tensor& table) {
    return table.index_select(0, input.positions.reshape({-1}))
        .view({batch, rows, config.head_dim});
  };
  const at::Tensor cos = rotary_rows(rotary.cos);
  const at::Tensor sin = rotary_rows(rotary.sin);
  const HeadLayout layout{config.heads, config.kv_heads, config.head_dim, config.norm_eps};

  at::Tensor hidden = embed(weights, input, product);
  int index = 0;
  for (const LayerWeights& layer : weights.layers) {
    const at::Tensor before = rms_norm(hidden, layer.attention_norm, config.norm_eps);
    const Heads heads = split_heads(layer.qkv.multiply(before, layer.qkv_bias, product),
                                    layer.q_norm, layer.k_norm, cos, sin, layout);
    const at::Tensor seen = attention.attend(index++, heads.q, heads.k, heads.v)
                                .transpose(1, 2)
                                .reshape({batch, rows, config.heads * config.head_dim});
    hidden = hidden + layer.attention_out.multiply(seen, {}, product);

    const at::Tensor middle = rms_norm(hidden, layer.mlp_norm, config.norm_eps);
    hidden = hidden + layer.down.multiply(gated_silu(layer.gate_up.multiply(middle, {}, product)),
                                          {}, product);
  }
  return rms_norm(hidden, weights.final_norm, config.norm_eps);
}

}  // namespace inpaint::engine
