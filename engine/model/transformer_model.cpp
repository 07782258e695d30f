#include "engine/model/transformer_model.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace inpaint::engine {
namespace {

/// A matrix in the forms that forwards will use. The f32 copy is kept where the rows are looked up
/// in it.
Matrix prepared(const Matrix& matrix, const NumberTypes& types, bool is_table) {
  if (!matrix.f32.defined()) return matrix;
  Matrix copy;
  if (types.uses(Product::packed)) copy.packed = pack(matrix.f32);
  if (types.uses(Product::bf16)) copy.bf16 = matrix.f32.to(at::kBFloat16);
  if (types.uses(Product::f32) || is_table) copy.f32 = matrix.f32;
  return copy;
}

/// Leaves the logits [vocab] of `tokens` alone, unless there are none, and says how many candidates
/// the row then has.
Result<int> restrict_to(std::vector<TokenId> tokens, const at::Tensor& forbidden,
                        const at::Tensor& logits, int row) {
  if (tokens.empty()) return Distribution::kCandidates;
  std::ranges::sort(tokens);
  const auto twins = std::ranges::unique(tokens);
  tokens.erase(twins.begin(), twins.end());
  const float* of_token = forbidden.const_data_ptr<float>();
  std::erase_if(tokens, [&](TokenId token) { return of_token[token] != 0.0F; });
  if (tokens.empty())
    return failure(ErrorCode::bad_argument, "forward",
                   fmt::format("row {} is allowed nothing that may be proposed", row),
                   "allow a token of text, or the end");
  float* all = logits.data_ptr<float>();
  std::vector<float> kept;
  kept.reserve(tokens.size());
  for (const TokenId token : tokens) kept.push_back(all[token]);
  std::fill_n(all, logits.numel(), -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < tokens.size(); ++i) all[tokens[i]] = kept[i];
  return static_cast<int>(std::min<std::size_t>(tokens.size(), Distribution::kCandidates));
}

}  // namespace

TransformerModel::TransformerModel(ModelConfig config, TransformerWeights weights,
                                   NumberTypes types, const std::vector<TokenId>& never)
    : config_(std::move(config)),
      weights_(std::move(weights)),
      types_(types),
      rotary_(rotary_table(config_, config_.max_positions)) {
  c10::InferenceMode inference;
  weights_.embedding = prepared(weights_.embedding, types_, true);
  weights_.head =
      config_.tied_embeddings ? weights_.embedding : prepared(weights_.head, types_, false);
  for (LayerWeights& layer : weights_.layers)
    for (Matrix* matrix : {&layer.qkv, &layer.attention_out, &layer.gate_up, &layer.down})
      *matrix = prepared(*matrix, types_, false);
  for (CopyHintWeights& hint : weights_.copy_hints)
    hint.projection = prepared(hint.projection, types_, false);
  forbidden_ = at::zeros({config_.vocabulary}, at::kFloat);
  for (const TokenId token : never)
    forbidden_.data_ptr<float>()[token] = -std::numeric_limits<float>::infinity();
}

std::unique_ptr<KeyValueCache> TransformerModel::new_cache() {
  const at::Tensor frequencies = rotary_frequencies(config_);
  const float* first = frequencies.const_data_ptr<float>();
  return std::make_unique<RowCache>(
      RowCacheShape{.layers = config_.layers,
                    .heads = config_.kv_heads,
                    .head_dim = config_.head_dim,
                    .max_positions = config_.max_positions,
                    .frequencies = {first, first + frequencies.numel()}});
}

ModelTraits TransformerModel::traits() const {
  return {.vocabulary = config_.vocabulary,
          .max_positions = config_.max_positions,
          .copy_hints = config_.copy_hints,
          .mask_target = config_.mask_target};
}

RowTensors TransformerModel::row_tensors(const ForwardInput& input) const {
  const auto rows = static_cast<std::int64_t>(input.rows.size());
  const auto filled = [&](const auto& value_of) {
    at::Tensor tensor = at::empty({1, rows}, at::kLong);
    for (std::int64_t row = 0; row < rows; ++row)
      tensor.data_ptr<std::int64_t>()[row] = value_of(static_cast<std::size_t>(row));
    return tensor;
  };
  RowTensors tensors;
  tensors.tokens = filled([&](std::size_t row) { return input.rows[row].token; });
  tensors.positions = filled([&](std::size_t row) { return input.rows[row].position; });
  if (config_.copy_hints == 0) return tensors;
  for (std::size_t rank = 0; rank < weights_.copy_hints.size(); ++rank)
    tensors.copy_hints.push_back(
        {filled([&](std::size_t row) { return input.hints[row][rank].token; }),
         filled([&](std::size_t row) { return match_class(input.hints[row][rank]); })});
  return tensors;
}

Result<at::Tensor> TransformerModel::logits(KeyValueCache& cache, const ForwardInput& input) {
  c10::InferenceMode inference;
  auto& kept = static_cast<RowCache&>(cache);
  if (Result<void> sane = check_forward(traits(), kept.rows(), input); !sane)
    return std::unexpected(sane.error());
  const int rows = static_cast<int>(input.rows.size());
  const Product product = types_.product(rows);
  at::set_num_threads(types_.threads(rows));
  CachedAttention attention(kept, Visibility(kept.rows(), input.rows));
  const RowTensors in = row_tensors(input);
  const at::Tensor hidden = run_transformer(config_, weights_, rotary_, in, attention, product);
  kept.grow(input.rows);
  if (input.asked.empty()) return at::empty({0, config_.vocabulary}, at::kFloat);
  at::Tensor asked = at::empty({static_cast<std::int64_t>(input.asked.size())}, at::kLong);
  for (std::size_t i = 0; i < input.asked.size(); ++i)
    asked.data_ptr<std::int64_t>()[i] = input.asked[i];
  const at::Tensor wanted = hidden[0].index_select(0, asked);
  at::Tensor logits = weights_.head.multiply(wanted, {}, product);
  if (const Boosts boosts = boosts_of(weights_, in, asked, wanted); boosts.tokens.defined())
    logits.scatter_add_(1, boosts.tokens, boosts.values);
  return logits;
}

Result<std::vector<Distribution>> TransformerModel::forward(KeyValueCache& cache,
                                                            const ForwardInput& input) {
  c10::InferenceMode inference;
  try {
    Result<at::Tensor> raw = logits(cache, input);
    if (!raw) return std::unexpected(raw.error());
    std::vector<Distribution> distributions(input.asked.size());
    if (distributions.empty()) return distributions;
    const at::Tensor allowed = *raw + forbidden_;
    for (std::size_t row = 0; row < input.allowed.size(); ++row) {
      Result<int> n_top = restrict_to(input.allowed[row], forbidden_,
                                      allowed[static_cast<std::int64_t>(row)], input.asked[row]);
      if (!n_top) return std::unexpected(n_top.error());
      distributions[row].n_top = *n_top;
    }
    const auto [best, tokens] = allowed.topk(Distribution::kCandidates, -1);
    const at::Tensor total = allowed.logsumexp(-1, true);
    const at::Tensor probability = (best - total).exp().contiguous();
    const float* p = probability.data_ptr<float>();
    const std::int64_t* token = tokens.data_ptr<std::int64_t>();
    for (std::size_t row = 0; row < input.wanted.size(); ++row)
      distributions[row].wanted =
          std::exp(allowed.data_ptr<float>()[static_cast<std::int64_t>(row) * config_.vocabulary +
                                             input.wanted[row]] -
                   total.data_ptr<float>()[row]);
    for (Distribution& distribution : distributions) {
      for (Candidate& candidate : distribution.top)
        candidate = {static_cast<TokenId>(*token++), *p++};
      if (!std::isfinite(distribution.best().probability))
        return failure(ErrorCode::not_finite, "model", "a logit is not a finite number",
                       "the weights are damaged; fetch or train the model again");
    }
    return distributions;
  } catch (const c10::Error& error) {
    return failure(ErrorCode::internal, "forward", error.what_without_backtrace());
  }
}

}  // namespace inpaint::engine
