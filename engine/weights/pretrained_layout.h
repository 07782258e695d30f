// Which tensors a model has, under what names and in what shapes, and how they are put together.
//
// Files of both kinds hold the same tensors and call them differently. All shapes are held against
// the configuration before a byte of weights is read; a tensor that nobody asked for is refused too,
// because a part of the model that is left out (a bias, experts) makes its answers wrong and not
// missing.
//
// Errors: bad_weights (names file and tensor), cancelled, unavailable, those of the source.
// Sources: the tables of tensor names of the package `gguf`; the state dictionaries of transformers.
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/quantised_matrix.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {

/// Where the tensors of one model come from.
class PretrainedSource {
 public:
  virtual ~PretrainedSource() = default;

  /// Stands for the file in errors.
  virtual const std::string& name() const = 0;
  virtual std::vector<std::string> tensors() const = 0;
  /// Outermost first; nothing where there is no such tensor.
  virtual std::optional<std::vector<std::int64_t>> shape(std::string_view tensor) const = 0;
  virtual std::uint64_t bytes_in_file(std::string_view tensor) const = 0;
  virtual std::uint64_t bytes_in_memory(std::string_view tensor) const = 0;

  /// Of tensors that are there, with two dimensions and one. Values that are no numbers are refused.
  /// Any thread.
  virtual Result<kernels::QuantisedMatrix> matrix(std::string_view tensor) const = 0;
  virtual Result<std::vector<float>> numbers(std::string_view tensor) const = 0;
};

/// Of a layer's tensors the names begin with `layer`, number and a dot; `.weight` or `.bias` follows.
struct TensorNames {
  std::string_view embedding, head, final_norm;  // in full
  std::string_view layer;
  std::string_view attention_norm, mlp_norm;
  std::string_view q, k, v, attention_out, q_norm, k_norm;
  std::string_view gate, up, down;
  std::string_view ignored;  // names that end so hold no weights
};

const TensorNames& gguf_tensor_names();
const TensorNames& hugging_face_tensor_names();

/// True where the first layer's queries have a bias.
bool has_biases(const PretrainedSource& source, const TensorNames& names);

/// Checks everything, asks for memory only then. `available_memory` in bytes; nothing: not known.
Result<PretrainedWeights> assemble_pretrained(const PretrainedSource& source,
                                              const PretrainedConfig& config,
                                              const TensorNames& names,
                                              std::optional<std::uint64_t> available_memory,
                                              const Loading& loading, int threads);

}  // namespace inpaint::engine
