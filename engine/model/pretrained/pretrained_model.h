// Published weights as the decoders use them: rows on top of a cache of keys and values.
//
// The stream between layers is f32, products run in the precision of the file
// (quantised_matrix.h), keys and values are kept in f32. Rows causally continue one another as
// model.h says. A row is told the same, to the bit, in any company and on any number of threads, so
// that drafts verified together are the text of one token a forward.
//
// With an adapter (weights/mask_adapter.h) the model has numbered masks: rows of tokens from
// vocabulary on. They have thin matrices beside each projection and a head of their own; clean rows
// are computed as without.
//
// Free of torch: weights that are read from a file need a few kernels and a pool of threads.
//
// Thread rule: engine thread only; a forward uses the threads of its pool.
// Errors: those of check_forward(); bad_argument where a row may say nothing; not_finite.
// Sources: Llama, arXiv 2302.13971, section 2; Qwen2, arXiv 2407.10671, section 2; Qwen3, arXiv
//          2505.09388, section 2 (norms of queries and keys); Granite's multipliers: muP, arXiv
//          2203.03466, as transformers' GraniteConfig names them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/row_cache.h"
#include "engine/decoding/seen_keys.h"
#include "engine/kernels/thread_pool.h"
#include "engine/model/pretrained/draft_head.h"
#include "engine/model/pretrained/token_choice.h"
#include "engine/weights/mask_adapter.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

class PretrainedModel final : public Model {
 public:
  PretrainedModel(PretrainedConfig config, PretrainedWeights weights, TokenChoice choice,
                  int threads, std::optional<MaskAdapter> adapter = std::nullopt);

  ModelTraits traits() const override;
  std::unique_ptr<KeyValueCache> new_cache() override;
  Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                            const ForwardInput& input) override;

  /// The logits of the asked rows, which are clean, [asked, vocabulary] f32, before anything is
  /// forbidden.
  Result<std::vector<float>> logits(KeyValueCache& cache, const ForwardInput& input);

  const PretrainedConfig& config() const { return config_; }
  int threads() const { return pool_.size(); }

 private:
  /// Of the rows of a forward, [rows, head_dim] each.
  struct Rotation {
    std::vector<float> cos, sin;
  };
  /// A layer, the rows at hand, and which of them are masks.
  struct Layer {
    const PretrainedLayer& weights;
    int number = 0;
    std::span<const RowSpan> masks;
  };
  Rotation rotation(std::span<const Row> rows) const;
  std::vector<float> embedded(std::span<const Row> rows) const;
  std::vector<RowSpan> masks_among(std::span<const Row> rows) const;
  bool is_mask(const Row& row) const { return row.token >= config_.vocabulary; }
  /// Projection `which` of a layer, in the order of matrices_of().
  std::vector<float> project(const Layer& layer, std::size_t which, std::span<const float> x,
                             const std::vector<float>& bias);
  void attend(const Layer& layer, std::span<const float> normed, const Rotation& rotation,
              const SeenKeys& seen, RowCache& cache, std::vector<float>& attended);
  void feed(const Layer& layer, std::vector<float>& hidden);
  /// The stream of the asked rows behind the final norm [asked, hidden].
  Result<std::vector<float>> run(KeyValueCache& cache, const ForwardInput& input);
  std::vector<float> head_logits(std::span<const float> hidden);

  PretrainedConfig config_;
  PretrainedWeights weights_;
  TokenChoice choice_;
  std::optional<MaskAdapter> adapter_;
  std::optional<DraftHead> draft_head_;  // of the adapter
  kernels::ThreadPool pool_, alone_{1};  // the second has no thread but the caller's
};

}  // namespace inpaint::engine
