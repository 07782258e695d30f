#include "engine/base/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace inpaint::engine {
namespace {

constexpr const char* kRemedy = "free some space or choose another place, then save again";

std::unexpected<Error> cannot(const char* doing, const std::filesystem::path& target, int error) {
  return failure(ErrorCode::io_failed, target.string(),
                 fmt::format("cannot {}, {}", doing, std::generic_category().message(error)),
                 kRemedy);
}

// The name has taken effect only once the folder itself is on the disk. Some file systems cannot
// flush a folder; there the rename is as safe as it gets, so that error is not one.
void flush_folder(const std::filesystem::path& folder) {
  int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, std::filesystem::path temporary,
                       FileHandle file)
    : target_(std::move(target)), temporary_(std::move(temporary)), file_(std::move(file)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::move(other.file_)) {}

AtomicFile::~AtomicFile() { discard(); }

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& named,
                                      std::optional<mode_t> mode) {
  if (named.empty())
    return failure(ErrorCode::bad_argument, "a file to write", "it has no name", "name one");
  std::error_code ignored;
  std::filesystem::path target = named;
  if (std::filesystem::is_symlink(named, ignored)) {
    // A link to nothing yet resolves to the place where the file will be.
    auto real = std::filesystem::weakly_canonical(named, ignored);
    if (!ignored && !real.empty()) target = std::move(real);
  }

  struct stat old{};
  bool replaces = ::stat(target.c_str(), &old) == 0;
  if (replaces && !S_ISREG(old.st_mode)) {
    return failure(ErrorCode::io_failed, named.string(), "not an ordinary file, not replaced",
                   "name a file");
  }

  // Process id and number make the name ours; O_EXCL makes sure of it, and the loop steps over what
  // a killed process with our id has left.
  int descriptor = -1;
  std::filesystem::path temporary;
  for (int number = 0; number < 10'000 && descriptor < 0; ++number) {
    temporary = folder_of(target) /
                fmt::format(".{}.{}.{}.tmp", target.filename().string(), ::getpid(), number);
    descriptor =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode.value_or(0666));
    if (descriptor < 0 && errno != EEXIST) return cannot("create", named, errno);
  }
  if (descriptor < 0) return cannot("create", named, EEXIST);

  AtomicFile file(std::move(target), std::move(temporary), FileHandle(descriptor));
  std::optional<mode_t> exact = mode;
  if (!exact && replaces) exact = old.st_mode & 0777;
  if (exact && ::fchmod(descriptor, *exact) != 0) return file.fail("set the mode of", errno);
  return file;
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  if (temporary_.empty()) return fail("write to", EBADF);
  static constexpr std::size_t kChunk = std::size_t{1} << 30;
  while (!bytes.empty()) {
    ssize_t done = ::write(file_.get(), bytes.data(), std::min(kChunk, bytes.size()));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return fail("write", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<void> AtomicFile::commit() {
  if (temporary_.empty()) return fail("write to", EBADF);
  if (::fsync(file_.get()) != 0) return fail("flush", errno);
  if (!file_.close()) return fail("close", errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return fail("replace", errno);
  temporary_.clear();
  flush_folder(folder_of(target_));
  return {};
}

void AtomicFile::discard() {
  file_.close();
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

std::unexpected<Error> AtomicFile::fail(const char* doing, int system_error) {
  discard();
  return cannot(doing, target_, system_error);
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return failure(ErrorCode::io_failed, folder.string(), failed.message(),
                   "choose a folder that can be written");
  return {};
}

Result<void> write_file_atomically(const std::filesystem::path& path,
                                   std::initializer_list<std::span<const std::byte>> parts,
                                   std::optional<mode_t> mode) {
  auto file = AtomicFile::create(path, mode);
  if (!file) return std::unexpected(file.error());
  for (std::span<const std::byte> part : parts) {
    if (auto written = file->write(part); !written) return written;
  }
  return file->commit();
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                   std::optional<mode_t> mode) {
  return write_file_atomically(path, {std::as_bytes(std::span(text))}, mode);
}

}  // namespace inpaint::engine
