// What masks propose: logits over the draft vocabulary of an adapter (weights/mask_adapter.h).
//
// Drafts need not be complete, so the head has the tokens alone that code uses most: a tenth of the
// published one, kept beside it in 8 bits.
//
// Shapes: hidden [rows, hidden] f32, behind the final norm -> logits [rows, draft_tokens] f32.
// Thread rule: immutable; one caller of the pool at a time.     Errors: those of token_choice.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/kernels/quantised_matrix.h"
#include "engine/kernels/thread_pool.h"
#include "engine/model/pretrained/token_choice.h"
#include "engine/weights/mask_adapter.h"

namespace inpaint::engine {

/// These rows of x [rows, width], [n, width].
std::vector<float> picked_rows(std::span<const float> x, std::int64_t width,
                               std::span<const int> rows);

class DraftHead {
 public:
  /// `head`: the published one, whose logits are divided. Takes tokens and table of the adapter.
  DraftHead(const kernels::QuantisedMatrix& head, float divisor, const TokenChoice& choice,
            MaskAdapter& adapter);

  /// Of each asked row its distribution: fills in those of masks, where those of clean rows are
  /// there. `hidden`: of the asked rows. Of tokens that are no drafts the probability is 0.
  Result<void> propose(const ForwardInput& input, std::span<const float> hidden,
                       std::vector<Distribution>& distributions, kernels::ThreadPool& pool) const;

 private:
  /// The asked masks with one number, of all blocks: each needs what stands on its left first.
  struct Column {
    std::vector<int> asked;      // places among the asked rows
    std::vector<float*> logits;  // [size()] each
    std::vector<TokenId> left;   // kNoToken where that was not asked
  };
  int size() const { return static_cast<int>(tokens_.size()); }
  int vocabulary() const { return static_cast<int>(index_.size()); }
  /// Adds what the tokens on the left say: of one that is no draft, nothing.
  void add_left(const Column& column, kernels::ThreadPool& pool) const;
  /// What a mask proposes whose logits are no numbers.
  Distribution nothing() const;
  Result<Distribution> choose(std::span<float> logits, TokenId wanted,
                              std::span<const TokenId> allowed) const;

  std::vector<TokenId> tokens_;      // of an index, as they are proposed
  std::vector<std::int32_t> index_;  // of a token of the model; -1: it is no draft
  TokenChoice choice_;               // among indices
  float divisor_;
  kernels::QuantisedMatrix head_, left_, right_;
};

}  // namespace inpaint::engine
