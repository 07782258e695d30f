// Downloads through libinpaint_download.so, as `inpaint models get` makes them, from a server on the
// loopback that behaves well and badly.
#include "lsp/download/download.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>

#include "lsp/models/downloader.h"
#include "tests/lsp/command/temporary_folder.h"
#include "tests/lsp/download/file_server.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using test::FileServer;
using test::TemporaryFolder;

class Downloads : public testing::Test {
 protected:
  void SetUp() override {
    const auto opened = open_downloader(tests::binary_folder() + "/bin/inpaint");
    ASSERT_TRUE(opened) << engine::to_string(opened.error());
    entry_ = *opened;
  }

  DownloadOrder order(const std::string& path) const {
    return {.name = "small",
            .address = server_.address(path),
            .target = target_,
            .bytes = server_.bytes,
            .sha256 = server_.sha256};
  }
  engine::Result<void> get(const DownloadOrder& order) {
    return entry_->download(
        order, [this](const DownloadProgress& progress) { last_ = progress; }, stop_.get_token());
  }
  engine::Result<void> get(const std::string& path) { return get(order(path)); }
  /// The part as an interrupted run would have left it.
  void leave_part(std::uint64_t bytes) {
    ASSERT_FALSE(get("/cut" + std::to_string(bytes)));
    ASSERT_EQ(fs::file_size(part_), bytes);
    server_.next_request();
  }
  void expect_whole() {
    const auto hash = entry_->sha256_of_file(target_, {});
    ASSERT_TRUE(hash) << engine::to_string(hash.error());
    EXPECT_EQ(*hash, server_.sha256);
    EXPECT_FALSE(fs::exists(part_));
  }
  void expect_nothing() {
    EXPECT_FALSE(fs::exists(target_));
    EXPECT_FALSE(fs::exists(part_));
  }

  FileServer server_;
  TemporaryFolder folder_;
  fs::path target_ = folder_.path() / "small.gguf";
  fs::path part_ = folder_.path() / "small.gguf.part";
  std::stop_source stop_;
  const DownloadEntry* entry_ = nullptr;
  DownloadProgress last_;
};

TEST_F(Downloads, BringTheWholeFile) {
  const auto got = get("/file");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  expect_whole();
  EXPECT_EQ(server_.next_request(), "/file -");
  EXPECT_EQ(last_.done, server_.bytes);
  EXPECT_EQ(last_.total, server_.bytes);
  EXPECT_EQ(last_.resumed, 0U);
}

TEST_F(Downloads, FollowWhereTheServerLeads) {
  const auto got = get("/moved");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  expect_whole();
}

TEST_F(Downloads, GoOnWhereTheConnectionWasCut) {
  const auto cut = get("/cut70000");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::unavailable);
  EXPECT_NE(cut.error().why.find("the connection was lost"), std::string::npos) << cut.error().why;
  EXPECT_NE(cut.error().remedy.find("goes on from what is there"), std::string::npos);
  EXPECT_FALSE(fs::exists(target_));
  EXPECT_EQ(server_.next_request(), "/cut70000 -");

  const auto got = get("/file");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  EXPECT_EQ(server_.next_request(), "/file bytes=70000-");
  EXPECT_EQ(last_.resumed, 70000U);
  expect_whole();
}

TEST_F(Downloads, BeginAnewWhereTheServerKnowsNoRanges) {
  leave_part(70000);
  const auto got = get("/norange");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  EXPECT_EQ(server_.next_request(), "/norange bytes=70000-");
  EXPECT_EQ(server_.next_request(), "/norange -");
  expect_whole();
}

TEST_F(Downloads, NeedNoServerForAPartThatIsWhole) {
  ASSERT_TRUE(get("/file"));
  fs::rename(target_, part_);
  const auto got = get("/missing");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  expect_whole();
}

TEST_F(Downloads, ThrowAwayWhatIsAnotherFile) {
  for (const char* path : {"/wrong", "/long"}) {
    const auto got = get(path);
    ASSERT_FALSE(got) << path;
    if (std::string(path) == "/wrong") {
      EXPECT_EQ(got.error().code, ErrorCode::bad_weights);
      EXPECT_NE(got.error().why.find("thrown away"), std::string::npos) << got.error().why;
      EXPECT_NE(got.error().why.find(server_.sha256), std::string::npos) << got.error().why;
    }
    EXPECT_FALSE(fs::exists(target_)) << path;
    EXPECT_FALSE(fs::exists(part_)) << path;
  }
}

TEST_F(Downloads, ThrowAwayAPartOfAnotherFile) {
  std::ofstream(part_, std::ios::binary) << std::string(70000, 'x');
  const auto got = get("/file");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::bad_weights);
  expect_nothing();
  ASSERT_TRUE(get("/file"));
  expect_whole();
}

TEST_F(Downloads, BeginAnewWhereThePartIsLongerThanTheFile) {
  std::ofstream(part_, std::ios::binary) << std::string(300000, 'x');
  const auto got = get("/file");
  ASSERT_TRUE(got) << engine::to_string(got.error());
  expect_whole();
}

TEST_F(Downloads, SayWhatTheServerSays) {
  const auto got = get("/missing");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_EQ(got.error().why, "the server answers 404");
  expect_nothing();
}

TEST_F(Downloads, SayThatNobodyAnswers) {
  DownloadOrder nowhere = order("/file");
  nowhere.address = "http://127.0.0.1:9/file";  // the port of "discard", where nothing listens
  const auto got = get(nowhere);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_EQ(got.error().what, "127.0.0.1:9");
  EXPECT_NE(got.error().why.find("cannot be reached"), std::string::npos) << got.error().why;
  EXPECT_NE(got.error().remedy.find("proxy"), std::string::npos) << got.error().remedy;
}

TEST_F(Downloads, StopWhenAskedAndKeepWhatHasCome) {
  const auto got = entry_->download(
      order("/held"),
      [this](const DownloadProgress& progress) {
        if (progress.done > 0) stop_.request_stop();
      },
      stop_.get_token());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::cancelled);
  EXPECT_GT(fs::file_size(part_), 0U);
  EXPECT_FALSE(fs::exists(target_));
  const auto rest = entry_->download(order("/file"), nullptr, {});
  ASSERT_TRUE(rest) << engine::to_string(rest.error());
  expect_whole();
}

TEST_F(Downloads, OfOneFileAreOneAtATime) {
  std::optional<engine::Result<void>> second;
  const auto first = entry_->download(
      order("/held"),
      [&](const DownloadProgress& progress) {
        if (progress.done == 0 || second) return;
        second = entry_->download(order("/file"), nullptr, {});
        stop_.request_stop();
      },
      stop_.get_token());
  ASSERT_FALSE(first);
  ASSERT_TRUE(second);
  ASSERT_FALSE(*second);
  EXPECT_EQ(second->error().code, ErrorCode::unavailable);
  EXPECT_EQ(second->error().why, "another process is fetching it already");
  EXPECT_TRUE(get(order("/file")).error().code == ErrorCode::cancelled) << "it was asked to stop";
  EXPECT_TRUE(entry_->download(order("/file"), nullptr, {})) << "the lock has gone with the first";
}

TEST_F(Downloads, AskForRoomFirst) {
  DownloadOrder huge = order("/file");
  huge.bytes = std::uint64_t{1} << 60;
  const auto got = get(huge);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::io_failed);
  EXPECT_NE(got.error().why.find("MB are free, 1152921504607 MB are needed"), std::string::npos)
      << got.error().why;
}

TEST_F(Downloads, DoNotFollowALinkInPlaceOfThePart) {
  const std::string precious = folder_.write("precious", "mine");
  fs::create_symlink(precious, part_);
  const auto got = get("/file");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::io_failed);
  std::ifstream file(precious);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "mine");
}

TEST_F(Downloads, HashesAreThoseOfTheStandard) {
  // FIPS 180-4, the examples of its authors.
  const std::string empty = folder_.write("empty", "");
  EXPECT_EQ(entry_->sha256_of_file(empty, {}),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string abc = folder_.write("abc", "abc");
  EXPECT_EQ(entry_->sha256_of_file(abc, {}),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(entry_->sha256_of_file(folder_.path() / "absent", {}).error().code,
            ErrorCode::file_not_found);
}

}  // namespace
}  // namespace inpaint::lsp
