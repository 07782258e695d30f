// The transformer as the decoders use it: rows on top of a cache of keys and values.
//
// The stream between layers is f32; products run as NumberTypes says for the number of rows. Keys and values are kept in f32, so that a cached and an uncached forward differ by
// rounding alone. Logits are computed for the asked rows only.
//
// Thread rule: one engine thread; set_num_threads of torch is called for each forward.
// Errors: those of check_forward(); bad_argument where a row may say nothing; not_finite.
#pragma once

#include <vector>

#include "engine/decoding/model.h"
#include "engine/model/cached_attention.h"
#include "engine/model/number_types.h"
#include "engine/model/transformer.h"

namespace inpaint::engine {

class TransformerModel final : public Model {
 public:
  /// `weights` in f32; copies in the types that are used are made here. `never`: tokens that are
  /// never proposed (the special ones but `<end>`).
  TransformerModel(ModelConfig config, TransformerWeights weights, NumberTypes types,
                   const std::vector<TokenId>& never);

  ModelTraits traits() const override;
  std::unique_ptr<KeyValueCache> new_cache() override;
  Result<std::vector<Distribution>> forward(KeyValueCache& cache,
                                            const ForwardInput& input) override;

  /// The logits of the asked rows [asked, vocab] f32, before anything is forbidden: for parity tests.
  Result<at::Tensor> logits(KeyValueCache& cache, const ForwardInput& input);

  const ModelConfig& config() const { return config_; }
  const NumberTypes& number_types() const { return types_; }

 private:
  RowTensors row_tensors(const ForwardInput& input) const;

  ModelConfig config_;
  TransformerWeights weights_;
  NumberTypes types_;
  RotaryTable rotary_;
  at::Tensor forbidden_;  // [vocab] f32: 0 or -inf
};

}  // namespace inpaint::engine
