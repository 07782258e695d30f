// The table of tensors in a GGUF header.

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "engine/weights/gguf_header.h"

namespace inpaint::engine {
namespace {

constexpr std::uint64_t kMaxNameBytes = 1'024;  // the format says 64
constexpr std::uint32_t kMaxDimensions = 4;     // the format's
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

struct Unserved {
  std::uint32_t type;
  std::string_view name;
};

// Types that files are written with and that have no format here, for the error alone.
constexpr std::array kUnserved = {
    Unserved{9, "Q8_1"},    Unserved{15, "Q8_K"},    Unserved{16, "IQ2_XXS"},
    Unserved{17, "IQ2_XS"}, Unserved{18, "IQ3_XXS"}, Unserved{19, "IQ1_S"},
    Unserved{20, "IQ4_NL"}, Unserved{21, "IQ3_S"},   Unserved{22, "IQ2_S"},
    Unserved{23, "IQ4_XS"}, Unserved{24, "I8"},      Unserved{25, "I16"},
    Unserved{26, "I32"},    Unserved{27, "I64"},     Unserved{28, "F64"},
    Unserved{29, "IQ1_M"},  Unserved{34, "TQ1_0"},   Unserved{35, "TQ2_0"},
    Unserved{39, "MXFP4"},  Unserved{40, "NVFP4"},   Unserved{41, "Q1_0"},
};

std::string name_of_unserved(std::uint32_t type) {
  auto row = std::ranges::find(kUnserved, type, &Unserved::type);
  return row == kUnserved.end() ? fmt::format("number {}", type) : std::string(row->name);
}

std::string names_of_served() {
  std::string names;
  for (std::uint32_t type = 0; type <= kUnserved.back().type; ++type) {
    auto format = kernels::block_format_of_ggml(type);
    if (!format) continue;
    if (!names.empty()) names += ", ";
    names += kernels::shape_of(*format).name;
  }
  return names;
}

std::int64_t read_extent(GgufHeaderBytes& bytes) {
  const auto extent = bytes.number<std::uint64_t>();
  if (extent < 1 || extent > std::uint64_t{kMax})
    bytes.refuse(fmt::format("a dimension of {}", extent));
  return static_cast<std::int64_t>(extent);
}

// Bytes of whole rows; the innermost dimension is the last.
std::uint64_t measure(GgufHeaderBytes& bytes, const GgufTensor& tensor) {
  const kernels::BlockShape& block = kernels::shape_of(tensor.format);
  if (tensor.shape.back() % block.values != 0) {
    bytes.refuse(fmt::format("rows of {} values are no whole blocks of {} ({})",
                             tensor.shape.back(), block.values, block.name));
  }
  std::int64_t product = block.bytes;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    const bool innermost = i + 1 == tensor.shape.size();
    const std::int64_t factor = innermost ? tensor.shape[i] / block.values : tensor.shape[i];
    if (factor > 0 && product > kMax / factor) {
      bytes.refuse(
          fmt::format("the product of its shape [{}] overflows", fmt::join(tensor.shape, ", ")));
      return 0;
    }
    product *= factor;
  }
  return static_cast<std::uint64_t>(product);
}

GgufTensor read_tensor(GgufHeaderBytes& bytes, std::uint64_t alignment) {
  GgufTensor tensor;
  tensor.name = bytes.text(kMaxNameBytes);
  if (!is_gguf_name(tensor.name)) bytes.refuse("its name is not printable ASCII");
  if (bytes.failed()) return tensor;
  bytes.enter("tensor " + tensor.name);
  const auto dimensions = bytes.number<std::uint32_t>();
  if (dimensions < 1 || dimensions > kMaxDimensions)
    bytes.refuse(fmt::format("{} dimensions, expected 1 to {}", dimensions, kMaxDimensions));
  for (std::uint32_t i = 0; i < dimensions && !bytes.failed(); ++i)
    tensor.shape.push_back(read_extent(bytes));
  std::ranges::reverse(tensor.shape);  // a file has the innermost first
  const auto type = bytes.number<std::uint32_t>();
  tensor.offset = bytes.number<std::uint64_t>();
  if (bytes.failed()) return tensor;
  const auto format = kernels::block_format_of_ggml(type);
  if (!format) {
    bytes.refuse(fmt::format("its type {} is not supported", name_of_unserved(type)),
                 "fetch the model in one of " + names_of_served());
    return tensor;
  }
  tensor.format = *format;
  tensor.bytes = measure(bytes, tensor);
  if (tensor.offset % alignment != 0)
    bytes.refuse(fmt::format("its offset {} is no multiple of {}", tensor.offset, alignment));
  return tensor;
}

}  // namespace

std::vector<GgufTensor> read_gguf_tensors(GgufHeaderBytes& bytes, std::uint64_t n_tensors,
                                          std::uint64_t alignment) {
  std::vector<GgufTensor> tensors;
  for (std::uint64_t i = 0; i < n_tensors && !bytes.failed(); ++i) {
    bytes.enter(fmt::format("tensor {} of the file", i + 1));
    tensors.push_back(read_tensor(bytes, alignment));
  }
  bytes.enter("");
  return tensors;
}

}  // namespace inpaint::engine
