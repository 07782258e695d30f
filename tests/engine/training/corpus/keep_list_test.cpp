#include "engine/training/corpus/keep_list.h"

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

Result<std::vector<KeptFile>> read(std::string_view text) {
  const TemporaryFolder folder;
  return read_keep_list(folder.write("keep.jsonl", text));
}

TEST(KeepList, ReadsWhatTheFetcherWrites) {
  const auto files = read(
      R"({"path": "src/go/go-x-v1/a/b.go", "lang": "go", "bytes": 12, "package": "go:x@v1", "licence": "MIT"})"
      "\n\n"
      R"({"path": "c.py", "lang": "python", "bytes": 0, "package": "", "licence": null, "more": 1})");
  ASSERT_TRUE(files) << to_string(files.error());
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ((*files)[0].path_in_package(), "a/b.go");
  EXPECT_EQ((*files)[0].licence, "MIT");
  EXPECT_EQ((*files)[0].bytes, 12u);
  EXPECT_EQ((*files)[1].path_in_package(), "c.py");
  EXPECT_EQ((*files)[1].licence, "");
}

TEST(KeepList, RefusesWhatItCannotTrust) {
  const std::pair<const char*, const char*> cases[] = {
      {"not JSON", "path"},
      {"not an object", "[1]"},
      {"no path", R"({"lang": "go", "bytes": 1, "package": "p"})"},
      {"no package", R"({"path": "a.go", "lang": "go", "bytes": 1})"},
      {"a path that is a number", R"({"path": 1, "lang": "go", "bytes": 1, "package": "p"})"},
      {"a path upwards", R"({"path": "a/../../b.go", "lang": "go", "bytes": 1, "package": "p"})"},
      {"an absolute path", R"({"path": "/etc/x.go", "lang": "go", "bytes": 1, "package": "p"})"},
      {"an empty path", R"({"path": "", "lang": "go", "bytes": 1, "package": "p"})"},
      {"no size", R"({"path": "a.go", "lang": "go", "package": "p"})"},
      {"a negative size", R"({"path": "a.go", "lang": "go", "bytes": -1, "package": "p"})"},
      {"a size that is text", R"({"path": "a.go", "lang": "go", "bytes": "9", "package": "p"})"},
      {"a huge size", R"({"path": "a.go", "lang": "go", "bytes": 99999999, "package": "p"})"},
      {"a cut line", R"({"path": "a.go", "lang": "go", "by)"},
  };
  for (const auto& [name, line] : cases) {
    const auto files = read(std::string("\n") + line + "\n");
    ASSERT_FALSE(files) << name;
    EXPECT_EQ(files.error().code, ErrorCode::bad_data) << name;
    EXPECT_NE(files.error().what.find("keep.jsonl:2"), std::string::npos) << files.error().what;
  }
  EXPECT_EQ(read_keep_list("/no/such/keep.jsonl").error().code, ErrorCode::file_not_found);
}

TEST(KeepList, PackagesAreNamedWithoutTheirVersion) {
  EXPECT_EQ(package_name("npm:@angular/core@21.0.0"), "npm:@angular/core");
  EXPECT_EQ(package_name("go:github.com/x/y@v1"), "go:github.com/x/y");
  EXPECT_EQ(package_name("django"), "django");
  EXPECT_EQ(package_name("@scoped"), "@scoped");
  EXPECT_EQ(package_name(""), "");
}

}  // namespace
}  // namespace inpaint::engine
