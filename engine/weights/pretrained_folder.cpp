// The tensors of a Hugging Face folder as a model's weights.

#include "engine/weights/pretrained_folder.h"

#include <utility>

#include <fmt/format.h>

#include "engine/weights/pretrained_finite.h"
#include "engine/weights/pretrained_layout.h"
#include "engine/weights/sharded_weights.h"

namespace inpaint::engine {
namespace {

using kernels::BlockFormat;

constexpr const char* kRemedy = "fetch the model again";

std::optional<BlockFormat> format_of(DType dtype) {
  switch (dtype) {
    case DType::f32: return BlockFormat::f32;
    case DType::f16: return BlockFormat::f16;
    case DType::bf16: return BlockFormat::bf16;
    default: return std::nullopt;
  }
}

class FolderSource final : public PretrainedSource {
 public:
  FolderSource(const ShardedWeights& weights, std::string name, BlockFormat format)
      : weights_(weights), name_(std::move(name)), format_(format) {}

  /// Whether all tensors are of types that are read, and their rows whole blocks of the format.
  Result<void> check() const {
    for (const std::string& tensor : weights_.names()) {
      const TensorEntry& entry = *weights_.find(tensor)->entry;
      if (!format_of(entry.dtype)) {
        return wrong(tensor, fmt::format("its type {} is not supported, expected F32, F16 or BF16",
                                         to_string(entry.dtype)));
      }
      const kernels::BlockShape& block = kernels::shape_of(format_);
      if (entry.shape.size() == 2 && entry.shape[1] % block.values != 0) {
        return wrong(tensor, fmt::format("rows of {} values are no whole blocks of {} ({})",
                                         entry.shape[1], block.values, block.name));
      }
    }
    return {};
  }

  const std::string& name() const override { return name_; }
  std::vector<std::string> tensors() const override { return weights_.names(); }

  std::optional<std::vector<std::int64_t>> shape(std::string_view tensor) const override {
    auto place = weights_.find(tensor);
    if (!place) return std::nullopt;
    return place->entry->shape;
  }

  std::uint64_t bytes_in_file(std::string_view tensor) const override {
    auto place = weights_.find(tensor);
    return place ? place->entry->bytes() : 0;
  }

  std::uint64_t bytes_in_memory(std::string_view tensor) const override {
    auto place = weights_.find(tensor);
    if (!place) return 0;
    const BlockFormat format = place->entry->shape.size() == 2 ? format_ : BlockFormat::f32;
    return static_cast<std::uint64_t>(kernels::bytes_of(format, place->entry->elements()));
  }

  Result<kernels::QuantisedMatrix> matrix(std::string_view tensor) const override {
    auto data = read(tensor);
    if (!data) return std::unexpected(data.error());
    const TensorEntry& entry = *weights_.find(tensor)->entry;
    const std::int64_t outputs = entry.shape[0], inputs = entry.shape[1];
    const BlockFormat from = *format_of(entry.dtype);
    if (from != format_) *data = kernels::repacked(from, format_, outputs, inputs, *data);
    return kernels::QuantisedMatrix(format_, outputs, inputs, std::move(*data));
  }

  Result<std::vector<float>> numbers(std::string_view tensor) const override {
    auto data = read(tensor);
    if (!data) return std::unexpected(data.error());
    const TensorEntry& entry = *weights_.find(tensor)->entry;
    std::vector<float> values(static_cast<std::size_t>(entry.elements()));
    kernels::unpack(*format_of(entry.dtype), data->data(), entry.elements(), values.data());
    return values;
  }

 private:
  std::unexpected<Error> wrong(std::string_view tensor, std::string_view why) const {
    return failure(ErrorCode::bad_weights, name_, fmt::format("tensor {}: {}", tensor, why),
                   kRemedy);
  }

  Result<std::vector<std::byte>> read(std::string_view tensor) const {
    const TensorEntry& entry = *weights_.find(tensor)->entry;
    std::vector<std::byte> data(static_cast<std::size_t>(entry.bytes()));
    auto done = weights_.read(tensor, data);
    if (!done) return std::unexpected(done.error());
    if (!are_finite(*format_of(entry.dtype), data))
      return wrong(tensor, "holds infinite values or none at all");
    return data;
  }

  const ShardedWeights& weights_;
  std::string name_;
  BlockFormat format_;
};

// Transformers ignores a tensor that it has no module for; what a model was trained with would be
// left out in silence.
Result<void> check_biases(const PretrainedSource& source, bool biased) {
  if (has_biases(source, hugging_face_tensor_names()) == biased) return {};
  return failure(ErrorCode::bad_weights, source.name(),
                 biased ? "config.json wants biases of queries, the weights have none"
                        : "the weights have biases of queries, config.json wants none",
                 kRemedy);
}

}  // namespace

Result<PretrainedConfig> pretrained_config(const std::filesystem::path& folder) {
  auto read = load_folder_config(folder);
  if (!read) return std::unexpected(read.error());
  auto weights = ShardedWeights::open(folder);
  if (!weights) return std::unexpected(weights.error());
  auto agree =
      check_biases(FolderSource(*weights, folder.string(), BlockFormat::f32), read->biased);
  if (!agree) return std::unexpected(agree.error());
  return std::move(read->config);
}

Result<PretrainedWeights> load_pretrained(const std::filesystem::path& folder,
                                          const PretrainedConfig& config, BlockFormat format,
                                          const Loading& loading,
                                          std::optional<std::uint64_t> available, int threads) {
  if (format != BlockFormat::q8_0 && format != BlockFormat::f32) {
    return failure(
        ErrorCode::bad_argument, folder.string(),
        fmt::format("matrices cannot become {}, only Q8_0 or F32", kernels::shape_of(format).name));
  }
  auto weights = ShardedWeights::open(folder);
  if (!weights) return std::unexpected(weights.error());
  const FolderSource source(*weights, folder.string(), format);
  auto checked = source.check();
  if (!checked) return std::unexpected(checked.error());
  return assemble_pretrained(source, config, hugging_face_tensor_names(), available, loading,
                             threads);
}

}  // namespace inpaint::engine
