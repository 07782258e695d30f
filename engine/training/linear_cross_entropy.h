// Cross entropy of a linear head without the logits ever being whole in memory.
//
// 10,000 rows over a vocabulary of 16,384 are 330 MB in bf16, read and written six times by plain
// modules. Here rows go through in chunks: product, softmax and gradient in place, and the two
// products of the backward pass, so that nothing is left to do later but to hand the gradients on.
//
// hidden [rows, hidden], head [vocab, hidden] in the same type, targets [rows] i64 in [0, vocab),
// weights and certainty [rows] f32, and of a model with copy hints the boosts of their logits
// (transformer.h) -> total: sum(weights * loss) / sum(weights), scalar f32, differentiable by
// hidden, head and the values of the boosts; rows: the loss of each row [rows] f32, detached, not
// weighted. The loss of a row is its cross entropy and, where the target is the first choice
// already, `certainty` times its entropy.
//
// Source of that term: LLaDA2.0's confidence-aware training, arXiv 2512.15745.
#pragma once

#include <ATen/ATen.h>

#include "engine/model/transformer.h"

namespace inpaint::engine {

/// Rows of one chunk: wide enough for the products to run at full speed, small enough for the
/// logits (16 MB in bf16) to stay near the processor. A batch rounds its rows up to whole chunks
/// (batch.h).
inline constexpr std::int64_t kLossChunkRows = 512;

struct CrossEntropy {
  at::Tensor total;
  at::Tensor rows;
};

struct RowAims {
  at::Tensor targets;
  at::Tensor weights;
  at::Tensor certainty;
};

CrossEntropy linear_cross_entropy(const at::Tensor& hidden, const at::Tensor& head,
                                  const RowAims& aims, const Boosts& boosts = {});

}  // namespace inpaint::engine
