// The tensors of a GGUF file as a model's weights.

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/kernels/quantised_strip.h"
#include "engine/weights/gguf_file.h"
#include "engine/weights/pretrained_finite.h"
#include "engine/weights/pretrained_layout.h"
#include "engine/weights/pretrained_weights.h"

namespace inpaint::engine {
namespace {

class GgufSource final : public PretrainedSource {
 public:
  explicit GgufSource(const GgufFile& file) : file_(file), name_(file.path().string()) {}

  const std::string& name() const override { return name_; }

  std::vector<std::string> tensors() const override {
    std::vector<std::string> names;
    for (const GgufTensor& tensor : file_.tensors()) names.push_back(tensor.name);
    return names;
  }

  std::optional<std::vector<std::int64_t>> shape(std::string_view tensor) const override {
    const GgufTensor* found = file_.find(tensor);
    if (found == nullptr) return std::nullopt;
    return found->shape;
  }

  std::uint64_t bytes_in_file(std::string_view tensor) const override {
    const GgufTensor* found = file_.find(tensor);
    return found == nullptr ? 0 : found->bytes;
  }

  std::uint64_t bytes_in_memory(std::string_view tensor) const override {
    const GgufTensor* found = file_.find(tensor);
    if (found == nullptr) return 0;
    if (found->shape.size() == 1 || kernels::has_strips(found->format)) return found->bytes;
    const kernels::BlockShape& from = kernels::shape_of(found->format);
    const auto values = static_cast<std::int64_t>(found->bytes) / from.bytes * from.values;
    return static_cast<std::uint64_t>(kernels::bytes_of(kernels::BlockFormat::q8_0, values));
  }

  Result<kernels::QuantisedMatrix> matrix(std::string_view tensor) const override {
    auto data = read(tensor);
    if (!data) return std::unexpected(data.error());
    const GgufTensor& found = *file_.find(tensor);
    return kernels::QuantisedMatrix(found.format, found.shape[0], found.shape[1], std::move(*data));
  }

  Result<std::vector<float>> numbers(std::string_view tensor) const override {
    auto data = read(tensor);
    if (!data) return std::unexpected(data.error());
    const GgufTensor& found = *file_.find(tensor);
    std::vector<float> values(static_cast<std::size_t>(found.shape[0]));
    kernels::unpack(found.format, data->data(), found.shape[0], values.data());
    return values;
  }

 private:
  Result<std::vector<std::byte>> read(std::string_view tensor) const {
    const GgufTensor& found = *file_.find(tensor);
    std::vector<std::byte> data(static_cast<std::size_t>(found.bytes));
    auto done = file_.read(found, data);
    if (!done) return std::unexpected(done.error());
    if (!are_finite(found.format, data)) {
      return failure(ErrorCode::bad_weights, name_,
                     fmt::format("tensor {}: holds infinite values or none at all", tensor),
                     "fetch the model again");
    }
    return data;
  }

  const GgufFile& file_;
  std::string name_;
};

}  // namespace

Result<PretrainedWeights> load_pretrained(const GgufFile& file, const PretrainedConfig& config,
                                          const Loading& loading,
                                          std::optional<std::uint64_t> available, int threads) {
  return assemble_pretrained(GgufSource(file), config, gguf_tensor_names(), available, loading,
                             threads);
}

}  // namespace inpaint::engine
