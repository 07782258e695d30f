#include "engine/weights/model_family.h"

#include <algorithm>
#include <array>

namespace inpaint::engine {
namespace {

constexpr std::array kFamilies = {
    ModelFamily{.name = "inpaint_mini",
                .model_type = "inpaint_mini",
                .architecture = "InpaintMini",
                .qk_norm = true,
                .qkv_bias = Given::never,
                .tied_embeddings = Given::always,
                .tied_by_default = true,
                .default_rope_theta = 10000.0,
                .default_norm_eps = 1e-6,
                .prompt_format = "inpaint-1",
                .is_mini = true},
    ModelFamily{.name = "qwen3",
                .model_type = "qwen3",
                .architecture = "Qwen3ForCausalLM",
                .qk_norm = true,
                .qkv_bias = Given::never},
    // Qwen2's bias is fixed in its modelling file; its config has no key for it.
    ModelFamily{.name = "qwen2",
                .model_type = "qwen2",
                .architecture = "Qwen2ForCausalLM",
                .qkv_bias = Given::always},
    // Llama's attention_bias would also put a bias on the output projection, which we lack.
    ModelFamily{.name = "llama",
                .model_type = "llama",
                .architecture = "LlamaForCausalLM",
                .qkv_bias = Given::never},
};

}  // namespace

std::span<const ModelFamily> model_families() { return kFamilies; }

const ModelFamily* find_family_by_model_type(std::string_view model_type) {
  auto row = std::ranges::find(kFamilies, model_type, &ModelFamily::model_type);
  return row == kFamilies.end() ? nullptr : &*row;
}

const ModelFamily* find_family(std::string_view name) {
  auto row = std::ranges::find(kFamilies, name, &ModelFamily::name);
  return row == kFamilies.end() ? nullptr : &*row;
}

}  // namespace inpaint::engine
