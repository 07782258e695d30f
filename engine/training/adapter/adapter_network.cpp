#include "engine/training/adapter/adapter_network.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <string_view>
#include <utility>

#include "engine/training/adapter/dense_matrix.h"

namespace inpaint::engine {
namespace {

/// Of what the low-rank matrices add; folded into `up` in the file.
constexpr double kScale = 2.0;
/// Embeddings are few, and have far to go: in these units the rate of the matrices suits them too.
constexpr double kMaskUnit = 10.0;

at::Tensor vector_of(const std::vector<float>& values, at::ScalarType type) {
  return values.empty() ? at::Tensor() : at::tensor(values, at::kFloat).to(type);
}

at::Tensor trained(const at::Tensor& values) { return values.detach().requires_grad_(true); }

}  // namespace

AdapterNetwork::AdapterNetwork(const PretrainedConfig& config, const PretrainedWeights& base,
                               const AdapterShape& shape, std::vector<TokenId> draft_tokens,
                               at::ScalarType type, std::uint64_t seed)
    : config_(config),
      shape_(shape),
      pool_(std::make_unique<kernels::ThreadPool>(at::get_num_threads())),
      draft_tokens_(std::move(draft_tokens)),
      draft_index_(static_cast<std::size_t>(config.vocabulary), -1),
      type_(type) {
  at::NoGradGuard no_grad;
  at::Generator random = at::detail::createCPUGenerator(seed);
  const auto normal = [&](std::int64_t rows, std::int64_t columns) {
    return trained((at::randn({rows, columns}, random) / std::sqrt(columns)).to(type_));
  };
  const auto zeros = [&](std::int64_t rows, std::int64_t columns) {
    return trained(at::zeros({rows, columns}, type_));
  };
  const auto projection = [&](const kernels::QuantisedMatrix& matrix,
                              const std::vector<float>& bias) {
    return Projection{FrozenProduct(matrix, type_, *pool_), vector_of(bias, type_),
                      normal(shape_.rank, matrix.inputs()), zeros(shape_.rank, matrix.outputs())};
  };
  for (const PretrainedLayer& layer : base.layers)
    layers_.push_back({vector_of(layer.attention_norm, type_), vector_of(layer.mlp_norm, type_),
                       vector_of(layer.q_norm, type_), vector_of(layer.k_norm, type_),
                       projection(layer.q, layer.q_bias), projection(layer.k, layer.k_bias),
                       projection(layer.v, layer.v_bias), projection(layer.attention_out, {}),
                       projection(layer.gate, {}), projection(layer.up, {}),
                       projection(layer.down, {})});
  final_norm_ = vector_of(base.final_norm, type_);
  frequencies_ = at::tensor(config_.inverse_frequencies, at::kFloat);

  const kernels::QuantisedMatrix& head = base.head.empty() ? base.embedding : base.head;
  const auto n_draft = static_cast<std::int64_t>(draft_tokens_.size());
  at::Tensor rows = at::empty({n_draft, config_.hidden}, at::kFloat);
  at::Tensor sum = at::zeros({config_.hidden}, at::kDouble);
  std::vector<float> embedding(static_cast<std::size_t>(config_.hidden));
  for (std::int64_t i = 0; i < n_draft; ++i) {
    const TokenId token = draft_tokens_[static_cast<std::size_t>(i)];
    draft_index_[static_cast<std::size_t>(token)] = static_cast<int>(i);
    head.row(token, rows.data_ptr<float>() + i * config_.hidden);
    base.embedding.row(token, embedding.data());
    sum += at::tensor(embedding, at::kFloat);
  }
  head_ = rows.to(type_);
  mean_embedding_ = (sum / static_cast<double>(n_draft) * config_.embedding_multiplier).to(type_);
  masks_ = zeros(shape_.masks, config_.hidden);
  if (shape_.markov_rank > 0) {
    markov_left_ = normal(n_draft, shape_.markov_rank);
    markov_right_ = zeros(n_draft, shape_.markov_rank);
  }
}

void AdapterNetwork::take(const MaskAdapter& adapter) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto projections = projections_of(layers_[i]);
    for (std::size_t j = 0; j < projections.size(); ++j) {
      at::Tensor(projections[j]->down).copy_(dense(adapter.layers[i][j].down));
      at::Tensor(projections[j]->up).copy_(dense(adapter.layers[i][j].up).t() / kScale);
    }
  }
  const at::Tensor masks = at::tensor(adapter.masks, at::kFloat).view(masks_.sizes());
  masks_.copy_((masks - mean_embedding_.to(at::kFloat)) / kMaskUnit);
  if (shape_.markov_rank == 0) return;
  markov_left_.copy_(dense(adapter.markov_left));
  markov_right_.copy_(dense(adapter.markov_right));
}

int AdapterNetwork::draft_index(TokenId token) const {
  return draft_index_[static_cast<std::size_t>(token)];
}

MaskBatch AdapterNetwork::batch(std::span<const WrittenSpan> spans) const {
  MaskBatch batch;
  std::vector<std::int64_t> positions, distances, left, targets;
  for (const WrittenSpan& span : spans) {
    MaskBatch::Part part{&span, {}};
    const int n = static_cast<int>(span.tokens.size());
    const auto index = [&](int i) { return draft_index(span.tokens[static_cast<std::size_t>(i)]); };
    for (int anchor = 0; anchor + 2 < n; ++anchor) {
      part.anchors.push_back(anchor);
      for (int d = 0; d < shape_.masks; ++d) {
        const int target = anchor + d + 2;
        positions.push_back(span.context + anchor + d + 1);
        distances.push_back(d);
        left.push_back(target - 1 < n ? index(target - 1) : -1);
        targets.push_back(target < n ? index(target) : -1);
      }
    }
    if (!part.anchors.empty()) batch.parts.push_back(std::move(part));
  }
  batch.rows = static_cast<std::int64_t>(positions.size());
  batch.positions = at::tensor(positions, at::kLong);
  batch.distances = at::tensor(distances, at::kLong);
  batch.left = at::tensor(left, at::kLong);
  batch.targets = at::tensor(targets, at::kLong);
  return batch;
}

at::Tensor AdapterNetwork::project(const Projection& projection, const at::Tensor& x) const {
  const at::Tensor low = at::linear(x, projection.down) * kScale;
  const at::Tensor y = projection.weight(x) + at::matmul(low, projection.up);
  return projection.bias.defined() ? y + projection.bias : y;
}

at::Tensor AdapterNetwork::normed(const at::Tensor& x, const at::Tensor& weight) const {
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor scale = at::rsqrt(wide.square().mean(-1, true) + config_.norm_eps);
  return (wide * scale).to(type_) * weight;
}

/// heads [rows, heads, head_dim].
at::Tensor AdapterNetwork::turned(const at::Tensor& heads, const at::Tensor& positions) const {
  const at::Tensor angles = positions.to(at::kFloat).unsqueeze(1) * frequencies_.unsqueeze(0);
  const at::Tensor cos = (at::cos(angles) * config_.attention_factor).to(type_).unsqueeze(1);
  const at::Tensor sin = (at::sin(angles) * config_.attention_factor).to(type_).unsqueeze(1);
  const std::int64_t half = config_.head_dim / 2;
  at::Tensor x = heads;
  if (config_.pairs_are_neighbours) x = x.unflatten(-1, {half, 2}).transpose(-1, -2).flatten(-2);
  const at::Tensor a = x.narrow(-1, 0, half), b = x.narrow(-1, half, half);
  return at::cat({a * cos - b * sin, b * cos + a * sin}, -1);
}

at::Tensor AdapterNetwork::attend(const MaskBatch& batch, std::size_t layer, const at::Tensor& q,
                                  const at::Tensor& k, const at::Tensor& v) const {
  const std::int64_t width = config_.head_dim, kv = config_.kv_heads, masks = shape_.masks;
  const std::int64_t group = config_.heads / kv;
  const double scale = config_.attention_multiplier != 0.0F
                           ? config_.attention_multiplier
                           : 1.0 / std::sqrt(static_cast<double>(width));
  std::vector<at::Tensor> outputs;
  std::int64_t begin = 0;
  for (const MaskBatch::Part& part : batch.parts) {
    const auto anchors = static_cast<std::int64_t>(part.anchors.size());
    const std::int64_t rows = anchors * masks;
    const at::Tensor keys = part.span->keys[layer].to(type_);  // [kv, seen, width]
    const at::Tensor values = part.span->values[layer].to(type_);
    const std::int64_t seen = keys.size(1);
    // [kv, group, rows, width]
    const at::Tensor of_heads =
        q.narrow(0, begin, rows).view({rows, kv, group, width}).permute({1, 2, 0, 3}) * scale;
    at::Tensor far = at::matmul(of_heads.reshape({kv, group * rows, width}), keys.transpose(1, 2))
                         .view({kv, group, anchors, masks, seen});
    const at::Tensor last =
        at::tensor(part.anchors, at::kLong).add_(part.span->context).view({anchors, 1, 1});
    far = far.masked_fill(at::arange(seen, at::kLong).view({1, 1, seen}) > last, -INFINITY);
    // [kv, 1, anchors, masks, width]
    const auto own = [&](const at::Tensor& x) {
      return x.narrow(0, begin, rows)
          .view({anchors, masks, kv, width})
          .permute({2, 0, 1, 3})
          .unsqueeze(1);
    };
    const at::Tensor near =
        at::matmul(of_heads.view({kv, group, anchors, masks, width}), own(k).transpose(-1, -2));
    const at::Tensor shares = at::softmax(at::cat({far, near}, -1).to(at::kFloat), -1).to(type_);
    const at::Tensor from_far =
        at::matmul(shares.narrow(-1, 0, seen).reshape({kv, group * rows, seen}), values);
    const at::Tensor from_near = at::matmul(shares.narrow(-1, seen, masks), own(v));
    outputs.push_back(
        (from_far.view({kv, group, rows, width}) + from_near.reshape({kv, group, rows, width}))
            .permute({2, 0, 1, 3})
            .reshape({rows, kv * group * width}));
    begin += rows;
  }
  return at::cat(outputs);
}

at::Tensor AdapterNetwork::mask_embeddings() const { return mean_embedding_ + masks_ * kMaskUnit; }

at::Tensor AdapterNetwork::logits(const MaskBatch& batch) const {
  at::Tensor x = at::index_select(mask_embeddings(), 0, batch.distances);
  const std::int64_t width = config_.head_dim;
  const auto heads = [&](const Projection& projection, const at::Tensor& of,
                         const at::Tensor& norm) {
    const at::Tensor y = project(projection, of).view({batch.rows, -1, width});
    return norm.defined() ? normed(y, norm) : y;
  };
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const at::Tensor in = normed(x, layer.attention_norm);
    const at::Tensor attended =
        attend(batch, i, turned(heads(layer.q, in, layer.q_norm), batch.positions),
               turned(heads(layer.k, in, layer.k_norm), batch.positions), heads(layer.v, in, {}));
    x = x + project(layer.out, attended) * config_.residual_multiplier;
    const at::Tensor fed = normed(x, layer.mlp_norm);
    x = x + project(layer.down, at::silu(project(layer.gate, fed)) * project(layer.up, fed)) *
                config_.residual_multiplier;
  }
  return at::linear(normed(x, final_norm_), head_).to(at::kFloat) / config_.logits_divisor;
}

at::Tensor AdapterNetwork::markov(const at::Tensor& left) const {
  const at::Tensor known = (left >= 0).unsqueeze(1).to(type_);
  const at::Tensor of_left = at::index_select(markov_left_, 0, left.clamp_min(0)) * known;
  return at::linear(of_left, markov_right_).to(at::kFloat);
}

std::vector<Parameter> AdapterNetwork::parameters() const {
  std::vector<Parameter> all;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const auto projections = projections_of(layers_[i]);
    for (std::size_t j = 0; j < projections.size(); ++j) {
      const auto name = [&](std::string_view part) {
        return adapter_tensor_name(static_cast<int>(i), j, part);
      };
      all.push_back({name("down"), projections[j]->down, {}, false});
      all.push_back({name("up"), projections[j]->up, {}, false});
    }
  }
  all.push_back({"masks", masks_, {}, false});
  if (shape_.markov_rank == 0) return all;
  all.push_back({"markov.left", markov_left_, {}, false});
  all.push_back({"markov.right", markov_right_, {}, false});
  return all;
}

std::vector<std::pair<std::string, at::Tensor>>
AdapterNetwork::finished(const std::vector<at::Tensor>& values) const {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  const std::vector<Parameter> all = parameters();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& name = all[i].name;
    at::Tensor value = values[i].to(at::kFloat);
    if (name == "masks") value = mean_embedding_.to(at::kFloat) + value * kMaskUnit;
    if (name.ends_with(".up")) value = value * kScale;
    tensors.emplace_back(name, value);
  }
  return tensors;
}

}  // namespace inpaint::engine
