// The sizes in which an embedded model can be trained anew, by name.
//
// For C floating-point operations of training the best size is about sqrt(C / 120) parameters
// (arXiv 2203.15556 with the factor 6 and 20 tokens a parameter): two hours of two cores are a 9m.
#pragma once

#include <string_view>

#include "engine/base/error.h"
#include "engine/weights/model_config.h"

namespace inpaint::engine {

struct ModelSize {
  std::string_view name;
  int hidden, layers, heads, kv_heads, head_dim, intermediate;
};

inline constexpr ModelSize kModelSizes[] = {
    {"tiny", 64, 2, 2, 2, 32, 128},  // for tests: learns a sentence in seconds
    {"3m", 128, 6, 4, 4, 32, 384},   // for comparisons of recipes
    {"9m", 256, 6, 4, 4, 64, 768},    {"11m", 256, 8, 4, 4, 64, 768},
    {"16m", 384, 6, 6, 6, 64, 1024},  {"28m", 384, 12, 6, 6, 64, 1152},
    {"46m", 512, 12, 8, 8, 64, 1408},
};

/// A new model of the size `name`. Error: bad_argument, with the names there are.
Result<ModelConfig> config_of_size(std::string_view name, int vocabulary);

}  // namespace inpaint::engine
