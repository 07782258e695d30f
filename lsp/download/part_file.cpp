#include "lsp/download/part_file.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using engine::Result;

/// Whether the name still is that of the open file: who held the lock may have finished it, and then
/// the file has the target's name.
bool is_named(const engine::FileHandle& file, const std::filesystem::path& path,
              std::uint64_t& bytes) {
  struct stat open{};
  struct stat named{};
  if (::fstat(file.get(), &open) != 0 || ::lstat(path.c_str(), &named) != 0) return false;
  bytes = static_cast<std::uint64_t>(open.st_size);
  return open.st_ino == named.st_ino && open.st_dev == named.st_dev && S_ISREG(open.st_mode);
}

}  // namespace

engine::Error part_error(const std::filesystem::path& path, const char* doing, int system_error) {
  return {ErrorCode::io_failed, path.string(),
          fmt::format("cannot {}, {}", doing, std::generic_category().message(system_error)),
          "mend that and run the same command again: it goes on from what is there"};
}

Result<PartFile> PartFile::open(const std::filesystem::path& target) {
  const std::filesystem::path path = target.string() + ".part";
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    engine::FileHandle file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_APPEND, 0644));
    if (file.get() < 0) return std::unexpected(part_error(path, "open", errno));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return std::unexpected(part_error(path, "lock", errno));
      return failure(ErrorCode::unavailable, target.filename().string(),
                     "another process is fetching it already", "wait until that one is done");
    }
    std::uint64_t bytes = 0;
    if (is_named(file, path, bytes)) return PartFile(target, path, std::move(file), bytes);
  }
  return std::unexpected(part_error(path, "open", EAGAIN));
}

int PartFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return done < 0 ? errno : ENOSPC;
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    bytes_ += static_cast<std::uint64_t>(done);
  }
  return 0;
}

Result<void> PartFile::clear() {
  if (::ftruncate(file_.get(), 0) != 0) return std::unexpected(part_error(path_, "empty", errno));
  bytes_ = 0;
  return {};
}

void PartFile::remove() { ::unlink(path_.c_str()); }

Result<void> PartFile::finish() {
  if (::fsync(file_.get()) != 0) return std::unexpected(part_error(path_, "flush", errno));
  if (::rename(path_.c_str(), target_.c_str()) != 0)
    return std::unexpected(part_error(target_, "name", errno));
  // The name has taken effect only once the folder is on the disk; some file systems cannot flush one.
  const engine::FileHandle folder(
      ::open(target_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
  return {};
}

}  // namespace inpaint::lsp
