// How fast dimension pairs of queries and keys turn, and what stretches a model to longer texts.
//
// Plainly, pair i of `head_dim / 2` turns by theta^(-2 i / head_dim) radians from one position to the
// next. Models that were stretched turn slower: all pairs alike (linear), or the slow ones alone and
// those between by degrees (llama3, yarn).
//
// Shape:  [head_dim / 2].
// Sources: RoPE, arXiv 2104.09864; yarn, arXiv 2309.00071, sections 3.2 to 3.4; llama3: the rule that
//          came with Llama 3.1, as transformers' modeling_rope_utils has it.
// Thread rule: any thread; no state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace inpaint::engine {

struct RopeScaling {
  enum class Kind { none, linear, llama3, yarn };
  Kind kind = Kind::none;
  double factor = 1.0;
  double trained_positions = 0.0;  // before the stretching; llama3 and yarn
  // llama3: waves that fit more often than `high` stay, those that fit less often than `low` are
  // divided by the factor.
  double low_frequency = 1.0, high_frequency = 4.0;
  // yarn: pairs that turn more often than `fast` in what was trained stay, less often than `slow`
  // are divided by the factor.
  double beta_fast = 32.0, beta_slow = 1.0;
  bool whole_pairs = true;                 // yarn: the borders are rounded outwards
  std::optional<double> attention_factor;  // nothing: 1, with yarn 0.1 ln(factor) + 1
};

struct Rope {
  std::vector<float> inverse_frequencies;
  float attention_factor = 1.0F;
};

/// What yarn lets cos and sin grow by.
double yarn_attention_factor(double factor);

/// `divisors` [head_dim / 2] or empty: what a GGUF file has a frequency divided by, before all else.
Rope rope_of(int head_dim, double theta, const RopeScaling& scaling,
             std::span<const float> divisors = {});

/// What is wrong with these numbers; empty where nothing is.
std::string problem_of(const RopeScaling& scaling, double theta);

}  // namespace inpaint::engine
