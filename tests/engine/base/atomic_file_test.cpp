#include "engine/base/atomic_file.h"

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "engine/weights/safetensors.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

// A disk that is full: no file of this process may grow beyond a limit while the guard lives.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);  // write() then says EFBIG instead of killing us
    getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int) = nullptr;
};

mode_t mode_of(const fs::path& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

TEST(AtomicFile, WritesAndReplaces) {
  TemporaryFolder folder;
  auto path = folder.path() / "a.json";
  ASSERT_TRUE(write_file_atomically(path, "old"));
  EXPECT_EQ(TemporaryFolder::read(path), "old");
  const std::string one = "one ";
  const std::string two = "two";
  ASSERT_TRUE(write_file_atomically(
      path, {std::as_bytes(std::span(one)), {}, std::as_bytes(std::span(two))}));
  EXPECT_EQ(TemporaryFolder::read(path), "one two");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.json"});
}

TEST(AtomicFile, TheOldContentStandsUntilCommit) {
  TemporaryFolder folder;
  auto path = folder.write("a", "old");
  {
    auto file = AtomicFile::create(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(std::string_view("new")));
    EXPECT_EQ(TemporaryFolder::read(path), "old");
  }  // given up
  EXPECT_EQ(TemporaryFolder::read(path), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a"});

  auto file = AtomicFile::create(path);
  ASSERT_TRUE(file);
  AtomicFile moved = std::move(*file);
  ASSERT_TRUE(moved.write(std::string_view("new")));
  ASSERT_TRUE(moved.commit());
  EXPECT_EQ(TemporaryFolder::read(path), "new");
  EXPECT_EQ(moved.commit().error().code, ErrorCode::io_failed);
  EXPECT_EQ(moved.write(std::string_view("x")).error().code, ErrorCode::io_failed);
  EXPECT_EQ(TemporaryFolder::read(path), "new");
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileWholeAndNothingElse) {
  TemporaryFolder folder;
  auto path = folder.write("a", "old");
  const std::string large(1 << 20, 'x');
  Result<void> written;
  {
    FullDisk full(64 * 1024);
    written = write_file_atomically(path, large);
  }
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::io_failed);
  EXPECT_EQ(written.error().what, path.string());
  EXPECT_FALSE(written.error().remedy.empty());
  EXPECT_EQ(TemporaryFolder::read(path), "old");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a"});
}

TEST(AtomicFile, AFullDiskLeavesOldWeightsWhole) {
  TemporaryFolder folder;
  auto path = folder.path() / "model.safetensors";
  const std::string small(4, 's');
  const std::string large(1 << 20, 'x');
  ASSERT_TRUE(
      write_safetensors(path, {{"w", DType::u8, {4}, std::as_bytes(std::span(small))}}, {}));
  Result<void> written;
  {
    FullDisk full(64 * 1024);
    written =
        write_safetensors(path, {{"w", DType::u8, {1 << 20}, std::as_bytes(std::span(large))}}, {});
  }
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::io_failed);
  auto file = SafetensorsFile::open(path);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->find("w")->elements(), 4);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"model.safetensors"});
}

TEST(AtomicFile, KeepsTheModeOrTakesTheOneGiven) {
  TemporaryFolder folder;
  auto path = folder.write("a", "old");
  fs::permissions(path, fs::perms(0640));
  ASSERT_TRUE(write_file_atomically(path, "new"));
  EXPECT_EQ(mode_of(path), 0640U);
  ASSERT_TRUE(write_file_atomically(path, "newer", 0600));
  EXPECT_EQ(mode_of(path), 0600U);
  ASSERT_TRUE(write_file_atomically(folder.path() / "secret", "x", 0600));
  EXPECT_EQ(mode_of(folder.path() / "secret"), 0600U);
}

TEST(AtomicFile, FollowsALink) {
  TemporaryFolder folder;
  auto real = folder.write("real", "old");
  fs::create_symlink("real", folder.path() / "link");
  ASSERT_TRUE(write_file_atomically(folder.path() / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  EXPECT_EQ(TemporaryFolder::read(real), "new");
}

TEST(AtomicFile, StepsOverWhatAKilledProcessLeft) {
  TemporaryFolder folder;
  folder.write("." + std::string("a.") + std::to_string(::getpid()) + ".0.tmp", "left over");
  ASSERT_TRUE(write_file_atomically(folder.path() / "a", "new"));
  EXPECT_EQ(TemporaryFolder::read(folder.path() / "a"), "new");
}

TEST(AtomicFile, SaysWhyAPlaceCannotBeWritten) {
  TemporaryFolder folder;
  folder.write("file", "x");
  fs::create_directory(folder.path() / "folder");
  for (const fs::path& path : {folder.path() / "none" / "a", folder.path() / "file" / "a",
                               folder.path() / "folder", folder.path() / std::string(300, 'n')}) {
    auto written = write_file_atomically(path, "x");
    ASSERT_FALSE(written) << path;
    EXPECT_EQ(written.error().code, ErrorCode::io_failed) << path;
    EXPECT_EQ(written.error().what, path.string());
    EXPECT_FALSE(written.error().why.empty()) << path;
  }
  const auto unnamed = write_file_atomically("", "x");
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().code, ErrorCode::bad_argument);
  EXPECT_EQ(to_string(unnamed.error()), "a file to write: it has no name: name one");
}

}  // namespace
}  // namespace inpaint::engine
