// Writes a file so that at every moment its name holds either the old content or the new, whole.
//
// The bytes go to a temporary file in the same folder, are flushed to the disk, and the temporary
// takes the name in one step (rename). A full disk, a crash or ctrl-C in between costs the new
// content only. Checkpoints, weights, configurations and caches are all written this way.
//
// Units:  bytes.
// Errors: io_failed, naming the file and the system's reason; no temporary file is left behind
//         (a killed process may leave one, named ".<file>.<pid>.<number>.tmp").
// Source: POSIX rename(2) and fsync(2).
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include <sys/types.h>

#include "engine/base/error.h"
#include "engine/base/file_handle.h"

namespace inpaint::engine {

/// The streaming form. Thread rule: one thread. Without commit() the destructor undoes everything.
class AtomicFile {
 public:
  /// `mode` is the permission of the new file (0600 for what holds the user's code); without it, an
  /// existing file's mode is kept and a new one follows the umask. A symbolic link is followed: the
  /// file that it names is replaced, and not the link.
  static Result<AtomicFile> create(const std::filesystem::path& target,
                                   std::optional<mode_t> mode = std::nullopt);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) = delete;
  ~AtomicFile();

  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text) { return write(std::as_bytes(std::span(text))); }

  /// Flushes and renames. After it, successful or not, write() and commit() are io_failed.
  Result<void> commit();

 private:
  AtomicFile(std::filesystem::path target, std::filesystem::path temporary, FileHandle file);
  void discard();
  std::unexpected<Error> fail(const char* doing, int system_error);

  std::filesystem::path target_;
  std::filesystem::path temporary_;  // empty: committed or discarded
  FileHandle file_;
};

/// Such as a file is to be written to. io_failed.
Result<void> make_folder(const std::filesystem::path& folder);

/// The whole content at once, from parts that need not be joined in memory.
Result<void> write_file_atomically(const std::filesystem::path& path,
                                   std::initializer_list<std::span<const std::byte>> parts,
                                   std::optional<mode_t> mode = std::nullopt);
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                   std::optional<mode_t> mode = std::nullopt);

}  // namespace inpaint::engine
