// Reads and writes the safetensors format, and believes nothing that a file says about itself.
//
// A file is an 8-byte little-endian header length, a JSON header that names every tensor with
// dtype, shape and its range in the data section, and the data. The header is checked as a whole
// before memory of any size it claims is touched. Files are read and never mapped: a file that is
// cut while we use it must give an error, and a mapping would give SIGBUS.
//
// Units:  bytes; TensorEntry::begin and end count from the start of the data section.
// Shape:  row-major, little-endian, no strides.
// Errors: bad_weights (truncated or lying), file_not_found, io_failed (reading, full disk).
// Source: the format section of the safetensors README (huggingface/safetensors): at most 100 MB of
//         header, no holes, no duplicate names, "__metadata__" maps strings to strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/file_handle.h"

namespace inpaint::engine {

enum class DType {
  boolean,
  u8,
  i8,
  f8_e5m2,
  f8_e4m3,
  i16,
  u16,
  f16,
  bf16,
  i32,
  u32,
  f32,
  i64,
  u64,
  f64,
};

/// Bytes of one element.
std::size_t size_of(DType dtype);

/// The name in a header ("BF16") and back; std::nullopt for a name that the format or we lack.
std::string_view to_string(DType dtype);
std::optional<DType> dtype_from_name(std::string_view name);

struct TensorEntry {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;  // empty: a scalar; a 0 means no elements
  std::uint64_t begin = 0;          // of the data section
  std::uint64_t end = 0;

  std::int64_t elements() const;  // cannot overflow in an entry that came out of a checked header
  std::uint64_t bytes() const { return end - begin; }
  friend bool operator==(const TensorEntry&, const TensorEntry&) = default;
};

/// A header that has been checked against the size of its file.
struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;  // sorted by name
  std::map<std::string, std::string> metadata;
  std::uint64_t data_begin = 0;  // of the file
};

/// `file_head` holds the first bytes of a file of `file_size` bytes: at least the whole header
/// (see safetensors_head_size), more does no harm. `name` stands for the file in errors.
Result<SafetensorsHeader> parse_safetensors_header(std::span<const std::byte> file_head,
                                                   std::uint64_t file_size,
                                                   std::string_view name = "safetensors");

/// How many bytes of the file parse_safetensors_header needs: 8 + the length in the first 8 bytes,
/// once that is known to lie within the file and the limit.
Result<std::uint64_t> safetensors_head_size(std::span<const std::byte> first_bytes,
                                            std::uint64_t file_size,
                                            std::string_view name = "safetensors");

/// One open file. Thread rule: immutable; read() may be called from any thread.
class SafetensorsFile {
 public:
  static Result<SafetensorsFile> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::vector<TensorEntry>& tensors() const { return header_.tensors; }
  const std::map<std::string, std::string>& metadata() const { return header_.metadata; }
  const TensorEntry* find(std::string_view name) const;  // null when there is none

  /// Fills `out`, whose size must be entry.bytes(), else bad_argument. bad_weights when the file
  /// has become shorter since it was opened.
  Result<void> read(const TensorEntry& entry, std::span<std::byte> out) const;

 private:
  SafetensorsFile() = default;
  std::filesystem::path path_;
  FileHandle file_;
  SafetensorsHeader header_;
};

struct TensorToWrite {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> data;  // must hold exactly the elements of `shape`
};

/// Writes all or nothing (see atomic_file.h): after an error an old file is still whole.
/// Tensors are laid out by decreasing element size, then name, so that each is aligned to its
/// element. bad_argument for names, shapes or sizes that a reader would refuse.
Result<void> write_safetensors(const std::filesystem::path& path,
                               std::vector<TensorToWrite> tensors,
                               const std::map<std::string, std::string>& metadata);

}  // namespace inpaint::engine
