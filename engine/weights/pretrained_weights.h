// The weights of a published model, from a GGUF file or a Hugging Face folder, in one shape.
//
// One block serves Qwen2, Qwen2.5, Qwen3, Llama, SmolLM2, DeepSeek-Coder, Seed-Coder, Granite and
// Mellum: RMS norm, attention with grouped queries and rotary positions, RMS norm, gated unit. What
// they differ in is a number here.
//
// Errors: bad_config, bad_weights (name file and tensor), file_not_found, io_failed, cancelled,
//         unavailable (less memory is available than the weights need: said before any is asked for).
// Thread rule: immutable.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/load_progress.h"
#include "engine/kernels/quantised_matrix.h"

namespace inpaint::engine {

class GgufFile;

/// Numbers of the block. After a successful load every one is in range and no product of two
/// dimensions overflows.
struct PretrainedConfig {
  std::string family;  // "qwen2", "qwen3", "llama", "granite"
  std::string name;    // as the file calls the model; may be empty
  int hidden = 0, layers = 0, heads = 0, kv_heads = 0, head_dim = 0, intermediate = 0;
  int vocabulary = 0;
  int max_positions = 0;
  double norm_eps = 1e-6;
  /// Radians by which a dimension pair turns from one position to the next, [head_dim / 2], rope
  /// scaling applied (linear, llama3, yarn).
  std::vector<float> inverse_frequencies;
  float attention_factor = 1.0F;  // of cos and sin: yarn's
  bool pairs_are_neighbours =
      false;  // dimension 2 i turns with 2 i + 1; else i with i + head_dim / 2
  bool qk_norm = false;
  bool tied_embeddings = false;
  // Granite's; 1 elsewhere.
  float embedding_multiplier = 1.0F;
  float residual_multiplier = 1.0F;
  float attention_multiplier = 0.0F;  // of scores; 0: 1 / sqrt(head_dim)
  float logits_divisor = 1.0F;
};

struct PretrainedLayer {
  std::vector<float> attention_norm, mlp_norm;  // [hidden]
  kernels::QuantisedMatrix q, k, v,
      attention_out;                          // [heads * head_dim | kv_heads * head_dim, hidden]
  std::vector<float> q_bias, k_bias, v_bias;  // empty: none
  std::vector<float> q_norm, k_norm;          // [head_dim]; empty: none
  kernels::QuantisedMatrix gate, up, down;
};

/// All of a layer.
inline std::array<const kernels::QuantisedMatrix*, 7> matrices_of(const PretrainedLayer& layer) {
  return {&layer.q, &layer.k, &layer.v, &layer.attention_out, &layer.gate, &layer.up, &layer.down};
}

struct PretrainedWeights {
  kernels::QuantisedMatrix embedding;  // [vocabulary, hidden]
  kernels::QuantisedMatrix head;       // empty: the embedding is the head
  std::vector<float> final_norm;
  std::vector<PretrainedLayer> layers;
};

struct PretrainedModelFile {
  PretrainedConfig config;
  PretrainedWeights weights;
};

/// Bytes that programs may still take, by /proc/meminfo; nothing where the system does not tell.
std::optional<std::uint64_t> available_memory();

Result<PretrainedConfig> pretrained_config(const GgufFile& file);
Result<PretrainedWeights>
load_pretrained(const GgufFile& file, const PretrainedConfig& config, const Loading& loading,
                std::optional<std::uint64_t> available = available_memory(), int threads = 1);

/// `folder` as Hugging Face lays models out: config.json, *.safetensors (f32, f16, bf16). Matrices
/// become `format`: q8_0, or f32 for tests of parity.
Result<PretrainedConfig> pretrained_config(const std::filesystem::path& folder);
Result<PretrainedWeights>
load_pretrained(const std::filesystem::path& folder, const PretrainedConfig& config,
                kernels::BlockFormat format, const Loading& loading,
                std::optional<std::uint64_t> available = available_memory(), int threads = 1);

}  // namespace inpaint::engine
