// The model families that one transformer serves; a family is a row here and not a fork of the code.
//
// Source: the modelling files of Qwen2, Qwen3 and Llama in the transformers library. inpaint_mini is
//         Qwen3's block with our own keys beside it.
#pragma once

#include <span>
#include <string_view>

namespace inpaint::engine {

/// Whether a property follows from the family or is read from the file.
enum class Given { never, always, by_config };

struct ModelFamily {
  std::string_view name;          // ModelConfig::family
  std::string_view model_type;    // "model_type" of config.json
  std::string_view architecture;  // "architectures", when we write one
  bool qk_norm = false;           // RMS norm of each head's query and key, before the rotation
  Given qkv_bias = Given::never;  // "attention_bias": a file that contradicts it is refused
  Given tied_embeddings = Given::by_config;  // "tie_word_embeddings"
  bool tied_by_default = false;              // when that key is missing
  double default_rope_theta = 10000.0;
  double default_norm_eps = 1e-6;
  std::string_view prompt_format =
      {};                // "prompt_format" when that key is missing; empty: not known
  bool is_mini = false;  // carries context_tokens, block_widths, quantisation and version
};

std::span<const ModelFamily> model_families();

/// Null when there is none.
const ModelFamily* find_family_by_model_type(std::string_view model_type);
const ModelFamily* find_family(std::string_view name);

}  // namespace inpaint::engine
