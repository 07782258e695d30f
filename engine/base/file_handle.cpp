#include "engine/base/file_handle.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

std::string system_text(int error) { return std::generic_category().message(error); }

std::unexpected<Error> cannot(const char* doing, const std::filesystem::path& path, int error) {
  return failure(ErrorCode::io_failed, path.string(),
                 fmt::format("cannot {}, {}", doing, system_text(error)),
                 "check the disk and the file's permissions");
}

}  // namespace

Result<FileHandle> FileHandle::open_to_read(const std::filesystem::path& path) {
  if (path.empty())
    return failure(ErrorCode::bad_argument, "a file to read", "it has no name", "name one");
  // O_NONBLOCK: to open a pipe that nobody writes to would wait for ever. It means nothing to an
  // ordinary file.
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return failure(ErrorCode::file_not_found, path.string(), "no such file", "check the path");
    }
    return cannot("open", path, errno);
  }
  FileHandle handle(descriptor);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return cannot("look at", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return failure(ErrorCode::io_failed, path.string(), "not an ordinary file",
                   "name a file and not a folder, pipe or device");
  }
  return handle;
}

Result<std::uint64_t> FileHandle::size(const std::filesystem::path& path) const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return cannot("look at", path, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> FileHandle::read_at(std::uint64_t offset, std::span<std::byte> out,
                                        const std::filesystem::path& path) const {
  static constexpr std::size_t kChunk = std::size_t{1} << 30;  // one read() takes less than 2 GiB
  std::size_t done = 0;
  while (done < out.size()) {
    std::size_t wanted = std::min(kChunk, out.size() - done);
    ssize_t got =
        ::pread(descriptor_, out.data() + done, wanted, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", path, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool FileHandle::close() {
  if (descriptor_ < 0) return true;
  return ::close(std::exchange(descriptor_, -1)) == 0;
}

Result<std::string> read_whole_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
  auto file = FileHandle::open_to_read(path);
  if (!file) return std::unexpected(file.error());
  auto size = file->size(path);
  if (!size) return std::unexpected(size.error());
  if (*size > max_bytes) {
    return failure(ErrorCode::io_failed, path.string(),
                   fmt::format("the file has {} bytes, at most {} are read", *size, max_bytes),
                   "check that this is the file you mean");
  }
  std::string text(static_cast<std::size_t>(*size), '\0');
  auto got = file->read_at(0, std::as_writable_bytes(std::span(text)), path);
  if (!got) return std::unexpected(got.error());
  text.resize(*got);  // shorter if the file was cut between the two calls
  return text;
}

}  // namespace inpaint::engine
