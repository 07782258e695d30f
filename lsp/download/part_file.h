// The part of a file that has come so far: FILE.part beside FILE.
//
// Unlike engine/base/atomic_file.h it outlives the process that writes it, since the next one goes on
// from there. The lock is on the open file (flock) and ends with its process, however that ends.
//
// Units:  bytes.
// Errors: unavailable (another process holds it); io_failed, naming the file and the system's reason.
// Source: flock(2); rename(2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/file_handle.h"

namespace inpaint::lsp {

class PartFile {
 public:
  /// Opens the part of `target`, or makes an empty one, and locks it.
  static engine::Result<PartFile> open(const std::filesystem::path& target);

  std::uint64_t bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }
  const engine::FileHandle& file() const { return file_; }

  /// At the end. The number of an error of the system's; 0: written.
  int append(std::span<const std::byte> bytes);
  /// Throws the content away.
  engine::Result<void> clear();
  /// Throws the file away.
  void remove();
  /// Flushes and gives it the target's name.
  engine::Result<void> finish();

 private:
  PartFile(std::filesystem::path target, std::filesystem::path path, engine::FileHandle file,
           std::uint64_t bytes)
      : target_(std::move(target)), path_(std::move(path)), file_(std::move(file)), bytes_(bytes) {}

  std::filesystem::path target_;
  std::filesystem::path path_;
  engine::FileHandle file_;
  std::uint64_t bytes_ = 0;
};

/// "cannot write, No space left on device", with the remedy that what is there will be used.
engine::Error part_error(const std::filesystem::path& path, const char* doing, int system_error);

}  // namespace inpaint::lsp
