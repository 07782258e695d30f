// The header of a safetensors file: every claim is checked before anything relies on it.

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "engine/base/strict_json.h"
#include "engine/weights/safetensors.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

// The header limit is the format's; the others keep a lying file from costing more memory than it
// has bytes, far above what models need (the largest have some 100,000 tensors).
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxTensors = 1'000'000;
constexpr std::size_t kMaxDimensions = 16;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::size_t kLengthBytes = 8;

struct DTypeRow {
  DType dtype;
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array kDTypes = {
    DTypeRow{DType::boolean, "BOOL", 1},    DTypeRow{DType::u8, "U8", 1},
    DTypeRow{DType::i8, "I8", 1},           DTypeRow{DType::f8_e5m2, "F8_E5M2", 1},
    DTypeRow{DType::f8_e4m3, "F8_E4M3", 1}, DTypeRow{DType::i16, "I16", 2},
    DTypeRow{DType::u16, "U16", 2},         DTypeRow{DType::f16, "F16", 2},
    DTypeRow{DType::bf16, "BF16", 2},       DTypeRow{DType::i32, "I32", 4},
    DTypeRow{DType::u32, "U32", 4},         DTypeRow{DType::f32, "F32", 4},
    DTypeRow{DType::i64, "I64", 8},         DTypeRow{DType::u64, "U64", 8},
    DTypeRow{DType::f64, "F64", 8},
};

const DTypeRow& row_of(DType dtype) { return *std::ranges::find(kDTypes, dtype, &DTypeRow::dtype); }

std::unexpected<Error> bad(std::string_view name, std::string why) {
  return failure(ErrorCode::bad_weights, std::string(name), std::move(why),
                 "fetch or save the file again");
}

Result<TensorEntry> read_entry(std::string_view file, const std::string& tensor,
                               const json& value) {
  auto wrong = [&](std::string why) {
    return bad(file, fmt::format("tensor {}: {}", tensor, why));
  };
  if (tensor.size() > kMaxNameBytes) {
    return bad(file, fmt::format("a tensor's name has {} bytes, at most {} are allowed",
                                 tensor.size(), kMaxNameBytes));
  }
  if (!value.is_object()) return wrong("not an object");
  auto dtype = value.find("dtype");
  auto shape = value.find("shape");
  auto offsets = value.find("data_offsets");
  if (dtype == value.end() || shape == value.end() || offsets == value.end()) {
    return wrong("dtype, shape or data_offsets is missing");
  }
  if (value.size() != 3) return wrong("unknown keys beside dtype, shape and data_offsets");

  TensorEntry entry;
  entry.name = tensor;
  if (!dtype->is_string()) return wrong("dtype is not a string");
  auto known = dtype_from_name(dtype->get_ref<const std::string&>());
  if (!known) return wrong("unknown dtype " + dtype->get<std::string>());
  entry.dtype = *known;

  if (!shape->is_array()) return wrong("shape is not a list");
  if (shape->size() > kMaxDimensions) {
    return wrong(fmt::format("{} dimensions, at most {} are read", shape->size(), kMaxDimensions));
  }
  // All factors are multiplied, also behind a zero: TensorEntry::elements() must not overflow in
  // any order, and a shape [0, 2^40, 2^40] is a lie all the same.
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t magnitude = static_cast<std::int64_t>(size_of(entry.dtype));
  bool is_empty = false;
  for (const json& dimension : *shape) {
    if (!dimension.is_number_unsigned() || dimension.get<std::uint64_t>() > std::uint64_t{kMax}) {
      return wrong("dimension " + dimension.dump() + " is not a count");
    }
    auto extent = dimension.get<std::int64_t>();
    entry.shape.push_back(extent);
    is_empty = is_empty || extent == 0;
    if (extent > 0 && magnitude > kMax / extent) return wrong("the shape's product overflows");
    magnitude *= std::max<std::int64_t>(extent, 1);
  }
  std::uint64_t bytes = is_empty ? 0 : static_cast<std::uint64_t>(magnitude);

  if (!offsets->is_array() || offsets->size() != 2 || !(*offsets)[0].is_number_unsigned() ||
      !(*offsets)[1].is_number_unsigned()) {
    return wrong("data_offsets is not [begin, end]");
  }
  entry.begin = (*offsets)[0].get<std::uint64_t>();
  entry.end = (*offsets)[1].get<std::uint64_t>();
  if (entry.begin > entry.end) {
    return wrong(fmt::format("data_offsets [{}, {}] run backwards", entry.begin, entry.end));
  }
  if (entry.end - entry.begin != bytes) {
    return wrong(fmt::format("expected {} bytes of {} {}, got data_offsets over {}", bytes,
                             to_string(entry.dtype), shape->dump(), entry.end - entry.begin));
  }
  return entry;
}

// Taken in the order of their offsets, the tensors must cover the data section exactly.
Result<void> check_coverage(std::string_view file, const std::vector<TensorEntry>& tensors,
                            std::uint64_t data_bytes) {
  std::vector<const TensorEntry*> ordered;
  ordered.reserve(tensors.size());
  for (const TensorEntry& tensor : tensors) ordered.push_back(&tensor);
  std::ranges::sort(ordered, {}, [](const TensorEntry* t) { return std::pair(t->begin, t->end); });
  std::uint64_t covered = 0;
  for (const TensorEntry* tensor : ordered) {
    if (tensor->end > data_bytes) {
      return bad(file,
                 fmt::format("tensor {}: ends at byte {} of {} (the file is truncated or lies)",
                             tensor->name, tensor->end, data_bytes));
    }
    if (tensor->begin < covered) {
      return bad(file, fmt::format("tensor {}: overlaps another one at byte {}", tensor->name,
                                   tensor->begin));
    }
    if (tensor->begin > covered) {
      return bad(file, fmt::format("tensor {}: leaves a hole from byte {} to {}", tensor->name,
                                   covered, tensor->begin));
    }
    covered = tensor->end;
  }
  if (covered != data_bytes) {
    return bad(file, fmt::format("the tensors end at byte {} of {}", covered, data_bytes));
  }
  return {};
}

}  // namespace

std::size_t size_of(DType dtype) { return row_of(dtype).bytes; }

std::string_view to_string(DType dtype) { return row_of(dtype).name; }

std::optional<DType> dtype_from_name(std::string_view name) {
  auto row = std::ranges::find(kDTypes, name, &DTypeRow::name);
  if (row == kDTypes.end()) return std::nullopt;
  return row->dtype;
}

std::int64_t TensorEntry::elements() const {
  std::int64_t product = 1;
  for (std::int64_t extent : shape) product *= extent;
  return product;
}

Result<std::uint64_t> safetensors_head_size(std::span<const std::byte> first_bytes,
                                            std::uint64_t file_size, std::string_view name) {
  if (first_bytes.size() < kLengthBytes || file_size < kLengthBytes) {
    return bad(name, fmt::format("a file of {} bytes cannot hold a header", file_size));
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::to_integer<std::uint64_t>(first_bytes[i]) << (8 * i);
  }
  if (length > kMaxHeaderBytes) {
    return bad(name,
               fmt::format("header of {} bytes, at most {} are allowed", length, kMaxHeaderBytes));
  }
  if (length > file_size - kLengthBytes) {
    return bad(name, fmt::format("header of {} bytes in a file of {} (truncated or lying)", length,
                                 file_size));
  }
  return kLengthBytes + length;
}

Result<SafetensorsHeader> parse_safetensors_header(std::span<const std::byte> file_head,
                                                   std::uint64_t file_size, std::string_view name) {
  auto head_size = safetensors_head_size(file_head, file_size, name);
  if (!head_size) return std::unexpected(head_size.error());
  if (file_head.size() < *head_size) {
    return bad(name, fmt::format("header of {} bytes, only {} could be read", *head_size,
                                 file_head.size()));
  }
  std::string_view text(reinterpret_cast<const char*>(file_head.data()) + kLengthBytes,
                        *head_size - kLengthBytes);
  // The format wants "{" first; JSON alone would also allow white space there.
  if (text.empty() || text.front() != '{') return bad(name, "the header does not begin with {");

  // About eight values a tensor; the bound follows from the text as well, so it cannot mislead.
  JsonLimits limits{.max_bytes = kMaxHeaderBytes, .max_values = 16 * kMaxTensors, .max_depth = 4};
  auto header = parse_strict_json(text, limits, ErrorCode::bad_weights, name);
  if (!header) return std::unexpected(header.error());
  if (!header->is_object()) return bad(name, "the header is not a JSON object");
  if (header->size() > kMaxTensors) {
    return bad(name, fmt::format("{} tensors, at most {} are read", header->size(), kMaxTensors));
  }

  SafetensorsHeader result;
  result.data_begin = *head_size;
  for (const auto& [key, value] :
       header->items()) {  // sorted: nlohmann keeps objects in a std::map
    if (key == "__metadata__") {
      if (!value.is_object()) return bad(name, "__metadata__ is not an object");
      for (const auto& [word, meaning] : value.items()) {
        if (!meaning.is_string()) return bad(name, "__metadata__ " + word + " is not a string");
        result.metadata.emplace(word, meaning.get<std::string>());
      }
      continue;
    }
    auto entry = read_entry(name, key, value);
    if (!entry) return std::unexpected(entry.error());
    result.tensors.push_back(std::move(*entry));
  }
  auto covered = check_coverage(name, result.tensors, file_size - *head_size);
  if (!covered) return std::unexpected(covered.error());
  return result;
}

}  // namespace inpaint::engine
