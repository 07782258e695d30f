// A GGUF file: its metadata and its tensors, read and never mapped.
//
// The header is distrusted before memory is touched: every count, length, offset and type is held
// against the size of the file first. The file may vanish or be cut while it is open: reading is then
// an error.
//
// Source: the GGUF specification of ggml (docs/gguf.md), versions 2 and 3, little endian.
// Units:  bytes.      Errors: bad_weights (names file, key or tensor), file_not_found, io_failed.
// Thread rule: immutable; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/file_handle.h"
#include "engine/kernels/block_format.h"

namespace inpaint::engine {

/// Numbers keep their meaning and not their width. Lists of lists are refused.
using GgufValue =
    std::variant<bool, std::int64_t, std::uint64_t, double, std::string, std::vector<std::int64_t>,
                 std::vector<double>, std::vector<std::string>>;

class GgufMetadata {
 public:
  std::map<std::string, GgufValue, std::less<>> values;

  /// Nothing where the key is missing or its value is of another kind. Whole numbers in either
  /// signedness; number() takes whole numbers as well.
  std::optional<std::string_view> text(std::string_view key) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  const std::vector<std::string>* texts(std::string_view key) const;
  const std::vector<std::int64_t>* integers(std::string_view key) const;
  const std::vector<double>* numbers(std::string_view key) const;
};

struct GgufTensor {
  std::string name;
  kernels::BlockFormat format = kernels::BlockFormat::f32;
  std::vector<std::int64_t> shape;  // outermost first: [outputs, inputs]
  std::uint64_t offset = 0;         // in the file
  std::uint64_t bytes = 0;
};

class GgufFile {
 public:
  static Result<GgufFile> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const GgufMetadata& metadata() const { return metadata_; }
  /// Sorted by name.
  std::span<const GgufTensor> tensors() const { return tensors_; }
  const GgufTensor* find(std::string_view name) const;

  /// All bytes of a tensor; `to` has tensor.bytes.
  Result<void> read(const GgufTensor& tensor, std::span<std::byte> to) const;

 private:
  std::filesystem::path path_;
  FileHandle handle_;
  GgufMetadata metadata_;
  std::vector<GgufTensor> tensors_;
};

}  // namespace inpaint::engine
