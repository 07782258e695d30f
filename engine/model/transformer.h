// The one transformer of Inpaint: inference on CPU and GPU and training all run this code.
//
// Pre-norm decoder blocks as in Llama and Qwen: RMS norm, rotary positions in the half-split form,
// grouped-query attention with optional biases and per-head norms, gated SiLU unit. What differs
// between uses is how rows look at each other; that is an Attention, handed in by the caller.
//
// Shapes: rows [batch, rows] -> hidden [batch, rows, hidden], type of the weights' stream.
// Gradients flow where the weights ask for them.
// Sources: Qwen3 technical report (arXiv 2505.09388) section 2; RoPE arXiv 2104.09864.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "engine/model/matrix.h"
#include "engine/weights/model_config.h"

namespace inpaint::engine {

struct LayerWeights {
  at::Tensor attention_norm;  // [hidden]
  Matrix qkv;                 // [(heads + 2 kv_heads) head_dim, hidden]
  at::Tensor qkv_bias;        // [(heads + 2 kv_heads) head_dim] or undefined
  at::Tensor q_norm, k_norm;  // [head_dim] or undefined
  Matrix attention_out;       // [hidden, heads head_dim]
  at::Tensor mlp_norm;        // [hidden]
  Matrix gate_up;             // [2 intermediate, hidden]
  Matrix down;                // [hidden, intermediate]
};

/// What a model makes of one of the copy hints of a row (engine/prompt/copy_hint.h). To the
/// embedding of the row's token it adds
///   projection embedding[hint] + bias[class],
/// and to the logit of the hint, as a pointer network does (arXiv 1609.07843),
///   kStrengthScale strength[class] + <direction[class], final hidden state>.
struct CopyHintWeights {
  Matrix projection;                              // [hidden, hidden]
  at::Tensor bias;                                // [match classes, hidden]
  at::Tensor strength;                            // [match classes]
  at::Tensor direction;                           // [match classes, hidden]
  static constexpr double kStrengthScale = 32.0;  // one step at a rate of 0.003 moves it by 0.1
};

struct TransformerWeights {
  Matrix embedding;                         // [vocab, hidden]
  std::vector<CopyHintWeights> copy_hints;  // as many as the model knows (config.copy_hints)
  std::vector<LayerWeights> layers;
  at::Tensor final_norm;  // [hidden]
  Matrix head;            // [vocab, hidden]; the embedding itself where they are tied
};

/// How rows look at each other, and at what came before them.
class Attention {
 public:
  virtual ~Attention() = default;
  /// q [batch, heads, rows, head_dim] · k, v [batch, kv_heads, rows, head_dim], rotated
  /// -> [batch, heads, rows, head_dim]
  virtual at::Tensor attend(int layer, const at::Tensor& q, const at::Tensor& k,
                            const at::Tensor& v) = 0;
};

/// The angle by which each pair of channels turns from one position to the next: [head_dim / 2]
/// f32.
at::Tensor rotary_frequencies(const ModelConfig& config);

/// cos and sin [max_positions, head_dim] f32 of the rotary embedding, half-split.
struct RotaryTable {
  at::Tensor cos, sin;
};
RotaryTable rotary_table(const ModelConfig& config, int max_positions);

/// One of the copy hints of each row: [batch, rows] i64 both.
struct CopyHintTensors {
  at::Tensor tokens, classes;
};

/// What goes in, each [batch, rows] i64. Only as many copy hints are looked at as the model knows.
struct RowTensors {
  at::Tensor tokens, positions;
  std::vector<CopyHintTensors> copy_hints;
};

/// The logits that hints add to: tokens [n, copy hints] i64, values [n, copy hints] f32, 0 for a
/// hint that a row has not. Undefined for a model without copy hints.
struct Boosts {
  at::Tensor tokens, values;
};

/// Of the rows `chosen` [n] i64 of all rows of all batches, whose final hidden states are `hidden`
/// [n, hidden].
Boosts boosts_of(const TransformerWeights& weights, const RowTensors& rows,
                 const at::Tensor& chosen, const at::Tensor& hidden);

/// Hidden states after the final norm.
at::Tensor run_transformer(const ModelConfig& config, const TransformerWeights& weights,
                           const RotaryTable& rotary, const RowTensors& rows, Attention& attention,
                           Product product);

}  // namespace inpaint::engine
