// Published weights as the decoders use them: rows on top of a cache of keys and values.
//
// The stream between layers is f32, products run in the precision of the file
// (quantised_matrix.h), keys and values are kept in f32. Rows causally continue one another as
// model.h says. A row is told the same, to the bit, in any company and on any number of threads, so
// that drafts verified together are the text of one token a forward.
//
// Free of torch: weights that are read from a file need a few kernels and a pool of threads.
//
// Thread rule: engine thread only; a forward uses the threads of its pool.
// Errors: those of check_forward(); bad_argument where a row may say nothing; not_finite.
// Sources: Llama, arXiv 2302.13971, section 2; Qwen2, arXiv 2407.10671, section 2; Qwen3, arXiv
//          2505.09388, section 2 (norms of queries and keys); Granite's multipliers: muP, arXiv
//          2203.03466, as transformers' GraniteConfig names them.
#pragma once

#include <span>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/row_cache.h"
#include "engine/decoding/seen_keys.h"
#include "engine/kernels/thread_pool.h"
#include "engine/model/pretrained/token_choice.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

class PretrainedModel final : public Model {
 public:
  PretrainedModel(PretrainedConfig config, PretrainedWeights weights, TokenChoice choice,
                  int threads);

  ModelTraits traits() const override;
  std::unique_ptr<KeyValueCache> new_cache() override;
  Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                            const ForwardInput& input) override;

  /// The logits of the asked rows [asked, vocabulary] f32, before anything is forbidden.
  Result<std::vector<float>> logits(KeyValueCache& cache, const ForwardInput& input);

  const PretrainedConfig& config() const { return config_; }
  int threads() const { return pool_.size(); }

 private:
  /// Of the rows of a forward, [rows, head_dim] each.
  struct Rotation {
    std::vector<float> cos, sin;
  };
  Rotation rotation(std::span<const Row> rows) const;
  void attend(const PretrainedLayer& layer, int index, std::span<const float> normed,
              const Rotation& rotation, const SeenKeys& seen, RowCache& cache,
              std::vector<float>& attended);
  void feed(const PretrainedLayer& layer, std::vector<float>& hidden);

  PretrainedConfig config_;
  PretrainedWeights weights_;
  TokenChoice choice_;
  kernels::ThreadPool pool_;
};

}  // namespace inpaint::engine
