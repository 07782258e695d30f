#include "lsp/models/model_store.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;

class Store : public testing::Test {
 protected:
  Store() {
    fs::create_directories(own_);
    fs::create_directories(set_up_);
    fs::create_directories(folder_.path() / "trained");
    folder_.write("trained/config.json", "{}");
    folder_.write("trained/model.safetensors", "12345");
    folder_.write("mine.gguf", "GGUF");
  }

  static Catalogue known() {
    return *Catalogue::parse(R"({"models": [{"name": "small", "title": "t", "publisher": "p",
        "revision": "r", "address": "https://example.org/f", "file": "small-q4.gguf", "bytes": 4,
        "sha256": ")" + std::string(64, 'a') +
                                 R"(", "licence": "MIT", "permissive": true,
        "languages": []}]})",
                             "catalogue");
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const StoredModel& model : store_.all()) names.push_back(model.name);
    return names;
  }

  test::TemporaryFolder folder_;
  fs::path own_ = folder_.path() / "data/models";
  fs::path set_up_ = folder_.path() / "cache/models";
  Catalogue catalogue_ = known();
  ModelStore store_{own_, set_up_, catalogue_};
};

TEST_F(Store, FindsAKnownModelByItsFileInBothFolders) {
  EXPECT_FALSE(store_.find("small"));
  folder_.write("cache/models/small-q4.gguf", "1234");
  EXPECT_EQ(store_.find("small")->path, set_up_ / "small-q4.gguf");
  folder_.write("data/models/small-q4.gguf", "1234");
  EXPECT_EQ(store_.find("small")->path, own_ / "small-q4.gguf");
  EXPECT_EQ(names(), std::vector<std::string>{"small"});
}

TEST_F(Store, DoesNotCountAFileOfAnotherSizeNorAPart) {
  folder_.write("data/models/small-q4.gguf", "123");
  folder_.write("data/models/small-q4.gguf.part", "1234");
  EXPECT_FALSE(store_.find("small"));
  EXPECT_FALSE(store_.find("small-q4")) << "it has the name of the catalogue alone";
  EXPECT_TRUE(names().empty());
  const auto damaged = store_.find_damaged(catalogue_.models()[0]);
  ASSERT_TRUE(damaged);
  EXPECT_TRUE(damaged->is_damaged);
  EXPECT_EQ(damaged->bytes, 3U);
}

TEST_F(Store, AddsFilesAndFoldersWhereTheyLie) {
  const auto file = store_.add("mine", folder_.path() / "mine.gguf");
  ASSERT_TRUE(file) << engine::to_string(file.error());
  const auto trained = store_.add("own.1", folder_.path() / "trained");
  ASSERT_TRUE(trained) << engine::to_string(trained.error());
  EXPECT_EQ(names(), (std::vector<std::string>{"mine", "own.1"}));
  EXPECT_TRUE(store_.find("mine")->is_link);
  EXPECT_EQ(store_.find("mine")->bytes, 4U);
  EXPECT_EQ(store_.find("own.1")->bytes, 7U);
}

TEST_F(Store, RefusesNamesThatAreTakenOrNone) {
  ASSERT_TRUE(store_.add("mine", folder_.path() / "mine.gguf"));
  for (const char* name : {"mine", "small", "mini", "", "a/b", "../x", "-x"}) {
    const auto added = store_.add(name, folder_.path() / "mine.gguf");
    ASSERT_FALSE(added) << name;
    EXPECT_EQ(added.error().code, ErrorCode::bad_argument) << name;
  }
  EXPECT_EQ(store_.add("x", folder_.path() / "absent.gguf").error().code,
            ErrorCode::file_not_found);
  EXPECT_EQ(store_.add("x", folder_.path() / "data").error().code, ErrorCode::file_not_found);
}

TEST_F(Store, ANameWhoseModelHasGoneIsFree) {
  ASSERT_TRUE(store_.add("mine", folder_.path() / "mine.gguf"));
  fs::rename(folder_.path() / "mine.gguf", folder_.path() / "moved.gguf");
  EXPECT_FALSE(store_.find("mine"));
  EXPECT_TRUE(store_.add("mine", folder_.path() / "moved.gguf"));
}

TEST_F(Store, RemovesTheLinkAndNotTheModel) {
  ASSERT_TRUE(store_.add("own", folder_.path() / "trained"));
  ASSERT_TRUE(store_.remove("own"));
  EXPECT_FALSE(store_.find("own"));
  EXPECT_TRUE(fs::exists(folder_.path() / "trained/model.safetensors"));
  EXPECT_EQ(store_.remove("own").error().code, ErrorCode::file_not_found);
}

TEST_F(Store, RemovesWhatWasFetchedAndItsPart) {
  folder_.write("data/models/small-q4.gguf", "1234");
  folder_.write("data/models/small-q4.gguf.part", "12");
  EXPECT_EQ(store_.remove("small"), own_ / "small-q4.gguf");
  EXPECT_TRUE(fs::is_empty(own_));
  folder_.write("data/models/small-q4.gguf.part", "12");
  EXPECT_EQ(store_.remove("small"), own_ / "small-q4.gguf.part");
  EXPECT_TRUE(fs::is_empty(own_));
}

TEST_F(Store, LeavesAFolderThatItHasNotMade) {
  fs::create_directories(own_ / "copied");
  folder_.write("data/models/copied/config.json", "{}");
  EXPECT_TRUE(store_.find("copied"));
  EXPECT_EQ(store_.remove("copied").error().code, ErrorCode::bad_argument);
  EXPECT_TRUE(store_.find("copied"));
}

TEST_F(Store, NeedsNoFolders) {
  const ModelStore none({}, {}, catalogue_);
  EXPECT_TRUE(none.all().empty());
  EXPECT_FALSE(none.find("small"));
  EXPECT_EQ(none.place_for(catalogue_.models()[0]).error().code, ErrorCode::unavailable);
  EXPECT_EQ(none.remove("small").error().code, ErrorCode::file_not_found);
  const ModelStore absent(folder_.path() / "x/y", folder_.path() / "z", catalogue_);
  EXPECT_TRUE(absent.all().empty());
  EXPECT_EQ(absent.place_for(catalogue_.models()[0]), folder_.path() / "x/y/small-q4.gguf");
  EXPECT_TRUE(fs::is_directory(folder_.path() / "x/y"));
}

}  // namespace
}  // namespace inpaint::lsp
