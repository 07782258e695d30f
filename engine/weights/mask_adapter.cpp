#include "engine/weights/mask_adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"
#include "engine/kernels/half.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;
using kernels::BlockFormat;
using kernels::QuantisedMatrix;

/// A tensor of integers with its scales, as the file has them.
struct Integers {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::int8_t> values;    // [rows, columns]
  std::vector<std::uint16_t> scales;  // halves [rows, groups_of(columns)]

  std::size_t at(std::int64_t row, std::int64_t column) const {
    return static_cast<std::size_t>(row * columns + column);
  }
  std::uint16_t scale(std::int64_t row, std::int64_t column) const {
    return scales[static_cast<std::size_t>(row * groups_of(columns) + column / kAdapterGroup)];
  }
  float number(std::int64_t row, std::int64_t column) const {
    return static_cast<float>(values[at(row, column)]) * kernels::float_of_half(scale(row, column));
  }
};

void append(std::vector<std::byte>& to, const void* from, std::size_t bytes) {
  const auto* begin = static_cast<const std::byte*>(from);
  to.insert(to.end(), begin, begin + bytes);
}

/// The outputs of the matrix are the rows of the tensor. Half a group is a block of q8_0 with the
/// same scale, so nothing is rounded; rows that are no whole blocks are short, and become f16.
QuantisedMatrix by_rows(const Integers& x) {
  constexpr std::int64_t kBlock = 32;
  std::vector<std::byte> data;
  const bool whole = x.columns % kBlock == 0;
  for (std::int64_t row = 0; row < x.rows; ++row)
    for (std::int64_t column = 0; column < x.columns; column += whole ? kBlock : 1) {
      if (whole) {
        const std::uint16_t scale = x.scale(row, column);
        append(data, &scale, sizeof scale);
        append(data, x.values.data() + x.at(row, column), kBlock);
      } else {
        const std::uint16_t half = kernels::half_of_float(x.number(row, column));
        append(data, &half, sizeof half);
      }
    }
  return {whole ? BlockFormat::q8_0 : BlockFormat::f16, x.rows, x.columns, std::move(data)};
}

/// The outputs of the matrix are the columns of the tensor: few inputs, f16.
QuantisedMatrix by_columns(const Integers& x) {
  std::vector<std::byte> data;
  for (std::int64_t column = 0; column < x.columns; ++column)
    for (std::int64_t row = 0; row < x.rows; ++row) {
      const std::uint16_t half = kernels::half_of_float(x.number(row, column));
      append(data, &half, sizeof half);
    }
  return {BlockFormat::f16, x.columns, x.rows, std::move(data)};
}

class Reader {
 public:
  Reader(const SafetensorsFile& file, const AdapterConfig& config) : file_(file), config_(config) {}

  Result<void> check_tensors() const {
    const std::vector<AdapterTensor> expected = adapter_tensors(config_);
    for (const AdapterTensor& tensor : expected) {
      const TensorEntry* entry = file_.find(tensor.name);
      if (entry == nullptr) return wrong(tensor.name, "is missing");
      if (entry->dtype != tensor.dtype || entry->shape != tensor.shape)
        return wrong(tensor.name,
                     fmt::format("is {} [{}], expected {} [{}]", to_string(entry->dtype),
                                 fmt::join(entry->shape, ", "), to_string(tensor.dtype),
                                 fmt::join(tensor.shape, ", ")));
    }
    for (const TensorEntry& entry : file_.tensors())
      if (std::ranges::find(expected, entry.name, &AdapterTensor::name) == expected.end())
        return wrong(entry.name, "does not belong to an adapter of this shape");
    return {};
  }

  Result<Integers> integers(const std::string& name) const {
    const TensorEntry& entry = *file_.find(name);
    Integers x{.rows = entry.shape[0], .columns = entry.shape[1], .values = {}, .scales = {}};
    Result<std::vector<std::int8_t>> values = read<std::int8_t>(name);
    if (!values) return std::unexpected(values.error());
    Result<std::vector<std::uint16_t>> scales = read<std::uint16_t>(name + ".scale");
    if (!scales) return std::unexpected(scales.error());
    // The product negates weights in eight bits.
    if (std::ranges::count(*values, -128) > 0) return wrong(name, "holds -128");
    const bool finite = std::ranges::all_of(
        *scales, [](std::uint16_t half) { return std::isfinite(kernels::float_of_half(half)); });
    if (!finite) return wrong(name + ".scale", "holds infinite values or none at all");
    x.values = std::move(*values);
    x.scales = std::move(*scales);
    return x;
  }

  template <class Number>
  Result<std::vector<Number>> read(const std::string& name) const {
    const TensorEntry& entry = *file_.find(name);
    std::vector<Number> numbers(static_cast<std::size_t>(entry.elements()));
    Result<void> done = file_.read(entry, std::as_writable_bytes(std::span(numbers)));
    if (!done) return std::unexpected(done.error());
    return numbers;
  }

  std::unexpected<Error> wrong(const std::string& tensor, std::string_view why) const {
    return failure(ErrorCode::bad_weights, file_.path().string(),
                   fmt::format("tensor {}: {}", tensor, why), kAdapterRemedy);
  }

 private:
  const SafetensorsFile& file_;
  const AdapterConfig& config_;
};

Result<void> read_layers(const Reader& reader, MaskAdapter& adapter) {
  adapter.layers.resize(static_cast<std::size_t>(adapter.config.base.layers));
  for (std::size_t layer = 0; layer < adapter.layers.size(); ++layer)
    for (std::size_t i = 0; i < kAdapterProjections.size(); ++i) {
      const int number = static_cast<int>(layer);
      const Result<Integers> down = reader.integers(adapter_tensor_name(number, i, "down"));
      if (!down) return std::unexpected(down.error());
      const Result<Integers> up = reader.integers(adapter_tensor_name(number, i, "up"));
      if (!up) return std::unexpected(up.error());
      adapter.layers[layer][i] = {by_rows(*down), by_columns(*up)};
    }
  return {};
}

Result<void> read_markov(const Reader& reader, MaskAdapter& adapter) {
  if (adapter.config.markov_rank == 0) return {};
  const Result<Integers> left = reader.integers("markov.left");
  if (!left) return std::unexpected(left.error());
  const Result<Integers> right = reader.integers("markov.right");
  if (!right) return std::unexpected(right.error());
  adapter.markov_left = by_rows(*left);
  adapter.markov_right = by_rows(*right);
  return {};
}

Result<void> read_masks(const Reader& reader, MaskAdapter& adapter) {
  Result<std::vector<float>> masks = reader.read<float>("masks");
  if (!masks) return std::unexpected(masks.error());
  if (!std::ranges::all_of(*masks, [](float x) { return std::isfinite(x); }))
    return reader.wrong("masks", "holds infinite values or none at all");
  adapter.masks = std::move(*masks);
  Result<std::vector<TokenId>> tokens = reader.read<TokenId>("draft_tokens");
  if (!tokens) return std::unexpected(tokens.error());
  std::vector<bool> seen(static_cast<std::size_t>(adapter.config.base.vocabulary));
  for (const TokenId token : *tokens) {
    if (token < 0 || token >= adapter.config.base.vocabulary)
      return reader.wrong("draft_tokens", fmt::format("holds token {} of a vocabulary of {}", token,
                                                      adapter.config.base.vocabulary));
    if (seen[static_cast<std::size_t>(token)])
      return reader.wrong("draft_tokens", fmt::format("holds token {} twice", token));
    seen[static_cast<std::size_t>(token)] = true;
  }
  adapter.draft_tokens = std::move(*tokens);
  return {};
}

std::string shown(const AdapterBase& base) {
  return fmt::format("{} of {} layers, width {}, {} heads and {} key heads of {}, inner width {}, "
                     "vocabulary {}",
                     base.family, base.layers, base.hidden, base.heads, base.kv_heads,
                     base.head_dim, base.intermediate, base.vocabulary);
}

}  // namespace

Result<AdapterConfig> load_adapter_config(const fs::path& folder, const PretrainedConfig& base,
                                          std::string_view tokenizer) {
  const fs::path path = folder / kAdapterConfigFile;
  const Result<std::string> text = read_whole_file(path, JsonLimits{}.max_bytes);
  if (!text) return std::unexpected(text.error());
  Result<AdapterConfig> config = parse_adapter_config(*text, path.string());
  if (!config) return std::unexpected(config.error());
  constexpr const char* kOther = "use the adapter of this model, or none";
  if (config->base != adapter_base_of(base))
    return failure(ErrorCode::bad_argument, path.string(),
                   fmt::format("it is for another model: {}; this one is {}", shown(config->base),
                               shown(adapter_base_of(base))),
                   kOther);
  if (config->tokenizer != tokenizer)
    return failure(ErrorCode::bad_argument, path.string(),
                   fmt::format("it is for a tokenizer with fingerprint {}, this model's has {}",
                               config->tokenizer.substr(0, 64), tokenizer),
                   kOther);
  return config;
}

Result<MaskAdapter> load_mask_adapter(const fs::path& folder, const PretrainedConfig& base,
                                      std::string_view tokenizer) {
  Result<AdapterConfig> config = load_adapter_config(folder, base, tokenizer);
  if (!config) return std::unexpected(config.error());
  const Result<SafetensorsFile> file = SafetensorsFile::open(folder / kAdapterTensorFile);
  if (!file) return std::unexpected(file.error());
  MaskAdapter adapter;
  adapter.config = std::move(*config);
  const Reader reader(*file, adapter.config);
  if (Result<void> checked = reader.check_tensors(); !checked)
    return std::unexpected(checked.error());
  if (Result<void> read = read_layers(reader, adapter); !read) return std::unexpected(read.error());
  if (Result<void> read = read_markov(reader, adapter); !read) return std::unexpected(read.error());
  if (Result<void> read = read_masks(reader, adapter); !read) return std::unexpected(read.error());
  return adapter;
}

}  // namespace inpaint::engine
