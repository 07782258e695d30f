// Weights between a model folder and the transformer.
//
// Files name their tensors as transformers does ("model.layers.0.self_attn.q_proj.weight"); in
// memory what is multiplied by the same input is one matrix. A quantised matrix is its integers
// under the plain name and "<name>.scale" beside them.
//
// Errors: bad_weights, naming the tensor and both shapes.
// Source: the state dictionaries of Qwen3ForCausalLM, Qwen2ForCausalLM, LlamaForCausalLM.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/transformer.h"
#include "engine/weights/model_config.h"
#include "engine/weights/safetensors.h"

namespace inpaint::engine {

/// A tensor of the transformer under its file's name: a view, so that writing to it changes the
/// weights.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// Weights of the right shapes in f32, all zero. Matrices have their f32 copy only.
TransformerWeights empty_weights(const ModelConfig& config);

/// Gives weights the copy hints that `config` asks for and that they lack, so that what they
/// compute does not change yet.
void add_copy_hints(const ModelConfig& config, TransformerWeights& weights);

/// Every tensor of a file of this model, in the order of the transformer.
/// The head is left out where it is tied to the embedding.
std::vector<NamedTensor> named_tensors(const ModelConfig& config,
                                       const TransformerWeights& weights);

/// Reads the folder's *.safetensors into f32, integers dequantised.
Result<TransformerWeights> load_weights(const ModelConfig& config,
                                        const std::filesystem::path& folder);

/// Writes one safetensors file. `matrix_format`: "f32", "bf16" or "q8_gN"; vectors stay f32.
Result<void> save_weights(const std::filesystem::path& file,
                          const std::vector<NamedTensor>& tensors, const std::string& matrix_format,
                          const std::map<std::string, std::string>& metadata);

/// One tensor of a file, in its own type.
Result<at::Tensor> read_tensor(const SafetensorsFile& file, const TensorEntry& entry);

}  // namespace inpaint::engine
