#include "engine/kernels/fused_kernels.h"

#include <cmath>

#include "engine/kernels/fast_exp.h"

namespace inpaint::engine::kernels {
namespace {

template <class T>
INPAINT_INLINE void rms_norm_rows(const T* x, const T* weight, float eps, std::int64_t width,
                                  RowRange rows, T* y, float* scale) {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const T* from = x + row * width;
    T* to = y + row * width;
    float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = 0; i < width; ++i) sum += load(from[i]) * load(from[i]);
    const float s = 1.0F / std::sqrt(sum / static_cast<float>(width) + eps);
    scale[row] = s;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) store(to[i], load(from[i]) * s * load(weight[i]));
  }
}

// With y = x s w and s = (mean(x²) + eps)^-½:  dx = s (w dy - x s² mean(x w dy)).
template <class T>
INPAINT_INLINE void rms_norm_backward_rows(const T* x, const T* weight, const float* scale,
                                           const T* dy, std::int64_t width, RowRange rows, T* dx,
                                           float* d_weight) {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const T* from = x + row * width;
    const T* grad = dy + row * width;
    T* to = dx + row * width;
    const float s = scale[row];
    float dot = 0.0F;
#pragma omp simd reduction(+ : dot)
    for (std::int64_t i = 0; i < width; ++i) dot += load(from[i]) * load(weight[i]) * load(grad[i]);
    const float c = dot * s * s / static_cast<float>(width);
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      const float v = load(from[i]);
      const float g = load(grad[i]);
      d_weight[i] += g * v * s;
      store(to[i], s * (load(weight[i]) * g - v * c));
    }
  }
}

template <class T>
INPAINT_INLINE void gated_silu_rows(const T* x, std::int64_t width, RowRange rows, T* y) {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const T* gate = x + row * 2 * width;
    const T* up = gate + width;
    T* to = y + row * width;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      const float g = load(gate[i]);
      store(to[i], g * sigmoid(g) * load(up[i]));
    }
  }
}

template <class T>
INPAINT_INLINE void gated_silu_backward_rows(const T* x, const T* dy, std::int64_t width,
                                             RowRange rows, T* dx) {
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    const T* gate = x + row * 2 * width;
    const T* up = gate + width;
    const T* grad = dy + row * width;
    T* d_gate = dx + row * 2 * width;
    T* d_up = d_gate + width;
#pragma omp simd
    for (std::int64_t i = 0; i < width; ++i) {
      const float g = load(gate[i]);
      const float s = sigmoid(g);
      const float d = load(grad[i]);
      store(d_up[i], d * g * s);
      store(d_gate[i], d * load(up[i]) * s * (1.0F + g * (1.0F - s)));
    }
  }
}

template <class T>
INPAINT_INLINE void norm_rotate_head(const T* x, const T* weight, const HeadTurn& turn, T* y,
                                     float* scale) {
  const int half = turn.head_dim / 2;
  float s = 1.0F;
  if (weight != nullptr) {
    float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < turn.head_dim; ++i) sum += load(x[i]) * load(x[i]);
    s = 1.0F / std::sqrt(sum / static_cast<float>(turn.head_dim) + turn.eps);
    *scale = s;
  }
#pragma omp simd
  for (int i = 0; i < half; ++i) {
    const float a = load(x[i]) * s * (weight ? load(weight[i]) : 1.0F);
    const float b = load(x[i + half]) * s * (weight ? load(weight[i + half]) : 1.0F);
    store(y[i], a * turn.cos[i] - b * turn.sin[i]);
    store(y[i + half], b * turn.cos[i + half] + a * turn.sin[i + half]);
  }
}

/// The gradient of a pair of channels, turned back.
struct TurnedBack {
  float first, second;
};
template <class T>
INPAINT_INLINE TurnedBack turn_back(const T* dy, const HeadTurn& turn, int i) {
  const int half = turn.head_dim / 2;
  const float a = load(dy[i]);
  const float b = load(dy[i + half]);
  return {a * turn.cos[i] + b * turn.sin[i + half], b * turn.cos[i + half] - a * turn.sin[i]};
}

// The gradient is turned back twice, for its product with x and for the result, so that no head is
// too large to keep it.
template <class T>
INPAINT_INLINE void norm_rotate_head_backward(const T* x, const T* weight, const HeadTurn& turn,
                                              float scale, const T* dy, T* dx, float* d_weight) {
  const int half = turn.head_dim / 2;
  if (weight == nullptr) {
#pragma omp simd
    for (int i = 0; i < half; ++i) {
      const TurnedBack d = turn_back(dy, turn, i);
      store(dx[i], d.first);
      store(dx[i + half], d.second);
    }
    return;
  }
  float dot = 0.0F;
#pragma omp simd reduction(+ : dot)
  for (int i = 0; i < half; ++i) {
    const TurnedBack d = turn_back(dy, turn, i);
    dot += load(x[i]) * load(weight[i]) * d.first +
           load(x[i + half]) * load(weight[i + half]) * d.second;
  }
  const float c = dot * scale * scale / static_cast<float>(turn.head_dim);
#pragma omp simd
  for (int i = 0; i < half; ++i) {
    const TurnedBack d = turn_back(dy, turn, i);
    const float a = load(x[i]);
    const float b = load(x[i + half]);
    d_weight[i] += d.first * a * scale;
    d_weight[i + half] += d.second * b * scale;
    store(dx[i], scale * (load(weight[i]) * d.first - a * c));
    store(dx[i + half], scale * (load(weight[i + half]) * d.second - b * c));
  }
}

template <bool biased, class T>
INPAINT_INLINE void softmax_of_scores(T* scores, const T* bias, float scale, std::int64_t seen,
                                      std::int64_t width) {
  constexpr float kNothing = -3.0e38F;
  float highest = kNothing;
#pragma omp simd reduction(max : highest)
  for (std::int64_t i = 0; i < seen; ++i) {
    const float score = load(scores[i]) * scale + (biased ? load(bias[i]) : 0.0F);
    highest = score > highest ? score : highest;
  }
  float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < seen; ++i) {
    const float score = load(scores[i]) * scale + (biased ? load(bias[i]) : 0.0F);
    const float power = fast_exp(score - highest);
    sum += power;
    store(scores[i], power);
  }
  const float factor = highest > kNothing ? 1.0F / sum : 0.0F;
#pragma omp simd
  for (std::int64_t i = 0; i < seen; ++i) store(scores[i], load(scores[i]) * factor);
  for (std::int64_t i = seen; i < width; ++i) store(scores[i], 0.0F);
}

// With p = softmax(scale s):  ds = scale p (dp - sum(p dp)).
template <class T>
INPAINT_INLINE void softmax_of_scores_backward(const T* p, float scale, std::int64_t width,
                                               T* d_p) {
  float dot = 0.0F;
#pragma omp simd reduction(+ : dot)
  for (std::int64_t i = 0; i < width; ++i) dot += load(p[i]) * load(d_p[i]);
#pragma omp simd
  for (std::int64_t i = 0; i < width; ++i) store(d_p[i], scale * load(p[i]) * (load(d_p[i]) - dot));
}

/// With x = logits - highest, whose exponentials sum up to `sum`, and m = sum(p x): the entropy is
/// log(sum) - m, its derivative by x is -p (x - m). The target is the first choice.
template <class T>
INPAINT_INLINE float certain_cross_entropy(T* logits, std::int64_t vocabulary, const RowAim& aim,
                                           float highest) {
  float sum = 0.0F;
  float moment = 0.0F;
#pragma omp simd reduction(+ : sum, moment)
  for (std::int64_t i = 0; i < vocabulary; ++i) {
    const float x = load(logits[i]) - highest;
    const float power = fast_exp(x);
    sum += power;
    moment += power > 0.0F ? power * x : 0.0F;
  }
  const float mean = moment / sum;
  const float factor = aim.weight / sum;
  const float at_target = factor * (1.0F + aim.certainty * mean) - aim.weight;
#pragma omp simd
  for (std::int64_t i = 0; i < vocabulary; ++i) {
    const float x = load(logits[i]) - highest;
    store(logits[i], fast_exp(x) * factor * (1.0F - aim.certainty * (x - mean)));
  }
  store(logits[aim.target], at_target);
  return std::log(sum) + aim.certainty * (std::log(sum) - mean);
}

template <class T>
INPAINT_INLINE float cross_entropy(T* logits, std::int64_t vocabulary, const RowAim& aim) {
  const std::int64_t target = aim.target;
  const float weight = aim.weight;
  float highest = load(logits[0]);
#pragma omp simd reduction(max : highest)
  for (std::int64_t i = 0; i < vocabulary; ++i)
    highest = load(logits[i]) > highest ? load(logits[i]) : highest;
  const float of_target = load(logits[target]) - highest;
  if (aim.certainty > 0.0F && of_target == 0.0F)
    return certain_cross_entropy(logits, vocabulary, aim, highest);
  float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < vocabulary; ++i) {
    const float power = fast_exp(load(logits[i]) - highest);
    sum += power;
    store(logits[i], power);  // rounded once more below: cheaper than the power again
  }
  const float loss = std::log(sum) - of_target;
  const float factor = weight / sum;
  const float at_target = fast_exp(of_target) * factor - weight;
#pragma omp simd
  for (std::int64_t i = 0; i < vocabulary; ++i) store(logits[i], load(logits[i]) * factor);
  store(logits[target], at_target);
  return loss;
}

}  // namespace

// NOLINTBEGIN(bugprone-macro-parentheses): T is a type.
#define INPAINT_DEFINE_KERNELS(T)                                                                  \
  INPAINT_CLONES void rms_norm(const T* x, const T* weight, float eps, std::int64_t width,         \
                               RowRange rows, T* y, float* scale) {                                \
    rms_norm_rows(x, weight, eps, width, rows, y, scale);                                          \
  }                                                                                                \
  INPAINT_CLONES void rms_norm_backward(const T* x, const T* weight, const float* scale,           \
                                        const T* dy, std::int64_t width, RowRange rows, T* dx,     \
                                        float* d_weight) {                                         \
    rms_norm_backward_rows(x, weight, scale, dy, width, rows, dx, d_weight);                       \
  }                                                                                                \
  INPAINT_CLONES void gated_silu(const T* x, std::int64_t width, RowRange rows, T* y) {            \
    gated_silu_rows(x, width, rows, y);                                                            \
  }                                                                                                \
  INPAINT_CLONES void gated_silu_backward(const T* x, const T* dy, std::int64_t width,             \
                                          RowRange rows, T* dx) {                                  \
    gated_silu_backward_rows(x, dy, width, rows, dx);                                              \
  }                                                                                                \
  INPAINT_CLONES void norm_rotate(const T* x, const T* weight, const HeadTurn& turn, T* y,         \
                                  float* scale) {                                                  \
    norm_rotate_head(x, weight, turn, y, scale);                                                   \
  }                                                                                                \
  INPAINT_CLONES void norm_rotate_backward(const T* x, const T* weight, const HeadTurn& turn,      \
                                           float scale, const T* dy, T* dx, float* d_weight) {     \
    norm_rotate_head_backward(x, weight, turn, scale, dy, dx, d_weight);                           \
  }                                                                                                \
  INPAINT_CLONES void attention_row(T* scores, const T* bias, float scale, std::int64_t seen,      \
                                    std::int64_t width) {                                          \
    if (bias) softmax_of_scores<true>(scores, bias, scale, seen, width);                           \
    else softmax_of_scores<false>(scores, bias, scale, seen, width);                               \
  }                                                                                                \
  INPAINT_CLONES void attention_row_backward(const T* p, float scale, std::int64_t width,          \
                                             T* d_p) {                                             \
    softmax_of_scores_backward(p, scale, width, d_p);                                              \
  }                                                                                                \
  INPAINT_CLONES float cross_entropy_row(T* logits, std::int64_t vocabulary, const RowAim& aim) {  \
    return cross_entropy(logits, vocabulary, aim);                                                 \
  }

// NOLINTEND(bugprone-macro-parentheses)

INPAINT_DEFINE_KERNELS(float)
INPAINT_DEFINE_KERNELS(Bf16)

}  // namespace inpaint::engine::kernels
