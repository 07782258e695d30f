// What a mask adapter says of itself: its config.json, and which tensors belong to it.
//
// The trainer writes with this and the reader reads with it, so that both mean the same file. The
// format as a whole: mask_adapter.h.
//
// Units:  counts of channels, layers, tokens.
// Errors: bad_config (names the key and the value).      Thread rule: immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/weights/pretrained_weights.h"
#include "engine/weights/safetensors.h"

namespace inpaint::engine {

inline constexpr std::string_view kAdapterConfigFile = "config.json";
inline constexpr std::string_view kAdapterTensorFile = "adapter.safetensors";

/// Where a file of an adapter is not as it should be.
inline constexpr const char* kAdapterRemedy =
    "train it again, or take the one that came with the program";

/// The shape of the model that an adapter was trained on.
struct AdapterBase {
  std::string family;
  int hidden = 0, layers = 0, heads = 0, kv_heads = 0, head_dim = 0, intermediate = 0;
  int vocabulary = 0;
  friend bool operator==(const AdapterBase&, const AdapterBase&) = default;
};

struct AdapterConfig {
  int rank = 0;
  int masks = 0;         // behind one row
  int markov_rank = 0;   // 0: no Markov table
  int draft_tokens = 0;  // tokens that masks may propose
  AdapterBase base;
  std::string tokenizer;                 // fingerprint (engine/tokenizer/fingerprint.h)
  std::vector<std::string> measured_on;  // names of base files
  std::int64_t rows = 0;                 // supervised ones that it was trained on
  friend bool operator==(const AdapterConfig&, const AdapterConfig&) = default;
};

AdapterBase adapter_base_of(const PretrainedConfig& config);

/// With the base and the tokenizer filled in; the rest is the trainer's to say.
AdapterConfig adapter_config_of(const PretrainedConfig& base, std::string tokenizer);

/// `name` stands for the file in errors.
Result<AdapterConfig> parse_adapter_config(std::string_view json, const std::string& name);

/// What the trainer saves. parse_adapter_config(to_json(c)) == c for every config that parses.
std::string to_json(const AdapterConfig& config);

/// The seven projections, in the order of matrices_of() and by the names that tensors have.
inline constexpr std::array<std::string_view, 7> kAdapterProjections{"q",    "k",  "v",   "o",
                                                                     "gate", "up", "down"};

struct ProjectionShape {
  int inputs = 0, outputs = 0;
};
/// Of kAdapterProjections[projection].
ProjectionShape projection_shape(const AdapterBase& base, std::size_t projection);

/// A tensor that belongs to an adapter. Integers (I8) are rows in groups with a scale each: of a
/// tensor X of [rows, columns] there is an "X.scale" F16 [rows, groups_of(columns)].
struct AdapterTensor {
  std::string name;
  DType dtype = DType::i8;
  std::vector<std::int64_t> shape;
};

inline constexpr std::int64_t kAdapterGroup = 64;
constexpr std::int64_t groups_of(std::int64_t columns) {
  return (columns + kAdapterGroup - 1) / kAdapterGroup;
}

/// "layers.3.gate.down"; `part` is "down" or "up".
std::string adapter_tensor_name(int layer, std::size_t projection, std::string_view part);

/// All of them, scales included, and no others may be in the file.
std::vector<AdapterTensor> adapter_tensors(const AdapterConfig& config);

}  // namespace inpaint::engine
