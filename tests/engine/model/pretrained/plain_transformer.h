// The block of published weights, and of a mask adapter beside it, in plain loops: what the model's
// rows are held against.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/weights/pretrained_weights.h"
#include "tests/engine/weights/random_adapter.h"

namespace inpaint::engine {

class PlainTransformer {
 public:
  using Numbers = std::vector<double>;
  struct PlainRow {
    TokenId token = 0;  // of a mask: vocabulary + number
    int position = 0;
    std::vector<std::size_t> sees;  // rows, itself included
  };

  /// `adapter` may be null: masks are then rows like others.
  PlainTransformer(const PretrainedConfig& config, const PretrainedWeights& weights,
                   const RandomAdapter& masks, bool thin)
      : config_(config), weights_(weights), adapter_(masks), thin_(thin) {}

  /// The stream behind the final norm, of each row.
  std::vector<Numbers> run(const std::vector<PlainRow>& rows) const {
    std::vector<Numbers> hidden;
    for (const PlainRow& row : rows) hidden.push_back(embedding(row.token));
    for (int layer = 0; layer < config_.layers; ++layer) {
      const PretrainedLayer& w = weights_.layers[static_cast<std::size_t>(layer)];
      std::vector<Numbers> q, k, v;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Numbers x = normed(hidden[r], w.attention_norm);
        q.push_back(turned(project(layer, 0, x, w.q_bias, rows[r]), rows[r].position));
        k.push_back(turned(project(layer, 1, x, w.k_bias, rows[r]), rows[r].position));
        v.push_back(project(layer, 2, x, w.v_bias, rows[r]));
      }
      for (std::size_t r = 0; r < rows.size(); ++r)
        add(hidden[r], project(layer, 3, attended(q[r], k, v, rows[r].sees), {}, rows[r]));
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Numbers x = normed(hidden[r], w.mlp_norm);
        Numbers gate = project(layer, 4, x, {}, rows[r]);
        const Numbers up = project(layer, 5, x, {}, rows[r]);
        for (std::size_t i = 0; i < gate.size(); ++i) gate[i] *= up[i] / (1.0 + std::exp(-gate[i]));
        add(hidden[r], project(layer, 6, gate, {}, rows[r]));
      }
    }
    for (Numbers& row : hidden) row = normed(row, weights_.final_norm);
    return hidden;
  }

  /// Over the draft vocabulary; `left`: its index of the token on the left, or -1.
  Numbers draft_logits(const Numbers& hidden, int left) const {
    Numbers logits;
    for (int v = 0; v < adapter_.config.draft_tokens; ++v) {
      logits.push_back(dot(weights_.embedding, adapter_.at<TokenId>("draft_tokens", v), hidden));
      if (left < 0) continue;
      for (int i = 0; i < adapter_.config.markov_rank; ++i)
        logits.back() += static_cast<double>(adapter_.value("markov.right", v, i)) *
                         static_cast<double>(adapter_.value("markov.left", left, i));
    }
    return logits;
  }

 private:
  bool is_mask(TokenId token) const { return token >= config_.vocabulary; }

  Numbers embedding(TokenId token) const {
    std::vector<float> row(static_cast<std::size_t>(config_.hidden));
    if (is_mask(token))
      for (int i = 0; i < config_.hidden; ++i)
        row[static_cast<std::size_t>(i)] = adapter_.at<float>(
            "masks", std::int64_t{token - config_.vocabulary} * config_.hidden + i);
    else weights_.embedding.row(token, row.data());
    return {row.begin(), row.end()};
  }

  static double dot(const kernels::QuantisedMatrix& matrix, std::int64_t output, const Numbers& x) {
    std::vector<float> row(static_cast<std::size_t>(matrix.inputs()));
    matrix.row(output, row.data());
    double sum = 0.0;
    for (std::size_t i = 0; i < row.size(); ++i) sum += static_cast<double>(row[i]) * x[i];
    return sum;
  }

  static void add(Numbers& to, const Numbers& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  }

  Numbers normed(const Numbers& x, const std::vector<float>& weight) const {
    double squares = 0.0;
    for (const double number : x) squares += number * number;
    const double scale =
        1.0 / std::sqrt(squares / static_cast<double>(x.size()) + config_.norm_eps);
    Numbers y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] * scale * static_cast<double>(weight[i]);
    return y;
  }

  Numbers project(int layer, std::size_t which, const Numbers& x, const std::vector<float>& bias,
                  const PlainRow& row) const {
    const kernels::QuantisedMatrix& w =
        *matrices_of(weights_.layers[static_cast<std::size_t>(layer)])[which];
    Numbers y;
    for (std::int64_t o = 0; o < w.outputs(); ++o)
      y.push_back(dot(w, o, x) +
                  (bias.empty() ? 0.0 : static_cast<double>(bias[static_cast<std::size_t>(o)])));
    if (!thin_ || !is_mask(row.token)) return y;
    const std::string down = adapter_tensor_name(layer, which, "down");
    const std::string up = adapter_tensor_name(layer, which, "up");
    for (int r = 0; r < adapter_.config.rank; ++r) {
      double between = 0.0;
      for (std::size_t i = 0; i < x.size(); ++i)
        between +=
            static_cast<double>(adapter_.value(down, r, static_cast<std::int64_t>(i))) * x[i];
      for (std::size_t o = 0; o < y.size(); ++o)
        y[o] += between * static_cast<double>(adapter_.value(up, r, static_cast<std::int64_t>(o)));
    }
    return y;
  }

  Numbers turned(Numbers x, int position) const {
    const std::size_t width = static_cast<std::size_t>(config_.head_dim), half = width / 2;
    for (std::size_t head = 0; head < x.size(); head += width)
      for (std::size_t i = 0; i < half; ++i) {
        const double angle = position * static_cast<double>(config_.inverse_frequencies[i]);
        const double a = x[head + i], b = x[head + i + half];
        x[head + i] = a * std::cos(angle) - b * std::sin(angle);
        x[head + i + half] = b * std::cos(angle) + a * std::sin(angle);
      }
    return x;
  }

  Numbers attended(const Numbers& q, const std::vector<Numbers>& k, const std::vector<Numbers>& v,
                   const std::vector<std::size_t>& sees) const {
    const std::size_t width = static_cast<std::size_t>(config_.head_dim);
    const std::size_t group = static_cast<std::size_t>(config_.heads / config_.kv_heads);
    Numbers out(q.size());
    for (std::size_t head = 0; head < static_cast<std::size_t>(config_.heads); ++head) {
      const std::size_t of_q = head * width, of_k = head / group * width;
      Numbers weights;
      double total = 0.0;
      for (const std::size_t row : sees) {
        double score = 0.0;
        for (std::size_t i = 0; i < width; ++i) score += q[of_q + i] * k[row][of_k + i];
        weights.push_back(std::exp(score / std::sqrt(static_cast<double>(width))));
        total += weights.back();
      }
      for (std::size_t s = 0; s < sees.size(); ++s)
        for (std::size_t i = 0; i < width; ++i)
          out[of_q + i] += weights[s] / total * v[sees[s]][of_k + i];
    }
    return out;
  }

  const PretrainedConfig& config_;
  const PretrainedWeights& weights_;
  const RandomAdapter& adapter_;
  bool thin_;
};

}  // namespace inpaint::engine
