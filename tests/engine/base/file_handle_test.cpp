#include "engine/base/file_handle.h"

#include <string>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

TEST(FileHandle, ReadsByPositionAndStopsAtTheEnd) {
  TemporaryFolder folder;
  auto path = folder.write("a", "0123456789");
  auto file = FileHandle::open_to_read(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(path), 10U);
  std::string room(6, '.');
  EXPECT_EQ(file->read_at(2, std::as_writable_bytes(std::span(room)), path), 6U);
  EXPECT_EQ(room, "234567");
  room.assign(6, '.');
  EXPECT_EQ(file->read_at(7, std::as_writable_bytes(std::span(room)), path), 3U);
  EXPECT_EQ(room, "789...");
  EXPECT_EQ(file->read_at(100, std::as_writable_bytes(std::span(room)), path), 0U);
}

TEST(FileHandle, OpensOrdinaryFilesOnly) {
  TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  folder.write("file", "");
  EXPECT_EQ(FileHandle::open_to_read(folder.path() / "none").error().code,
            ErrorCode::file_not_found);
  EXPECT_EQ(FileHandle::open_to_read(folder.path() / "file" / "x").error().code,
            ErrorCode::file_not_found);
  EXPECT_EQ(FileHandle::open_to_read(folder.path()).error().code, ErrorCode::io_failed);
  EXPECT_EQ(FileHandle::open_to_read(folder.path() / "pipe").error().code, ErrorCode::io_failed);
  EXPECT_EQ(FileHandle::open_to_read("/dev/zero").error().code, ErrorCode::io_failed);
}

TEST(FileHandle, EveryErrorSaysWhichFile) {
  TemporaryFolder folder;
  for (const std::filesystem::path& path : {folder.path(), folder.path() / "none"})
    EXPECT_EQ(FileHandle::open_to_read(path).error().what, path.string());
  // An empty path is a file that nobody named, and not one that is missing.
  const auto unnamed = FileHandle::open_to_read("");
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().code, ErrorCode::bad_argument);
  EXPECT_EQ(to_string(unnamed.error()), "a file to read: it has no name: name one");
}

TEST(ReadWholeFile, KeepsToItsLimit) {
  TemporaryFolder folder;
  auto path = folder.write("a", "0123456789");
  EXPECT_EQ(read_whole_file(path, 10), "0123456789");
  auto refused = read_whole_file(path, 9);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::io_failed);
  EXPECT_NE(refused.error().why.find("10 bytes"), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
