// Row-wise kernels of the transformer and its loss on the CPU: plain loops over raw pointers.
//
// Each joins what would be five to ten passes over memory into one; beside matrix products that run
// on tile units those passes were most of a training step. The compiler vectorises the loops, one
// clone per instruction set, picked when the library is loaded. Tensors are met in fused_ops.cpp,
// which also holds the same operations written with ATen, for other devices and for the tests.
//
// Sums are kept in f32 whatever the storage type. Rows [begin, end) are worked on, so that callers
// split the work over threads. Memory is dense.      Thread rule: any thread; no state.
#pragma once

#include <cstdint>

#include "engine/kernels/vectorised.h"

namespace inpaint::engine::kernels {

struct RowRange {
  std::int64_t begin, end;
};

/// What a row of logits is trained towards. `certainty`: weight of the row's entropy beside its cross
/// entropy, counted where the target is the first choice already: what is right shall be sure of itself.
struct RowAim {
  std::int64_t target;
  float weight;
  float certainty;
};

/// One head of one row: RMS norm with `weight` (null: none), then the rotation by cos and sin
/// [head_dim] (half-split: dimension i turns with dimension i + head_dim / 2).
struct HeadTurn {
  const float* cos;
  const float* sin;
  int head_dim;
  float eps;
};

// Declared for T = float and T = Bf16 each.
// NOLINTBEGIN(bugprone-macro-parentheses): T is a type.
#define INPAINT_DECLARE_KERNELS(T)                                                                       \
  /* y = x / rms(x) * weight, rows of `width`; scale [rows] receives 1 / rms(x). */                      \
  void rms_norm(const T* x, const T* weight, float eps, std::int64_t width, RowRange rows, T* y,         \
                float* scale);                                                                           \
  /* dx of rms_norm; adds these rows' part of the weight's gradient to d_weight [width]. */              \
  void rms_norm_backward(const T* x, const T* weight, const float* scale, const T* dy,                   \
                         std::int64_t width, RowRange rows, T* dx, float* d_weight);                     \
  /* y = silu(gate) * up, x = [gate | up]: [rows, 2 width] -> [rows, width]. */                          \
  void gated_silu(const T* x, std::int64_t width, RowRange rows, T* y);                                  \
  void gated_silu_backward(const T* x, const T* dy, std::int64_t width, RowRange rows, T* dx);           \
  void norm_rotate(const T* x, const T* weight, const HeadTurn& turn, T* y, float* scale);               \
  void norm_rotate_backward(const T* x, const T* weight, const HeadTurn& turn, float scale,              \
                            const T* dy, T* dx, float* d_weight);                                        \
  /* Scores of one query, in place: softmax of scale * scores + bias (null: none) over the first       \
     `seen` of `width` keys, nothing beyond them. A row that sees nothing becomes nothing. */ \
  void attention_row(T* scores, const T* bias, float scale, std::int64_t seen,                           \
                     std::int64_t width);                                                                \
  /* d_scores of attention_row from its result p and the gradient of it, in place of the latter. */      \
  void attention_row_backward(const T* p, float scale, std::int64_t width, T* d_p);                      \
  /* Cross entropy of one row of logits, in place: they become weight times its gradient, which is  \
     softmax - one_hot without certainty. Returns the loss, not weighted. */    \
  float cross_entropy_row(T* logits, std::int64_t vocabulary, const RowAim& aim);

// NOLINTEND(bugprone-macro-parentheses)
INPAINT_DECLARE_KERNELS(float)
INPAINT_DECLARE_KERNELS(Bf16)
#undef INPAINT_DECLARE_KERNELS

}  // namespace inpaint::engine::kernels
