// Mask rows on a frozen base: what `engine/model/pretrained` computes for them, with gradients.
//
// Behind an anchor, which is a known token, stand B masks. Mask d (0 … B - 1) is B's d-th embedding, d + 1
// places behind the anchor, and speaks of the token one place further: the base's own row speaks of the
// place in front of it. A mask sees the base's rows up to its anchor, whose keys and values are given, and
// the masks of its own block, both ways. Every projection W x of the base becomes, for masks alone,
// W x + up^T (down x): a low-rank adapter. The head is asked for a draft vocabulary only, and a table of low
// rank tells each mask which token was chosen on its left.
//
// Base weights are those of the file (frozen_product.h); only the adapter has gradients.
//
// Shapes: rows [anchors * masks], anchor by anchor -> logits [rows, draft tokens].
// Thread rule: the training thread only.
// Sources: gated LoRA, arXiv 2507.11851; a Markov head, arXiv 2607.05147.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/kernels/thread_pool.h"
#include "engine/training/adapter/base_writer.h"
#include "engine/training/adapter/frozen_product.h"
#include "engine/training/optimiser.h"
#include "engine/weights/mask_adapter.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

struct AdapterShape {
  int rank = 16;
  int masks = 4;         // of a block
  int markov_rank = 64;  // 0: no table
};

/// Masks behind every anchor of some spans, and what they are to say.
struct MaskBatch {
  struct Part {
    const WrittenSpan* span = nullptr;
    std::vector<int> anchors;  // indices into its tokens
  };
  std::vector<Part> parts;
  std::int64_t rows = 0;
  at::Tensor positions;  // [rows] i64
  at::Tensor distances;  // [rows] i64: d
  at::Tensor left;  // [rows] i64: draft index of the token on the left, -1: not in the vocabulary
  at::Tensor targets;  // [rows] i64: draft index, -1: none
};

class AdapterNetwork {
 public:
  /// `draft_tokens`: the draft vocabulary, ids of the base. `seed`: of what is drawn at the beginning.
  AdapterNetwork(const PretrainedConfig& config, const PretrainedWeights& base,
                 const AdapterShape& shape, std::vector<TokenId> draft_tokens, at::ScalarType type,
                 std::uint64_t seed);

  /// Goes on from what was written by finished(), for the same shape and draft tokens.
  void take(const MaskAdapter& adapter);

  /// Every place of the spans that has one written token behind it at least.
  MaskBatch batch(std::span<const WrittenSpan> spans) const;

  /// Without the Markov term.
  at::Tensor logits(const MaskBatch& batch) const;
  /// What the table adds where these stand on the left; [rows] draft indices, -1: nothing known.
  at::Tensor markov(const at::Tensor& left) const;

  /// What is trained, by its name in the adapter's file.
  std::vector<Parameter> parameters() const;
  /// Tensors of an adapter's file from the parameters' values, in their order: scales folded in.
  std::vector<std::pair<std::string, at::Tensor>>
  finished(const std::vector<at::Tensor>& values) const;

  const std::vector<TokenId>& draft_tokens() const { return draft_tokens_; }
  const AdapterShape& shape() const { return shape_; }
  int draft_index(TokenId token) const;  // -1: not in the vocabulary

 private:
  struct Projection {
    FrozenProduct weight;
    at::Tensor bias;      // frozen; none: undefined
    at::Tensor down, up;  // [rank, inputs], [rank, outputs]
  };
  struct Layer {
    at::Tensor attention_norm, mlp_norm, q_norm, k_norm;
    Projection q, k, v, out, gate, up, down;
  };
  /// In the order of kAdapterProjections.
  static std::array<const Projection*, 7> projections_of(const Layer& layer) {
    return {&layer.q, &layer.k, &layer.v, &layer.out, &layer.gate, &layer.up, &layer.down};
  }
  at::Tensor project(const Projection& projection, const at::Tensor& x) const;
  at::Tensor normed(const at::Tensor& x, const at::Tensor& weight) const;
  at::Tensor turned(const at::Tensor& heads, const at::Tensor& positions) const;
  at::Tensor attend(const MaskBatch& batch, std::size_t layer, const at::Tensor& q,
                    const at::Tensor& k, const at::Tensor& v) const;
  at::Tensor mask_embeddings() const;

  PretrainedConfig config_;
  AdapterShape shape_;
  std::unique_ptr<kernels::ThreadPool> pool_;
  std::vector<TokenId> draft_tokens_;
  std::vector<int> draft_index_;  // [vocabulary]
  at::ScalarType type_;
  std::vector<Layer> layers_;
  at::Tensor final_norm_, head_, frequencies_;
  at::Tensor mean_embedding_, masks_;  // [hidden], [masks, hidden]: what is added to the mean
  at::Tensor markov_left_, markov_right_;
};

}  // namespace inpaint::engine
