#include "engine/base/open_files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace inpaint::engine {
namespace {

/// Of this process, for as long as it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t n) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit lower{n, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &lower);
  }
  ~FileLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(OpenFiles, AreEnoughUpToTheLimitAndAskingKeepsNone) {
  EXPECT_TRUE(may_open_files(0));
  EXPECT_TRUE(may_open_files(20));
  const FileLimit limit(256);
  EXPECT_TRUE(may_open_files(100));
  EXPECT_TRUE(may_open_files(100));
  EXPECT_TRUE(may_open_files(100));
  EXPECT_FALSE(may_open_files(300));
  EXPECT_TRUE(may_open_files(100));
}

TEST(OpenFiles, AreNoneWhereNoneMayBeOpened) {
  const FileLimit limit(0);
  EXPECT_FALSE(may_open_files(1));
  EXPECT_TRUE(may_open_files(0));
}

}  // namespace
}  // namespace inpaint::engine
