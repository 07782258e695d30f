// An open file that closes itself, and reading that says what went wrong.
//
// Reading is by position (pread), so one handle serves several threads.
//
// Units:  bytes.
// Errors: file_not_found, io_failed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "engine/base/error.h"

namespace inpaint::engine {

class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle() { close(); }

  /// Opens an ordinary file for reading. A folder, a pipe or a device is io_failed: a pipe without
  /// a writer would hang us.
  static Result<FileHandle> open_to_read(const std::filesystem::path& path);

  int get() const { return descriptor_; }

  /// The present size of the file.
  Result<std::uint64_t> size(const std::filesystem::path& path) const;

  /// Reads until `out` is full or the file ends; gives the bytes read. `path` is for the error.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out,
                              const std::filesystem::path& path) const;

  /// True when the system reported no late write error.
  bool close();

 private:
  int descriptor_ = -1;
};

/// The whole of a small file. io_failed when it is larger than `max_bytes`.
Result<std::string> read_whole_file(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace inpaint::engine
