#include "engine/training/model_sizes.h"

namespace inpaint::engine {

Result<ModelConfig> config_of_size(std::string_view name, int vocabulary) {
  std::string known;
  for (const ModelSize& size : kModelSizes) {
    known += (known.empty() ? "" : ", ") + std::string(size.name);
    if (size.name != name) continue;
    ModelConfig config;
    config.family = "inpaint_mini";
    config.hidden = size.hidden;
    config.layers = size.layers;
    config.heads = size.heads;
    config.kv_heads = size.kv_heads;
    config.head_dim = size.head_dim;
    config.intermediate = size.intermediate;
    config.vocabulary = vocabulary;
    config.rope_theta = 10000.0;
    config.norm_eps = 1e-6;
    config.qk_norm = true;
    config.tied_embeddings = true;
    config.version = 1;
    return config;
  }
  return failure(ErrorCode::bad_argument, "--size " + std::string(name), "is not a size",
                 "use one of " + known);
}

}  // namespace inpaint::engine
