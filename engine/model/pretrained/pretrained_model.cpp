#include "engine/model/pretrained/pretrained_model.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "engine/kernels/fused_kernels.h"
#include "engine/kernels/gated_unit.h"

namespace inpaint::engine {
namespace {

using kernels::QuantisedMatrix;
using kernels::whole_lanes;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

std::int64_t n_rows(std::span<const float> x, std::int64_t width) {
  return static_cast<std::int64_t>(x.size()) / width;
}

std::vector<float> normed(std::span<const float> x, const std::vector<float>& weight, double eps) {
  const auto width = static_cast<std::int64_t>(weight.size());
  const std::int64_t rows = n_rows(x, width);
  std::vector<float> y(x.size()), scale(index(rows));
  kernels::rms_norm(x.data(), weight.data(), static_cast<float>(eps), width, {0, rows}, y.data(),
                    scale.data());
  return y;
}

std::vector<float> product(const QuantisedMatrix& weights, std::span<const float> x,
                           const std::vector<float>& bias, kernels::ThreadPool& pool) {
  const std::int64_t rows = n_rows(x, weights.inputs());
  std::vector<float> y(index(rows * weights.outputs()));
  weights.multiply(x.data(), rows, y.data(), pool);
  if (bias.empty()) return y;
  for (std::int64_t row = 0; row < rows; ++row) {
    float* to = y.data() + row * weights.outputs();
    for (std::size_t i = 0; i < bias.size(); ++i) to[i] += bias[i];
  }
  return y;
}

void add_scaled(std::vector<float>& to, const std::vector<float>& from, float by) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += by * from[i];
}

/// Channels 2 i and 2 i + 1, which turn together, to i and i + width / 2: scores do not change where
/// queries and keys are laid out alike.
void part_neighbours(float* head, std::vector<float>& room) {
  const std::size_t half = room.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    room[i] = head[2 * i];
    room[i + half] = head[2 * i + 1];
  }
  std::ranges::copy(room, head);
}

/// Attention multiplies values that a row does not see by zero (attention_kernel.h): what overflows in a
/// mask, whose adapter may be damaged, would reach clean rows.
void make_finite(std::span<float> values) {
  for (float& value : values)
    if (!std::isfinite(value)) value = 0.0F;
}

// Products of fewer multiplications are over before another thread has begun.
constexpr std::int64_t kWorthThreads = std::int64_t{1} << 17;

struct Pools {
  kernels::ThreadPool& all;
  kernels::ThreadPool& alone;  // the caller and nobody else
};

/// Of some rows alone: y += up^T (down x).
void add_thin(const ThinPair& pair, std::span<const RowSpan> rows, std::span<const float> x,
              std::vector<float>& y, const Pools& pools) {
  const std::int64_t inputs = pair.down.inputs(), outputs = pair.up.outputs();
  for (const RowSpan& span : rows) {
    const std::int64_t n = span.end - span.begin;
    std::vector<float> thin(index(n * pair.down.outputs())), wide(index(n * outputs));
    const auto pool_for = [&](std::int64_t width) -> kernels::ThreadPool& {
      return n * width * pair.down.outputs() < kWorthThreads ? pools.alone : pools.all;
    };
    pair.down.multiply(x.data() + span.begin * inputs, n, thin.data(), pool_for(inputs));
    pair.up.multiply(thin.data(), n, wide.data(), pool_for(outputs));
    float* to = y.data() + span.begin * outputs;
    for (std::size_t i = 0; i < wide.size(); ++i) to[i] += wide[i];
  }
}

const QuantisedMatrix& head_of(const PretrainedWeights& weights) {
  return weights.head.empty() ? weights.embedding : weights.head;
}

}  // namespace

PretrainedModel::PretrainedModel(PretrainedConfig config, PretrainedWeights weights,
                                 TokenChoice choice, int threads,
                                 std::optional<MaskAdapter> adapter)
    : config_(std::move(config)),
      weights_(std::move(weights)),
      choice_(std::move(choice)),
      adapter_(std::move(adapter)),
      pool_(threads) {
  if (adapter_) draft_head_.emplace(head_of(weights_), config_.logits_divisor, choice_, *adapter_);
}

ModelTraits PretrainedModel::traits() const {
  return {.vocabulary = config_.vocabulary,
          .max_positions = config_.max_positions,
          .masks = adapter_ ? adapter_->config.masks : 0,
          .masks_decide = adapter_ && adapter_->measured,
          .mask_target = MaskTarget::next_place};
}

std::unique_ptr<KeyValueCache> PretrainedModel::new_cache() {
  return std::make_unique<RowCache>(RowCacheShape{.layers = config_.layers,
                                                  .heads = config_.kv_heads,
                                                  .head_dim = config_.head_dim,
                                                  .max_positions = config_.max_positions,
                                                  .frequencies = config_.inverse_frequencies});
}

PretrainedModel::Rotation PretrainedModel::rotation(std::span<const Row> rows) const {
  const std::size_t width = index(config_.head_dim), half = width / 2;
  Rotation turned{std::vector<float>(rows.size() * width), std::vector<float>(rows.size() * width)};
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = static_cast<double>(rows[row].position) *
                           static_cast<double>(config_.inverse_frequencies[i]);
      const std::size_t at = row * width + i;
      turned.cos[at] = turned.cos[at + half] =
          static_cast<float>(std::cos(angle)) * config_.attention_factor;
      turned.sin[at] = turned.sin[at + half] =
          static_cast<float>(std::sin(angle)) * config_.attention_factor;
    }
  return turned;
}

std::vector<float> PretrainedModel::embedded(std::span<const Row> rows) const {
  const std::size_t width = index(config_.hidden);
  std::vector<float> hidden(rows.size() * width);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    float* to = hidden.data() + row * width;
    if (is_mask(rows[row])) {
      const std::size_t mask = index(rows[row].token - config_.vocabulary);
      std::copy_n(adapter_->masks.data() + mask * width, width, to);
      continue;
    }
    weights_.embedding.row(rows[row].token, to);
    if (config_.embedding_multiplier != 1.0F)
      for (std::size_t i = 0; i < width; ++i) to[i] *= config_.embedding_multiplier;
  }
  return hidden;
}

std::vector<RowSpan> PretrainedModel::masks_among(std::span<const Row> rows) const {
  std::vector<RowSpan> spans;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    if (!is_mask(rows[index(row)])) continue;
    if (!spans.empty() && spans.back().end == row) ++spans.back().end;
    else spans.push_back({row, row + 1});
  }
  return spans;
}

std::vector<float> PretrainedModel::project(const Layer& layer, std::size_t which,
                                            std::span<const float> x,
                                            const std::vector<float>& bias) {
  std::vector<float> y = product(*matrices_of(layer.weights)[which], x, bias, pool_);
  if (!layer.masks.empty())
    add_thin(adapter_->layers[index(layer.number)][which], layer.masks, x, y, {pool_, alone_});
  return y;
}

void PretrainedModel::attend(const Layer& layer, std::span<const float> x, const Rotation& rotation,
                             const SeenKeys& seen, RowCache& cache, std::vector<float>& attended) {
  const int number = layer.number;
  const std::int64_t width = config_.head_dim, heads = config_.heads, kv_heads = config_.kv_heads;
  const std::int64_t group = heads / kv_heads, rows = seen.rows, cached = cache.length();
  const PretrainedLayer& weights = layer.weights;
  std::vector<float> q = project(layer, 0, x, weights.q_bias);
  std::vector<float> k = project(layer, 1, x, weights.k_bias);
  std::vector<float> v = project(layer, 2, x, weights.v_bias);
  for (const RowSpan& masks : layer.masks)
    make_finite(std::span(v).subspan(index(masks.begin * kv_heads * width),
                                     index((masks.end - masks.begin) * kv_heads * width)));

  std::vector<float> room(index(width)), turned(index(width));
  const auto turn = [&](float* head, std::int64_t row, const std::vector<float>& norm, float* to) {
    if (config_.pairs_are_neighbours) part_neighbours(head, room);
    float scale = 0.0F;
    kernels::norm_rotate(head, norm.empty() ? nullptr : norm.data(),
                         {rotation.cos.data() + row * width, rotation.sin.data() + row * width,
                          config_.head_dim, static_cast<float>(config_.norm_eps)},
                         to, &scale);
  };
  // Of each key head: its query heads row by row, [rows, group, width].
  std::vector<float> queries(index(heads * rows * width));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t head = 0; head < heads; ++head)
      turn(q.data() + (row * heads + head) * width, row, weights.q_norm,
           queries.data() + ((head / group * rows + row) * group + head % group) * width);
    for (std::int64_t head = 0; head < kv_heads; ++head) {
      const std::int64_t at = (row * kv_heads + head) * width;
      turn(k.data() + at, row, weights.k_norm, turned.data());
      cache.write(number, static_cast<int>(head), cached + row, turned.data(), v.data() + at);
    }
  }

  const std::int64_t value_width = cache.value_width(), of_head = rows * group;
  const float scale = config_.attention_multiplier != 0.0F
                          ? config_.attention_multiplier
                          : 1.0F / std::sqrt(static_cast<float>(width));
  std::vector<float> sums(index(kv_heads * of_head * value_width));
  const std::int64_t of_tile = kernels::attended_rows();
  const std::int64_t tiles = (of_head + of_tile - 1) / of_tile;
  pool_.run(kv_heads * tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scores(index(kernels::kScoreRows * whole_lanes(cached + rows)));
    for (std::int64_t tile = begin; tile < end; ++tile) {
      const std::int64_t head = tile / tiles, row = tile % tiles * of_tile;
      kernels::attend_rows({.q = queries.data() + (head * of_head + row) * width,
                            .rows = std::min(of_tile, of_head - row),
                            .width = width,
                            .value_width = value_width,
                            .keys = cache.keys(number, static_cast<int>(head)),
                            .values = cache.values(number, static_cast<int>(head)),
                            .n_keys = cached + rows,
                            .seen = seen.ranges.data(),
                            .first_seen = seen.first.data() + row,
                            .scale = scale,
                            .scores = scores.data(),
                            .out = sums.data() + (head * of_head + row) * value_width});
    }
  });
  attended.resize(index(rows * heads * width));
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t head = 0; head < heads; ++head)
      std::copy_n(sums.data() + ((head / group * rows + row) * group + head % group) * value_width,
                  width, attended.data() + (row * heads + head) * width);
}

void PretrainedModel::feed(const Layer& layer, std::vector<float>& hidden) {
  const std::vector<float> x = normed(hidden, layer.weights.mlp_norm, config_.norm_eps);
  const std::vector<float> gate = project(layer, 4, x, {});
  std::vector<float> up = project(layer, 5, x, {});
  pool_.run(std::ssize(gate), 512, [&](std::int64_t begin, std::int64_t end) {
    kernels::multiply_by_silu(gate.data() + begin, end - begin, up.data() + begin);
  });
  add_scaled(hidden, project(layer, 6, up, {}), config_.residual_multiplier);
}

Result<std::vector<float>> PretrainedModel::run(KeyValueCache& cache, const ForwardInput& input) {
  auto& rows = static_cast<RowCache&>(cache);
  if (Result<void> sane = check_forward(traits(), rows.rows(), input); !sane)
    return std::unexpected(sane.error());
  std::vector<float> hidden = embedded(input.rows);
  std::vector<RowSpan> masks = masks_among(input.rows);
  const Rotation turned = rotation(input.rows);
  const SeenKeys seen(Visibility(rows.rows(), input.rows), config_.heads / config_.kv_heads);
  rows.reserve(static_cast<int>(input.rows.size()));
  std::vector<float> attended;
  for (int number = 0; number < config_.layers; ++number) {
    Layer layer{weights_.layers[index(number)], number, masks};
    attend(layer, normed(hidden, layer.weights.attention_norm, config_.norm_eps), turned, seen,
           rows, attended);
    // Behind the last layer's keys only the rows that are asked matter.
    if (number + 1 == config_.layers) {
      hidden = picked_rows(hidden, config_.hidden, input.asked);
      attended = picked_rows(attended, static_cast<std::int64_t>(config_.heads) * config_.head_dim,
                             input.asked);
      std::vector<Row> asked;
      for (const int row : input.asked) asked.push_back(input.rows[index(row)]);
      masks = masks_among(asked);
      layer.masks = masks;
    }
    if (hidden.empty()) break;
    add_scaled(hidden, project(layer, 3, attended, {}), config_.residual_multiplier);
    feed(layer, hidden);
  }
  rows.grow(input.rows);
  if (hidden.empty()) return hidden;
  return normed(hidden, weights_.final_norm, config_.norm_eps);
}

std::vector<float> PretrainedModel::head_logits(std::span<const float> hidden) {
  std::vector<float> logits = product(head_of(weights_), hidden, {}, pool_);
  if (config_.logits_divisor != 1.0F)
    for (float& logit : logits) logit /= config_.logits_divisor;
  return logits;
}

Result<std::vector<float>> PretrainedModel::logits(KeyValueCache& cache,
                                                   const ForwardInput& input) {
  const Result<std::vector<float>> hidden = run(cache, input);
  if (!hidden) return std::unexpected(hidden.error());
  return head_logits(*hidden);
}

Result<std::vector<Distribution>> PretrainedModel::forward(KeyValueCache& cache,
                                                           const ForwardInput& input) {
  const Result<std::vector<float>> hidden = run(cache, input);
  if (!hidden) return std::unexpected(hidden.error());
  std::vector<int> clean;  // places among the asked rows
  for (int i = 0; i < static_cast<int>(input.asked.size()); ++i)
    if (!is_mask(input.rows[index(input.asked[index(i)])])) clean.push_back(i);
  std::vector<Distribution> distributions(input.asked.size());
  const std::size_t vocabulary = index(config_.vocabulary);
  std::vector<float> all = head_logits(picked_rows(*hidden, config_.hidden, clean));
  for (std::size_t row = 0; row < clean.size(); ++row) {
    const std::size_t i = index(clean[row]);
    Result<Distribution> chosen =
        choice_.choose(std::span(all).subspan(row * vocabulary, vocabulary), input.wanted_of(i),
                       input.allowed_of(i));
    if (!chosen) return std::unexpected(chosen.error());
    distributions[i] = *chosen;
  }
  if (clean.size() == input.asked.size()) return distributions;
  if (Result<void> done = draft_head_->propose(input, *hidden, distributions, pool_); !done)
    return std::unexpected(done.error());
  return distributions;
}

}  // namespace inpaint::engine
