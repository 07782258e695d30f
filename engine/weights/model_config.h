// What a model's config.json says, in the engine's words and within the engine's limits.
//
// Everything that the transformer cannot do is refused here, by name, so that a model is either
// computed exactly or not at all. After a successful parse every number is in range and no product
// of two dimensions overflows.
//
// Units:  counts of channels, layers, heads, tokens.
// Errors: bad_config (names the key and the value), file_not_found, io_failed.
// Source: the keys of transformers' Qwen2Config, Qwen3Config and LlamaConfig; ours are added for
//         the family "inpaint_mini" (see model_family.h).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/prompt/mask_target.h"

namespace inpaint::engine {

struct ModelConfig {
  std::string family;  // ModelFamily::name
  int hidden = 0;
  int layers = 0;
  int heads = 0;
  int kv_heads = 0;  // divides heads
  int head_dim = 0;  // even; hidden / heads unless the file says otherwise
  int intermediate = 0;
  int vocabulary = 0;
  double rope_theta = 10000.0;
  double norm_eps = 1e-6;
  bool qkv_bias = false;
  bool qk_norm = false;
  bool tied_embeddings = false;
  int max_positions = 0;

  // For inpaint_mini alone; zero or empty elsewhere.
  int context_tokens = 0;                           // the budget the model was trained with
  std::vector<int> block_widths;                    // ascending, e.g. 4, 8, 16, 32
  std::map<std::string, std::string> quantisation;  // tensor group -> format: "linear": "q8_g64"
  int copy_hints = 0;  // that rows are told of, 0 to 2: engine/prompt/copy_hint.h
  MaskTarget mask_target = MaskTarget::own_place;
  int version = 0;  // of the format, from 1

  friend bool operator==(const ModelConfig&, const ModelConfig&) = default;
};

/// Reads `folder`/config.json.
Result<ModelConfig> load_config(const std::filesystem::path& folder);

/// `name` stands for the file in errors.
Result<ModelConfig> parse_config(std::string_view json, std::string name);

/// What the trainer saves. parse_config(to_json(c)) == c for every config that parse_config gives.
std::string to_json(const ModelConfig& config);

}  // namespace inpaint::engine
