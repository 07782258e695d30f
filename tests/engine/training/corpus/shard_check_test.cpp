#include "engine/training/corpus/shard_check.h"

#include <gtest/gtest.h>

#include "engine/training/corpus/shard.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

struct NameCase {
  const char* package;
  const char* path;
  const char* match;
};
const NameCase kNames[] = {
    {"go:github.com/spf13/cobra@v1.9.1", "command.go", "cobra"},
    {"go:github.com/labstack/echo/v4@v4.13.4", "echo.go", "echo"},
    {"crate:serde_yaml@0.9", "src/lib.rs", "serde-yaml"},
    {"maven:com.google.code.gson:gson@2.11.0", "Gson.java", "gson"},
    {"npm:@other/chalk@1.0.0", "index.js", "chalk"},
    {"pypi:pip@25", "pip/_vendor/rich/text.py", "rich"},
    {"pypi:pip@25", "pip/Rich/text.py", "rich"},
    {"pypi:pip@25", "pip/richer/rich.py", ""},
    {"go:github.com/spf13/cobra-cli@v1", "main.go", ""},
    {"crate:echo-server@1", "src/main.rs", ""},
    {"django", "x.py", ""},
    {"", "", ""},
};

TEST(NeverTrain, MatchesNamesInEveryEcosystemAndVendoredFolders) {
  const std::string names[] = {"github.com/spf13/cobra",
                               "github.com/labstack/echo",
                               "serde-yaml",
                               "com.google.code.gson:gson",
                               "chalk",
                               "rich"};
  const NeverTrain never(names);
  for (const NameCase& c : kNames) EXPECT_EQ(never.match(c.package, c.path), c.match) << c.package;
  EXPECT_EQ(NeverTrain().match("npm:chalk@5", "rich/x.js"), "");
}

TEST(NeverTrain, ReadsOneNameALine) {
  const TemporaryFolder folder;
  const Result<NeverTrain> never =
      NeverTrain::load(folder.write("list", "# a comment\n\nrich\r\ngithub.com/x/viper"));
  ASSERT_TRUE(never);
  EXPECT_EQ(never->match("pypi:rich@1", ""), "rich");
  EXPECT_EQ(never->match("go:github.com/y/viper@v1", ""), "viper");
  EXPECT_EQ(never->match("pypi:a@1", "# a comment/x"), "");
  EXPECT_EQ(NeverTrain::load(folder.path() / "none").error().code, ErrorCode::file_not_found);
}

/// What verify_shards says of a training and a validation shard.
std::vector<std::string> problems(const std::vector<Document>& train,
                                  const std::vector<Document>& valid) {
  const TemporaryFolder folder;
  EXPECT_TRUE(write_shard(folder.path() / "train-0000.shard", train, 1));
  EXPECT_TRUE(write_shard(folder.path() / "valid.shard", valid, 1));
  const std::string names[] = {"rich"};
  const Result<ShardReport> report = verify_shards(folder.path(), NeverTrain(names));
  EXPECT_TRUE(report);
  return report ? report->problems : std::vector<std::string>{};
}

TEST(VerifyShards, FindsEachKindOfProblem) {
  const Document good{"go", "go:a@v1", "a.go", "MIT", "package a\n"};
  const Document other{"go", "go:b@v1", "b.go", "MIT", "package b\n"};
  EXPECT_TRUE(problems({good}, {other}).empty());

  struct ProblemCase {
    const char* expected;
    std::vector<Document> train, valid;
  };
  Document copy = good, unlicensed = good, vendored = good, both = other;
  copy.path = "copy.go";
  unlicensed.licence = "";
  vendored.path = "rich/a.go";
  both.package = "go:a@v2";
  const ProblemCase cases[] = {
      {"the same text", {good, copy}, {other}}, {"the same text", {good}, {good}},
      {"no licence", {unlicensed}, {other}},    {"never-train list as rich", {vendored}, {other}},
      {"on both sides", {good}, {both}},
  };
  for (const ProblemCase& c : cases) {
    const auto found = problems(c.train, c.valid);
    ASSERT_FALSE(found.empty()) << c.expected;
    EXPECT_NE(found[0].find(c.expected), std::string::npos) << found[0];
  }
}

TEST(VerifyShards, ADamagedShardHidesNoOther) {
  const TemporaryFolder folder;
  const Document good{"go", "go:a@v1", "a.go", "MIT", "package a\n"};
  ASSERT_TRUE(write_shard(folder.path() / "train-0001.shard", std::span(&good, 1), 1));
  folder.write("train-0000.shard", "damaged");
  const Result<ShardReport> report = verify_shards(folder.path(), NeverTrain());
  ASSERT_TRUE(report);
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_NE(report->problems[0].find("train-0000.shard"), std::string::npos);
  EXPECT_EQ(report->documents, 1u);
  EXPECT_EQ(report->language_bytes.at("go"), good.text.size());
  EXPECT_EQ(verify_shards(folder.path() / "none", NeverTrain()).error().code,
            ErrorCode::file_not_found);
  const TemporaryFolder empty;
  EXPECT_EQ(verify_shards(empty.path(), NeverTrain()).error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace inpaint::engine
