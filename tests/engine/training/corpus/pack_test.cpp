#include "engine/training/corpus/pack.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/training/corpus/corpus.h"
#include "engine/training/corpus/pack_plan.h"
#include "engine/training/corpus/shard.h"
#include "engine/training/corpus/shard_check.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

/// `packages` packages of each language with `files` files of `bytes` bytes.
std::vector<KeptFile> listing(const std::vector<std::string>& languages, int packages, int files,
                              std::uint32_t bytes) {
  std::vector<KeptFile> result;
  for (const std::string& language : languages)
    for (int p = 0; p < packages; ++p)
      for (int f = 0; f < files; ++f)
        result.push_back(
            {"src/" + language + "/p" + std::to_string(p) + "/" + std::to_string(f), language,
             "eco:" + language + std::to_string(p) + "@1." + std::to_string(f % 2), "MIT", bytes});
  return result;
}

TEST(PackPlan, NoPackageIsOnBothSides) {
  const std::vector<KeptFile> files = listing({"go", "rust"}, 60, 20, 100);
  const PackPlan plan = plan_pack(files, 0, 4000, 1);
  std::map<std::string, std::uint64_t> valid_bytes;
  std::set<std::string> held;
  for (const KeptFile* file : plan.valid) {
    held.insert(package_name(file->package));
    valid_bytes[file->language] += file->bytes;
  }
  for (const KeptFile* file : plan.train)
    EXPECT_FALSE(held.contains(package_name(file->package))) << file->path;
  EXPECT_EQ(valid_bytes, (std::map<std::string, std::uint64_t>{{"go", 2000}, {"rust", 2000}}));
  EXPECT_GE(held.size(), 4u) << "at least two packages speak for a language";
}

TEST(PackPlan, IsTheSameForTheSameSeedAndWhateverTheOrderOfTheList) {
  std::vector<KeptFile> files = listing({"go", "rust"}, 10, 5, 100);
  auto paths = [](const PackPlan& plan) {
    std::vector<std::string> result;
    for (const auto* part : {&plan.train, &plan.valid})
      for (const KeptFile* file : *part) result.push_back(file->path);
    return result;
  };
  const auto first = paths(plan_pack(files, 0, 1000, 1));
  EXPECT_NE(first, paths(plan_pack(files, 0, 1000, 2)));
  std::ranges::reverse(files);
  EXPECT_EQ(first, paths(plan_pack(files, 0, 1000, 1)));
}

TEST(PackPlan, LanguagesAdvanceSideBySideUpToTheirShare) {
  std::vector<KeptFile> files = listing({"go"}, 10, 40, 100);
  const std::vector<KeptFile> fewer = listing({"rust"}, 10, 10, 100);
  files.insert(files.end(), fewer.begin(), fewer.end());
  const PackPlan whole = plan_pack(files, 0, 0, 1);
  ASSERT_EQ(whole.train.size(), 500u);
  const auto rust = std::ranges::count(whole.train.begin(), whole.train.begin() + 250, "rust",
                                       [](const KeptFile* file) { return file->language; });
  EXPECT_NEAR(static_cast<double>(rust), 50, 1) << "half of the list holds half of each language";
  const PackPlan capped = plan_pack(files, 5000, 0, 1);
  EXPECT_EQ(capped.train.size(), 100u) << "50 files of 100 bytes from each";
}

TEST(PackPlan, FilesOfAFolderStayTogether) {
  const std::vector<KeptFile> files = listing({"go", "rust"}, 12, 5, 100);
  const PackPlan plan = plan_pack(files, 0, 0, 1);
  std::map<std::string, std::vector<std::string>> folders;  // of each language, in order
  for (const KeptFile* file : plan.train) {
    std::vector<std::string>& visited = folders[file->language];
    std::string folder = file->path.substr(0, file->path.rfind('/'));
    if (visited.empty() || visited.back() != folder) visited.push_back(std::move(folder));
  }
  for (const auto& [language, visited] : folders) {
    EXPECT_EQ(visited.size(), 12U) << language;
    EXPECT_FALSE(std::ranges::is_sorted(visited)) << "packages come by chance";
  }
}

TEST(PackPlan, ALanguageOfTwoPackagesIsLeftToTraining) {
  EXPECT_TRUE(plan_pack(listing({"go"}, 2, 9, 100), 0, 1000, 1).valid.empty());
  EXPECT_TRUE(plan_pack({}, 0, 1000, 1).train.empty());
}

/// A folder as the fetcher leaves it; every text is different and packs badly or well.
void lay_out(const TemporaryFolder& folder, int packages, int files) {
  std::string list;
  std::uint32_t state = 1;
  for (const std::string language : {"go", "rust"}) {
    for (int p = 0; p < packages; ++p) {
      const std::string base = "src/" + language + "/p" + std::to_string(p);
      fs::create_directories(folder.path() / base);
      for (int f = 0; f < files; ++f) {
        std::string text;
        for (int i = 0; i < 200; ++i)
          text +=
              "abcdefghijklmnopqrstuvwxyz ()\n{};"[(state = state * 1664525 + 1013904223) >> 27];
        const std::string path = base + "/" + std::to_string(f);
        folder.write(path, text);
        list += nlohmann::json{{"path", path},
                               {"lang", language},
                               {"bytes", text.size()},
                               {"package", "eco:" + language + std::to_string(p) + "@1"},
                               {"licence", "MIT"}}
                    .dump() +
                "\n";
      }
    }
  }
  folder.write("keep.jsonl", list);
}

TEST(Pack, NothingIsLostOrDoubledAndNoShardIsTooLarge) {
  const TemporaryFolder from, to;
  lay_out(from, 6, 20);  // 240 files, 48 kB of text that hardly packs
  fs::create_directories(to.path() / "out");
  std::ofstream(to.path() / "out/train-0099.shard") << "older";
  const PackOptions options{.max_shard_bytes = 6000, .valid_bytes = 1600, .level = 1};
  int lines = 0;
  const Result<PackReport> report =
      pack_corpus(from.path(), to.path() / "out", options, [&](const std::string&) { ++lines; });
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_GT(report->shards, 3u);
  EXPECT_EQ(static_cast<std::size_t>(lines), report->shards + 1);
  EXPECT_EQ(report->valid_text_bytes, 1600u);
  for (const fs::directory_entry& file : fs::directory_iterator(to.path() / "out"))
    EXPECT_LE(file.file_size(), options.max_shard_bytes) << file.path();

  const Result<ShardReport> check = verify_shards(to.path() / "out", NeverTrain());
  ASSERT_TRUE(check) << to_string(check.error());
  EXPECT_TRUE(check->problems.empty()) << check->problems.front();
  EXPECT_EQ(check->documents, report->documents + report->valid_documents);
  EXPECT_EQ(check->shards, report->shards + 1);
  // What is missing is the rest of the packages that were held back, nothing else.
  EXPECT_EQ(report->documents % 20, 0u);
  EXPECT_EQ(report->documents, 160u);
}

TEST(Pack, TheSameSeedGivesTheSameFiles) {
  const TemporaryFolder from, to;
  lay_out(from, 4, 5);
  const PackOptions options{.valid_bytes = 1000, .level = 1};
  for (const char* name : {"a", "b"})
    ASSERT_TRUE(pack_corpus(from.path(), to.path() / name, options));
  for (const char* file : {"train-0000.shard", "valid.shard"})
    EXPECT_EQ(TemporaryFolder::read(to.path() / "a" / file),
              TemporaryFolder::read(to.path() / "b" / file))
        << file;
}

TEST(Pack, AVanishedFileIsCountedAndLeftOut) {
  const TemporaryFolder from, to;
  lay_out(from, 2, 5);
  fs::remove(from.path() / "src/go/p0/3");
  const Result<PackReport> report = pack_corpus(from.path(), to.path(), {.level = 1});
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->unreadable, 1u);
  EXPECT_EQ(report->documents, 19u);
}

TEST(Pack, APlainFolderIsPackedToo) {
  const TemporaryFolder from, to;
  from.write("a.py", "a = 1\n");
  from.write("b.h", "namespace b {}\n");
  ASSERT_TRUE(pack_corpus(from.path(), to.path(), {.level = 1}));
  const Result<Corpus> corpus = Corpus::open(to.path());
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->size(), 2u);
  EXPECT_EQ(corpus->document(0)->language, "cpp");
  const TemporaryFolder empty;
  EXPECT_EQ(pack_corpus(empty.path(), to.path(), {}).error().code, ErrorCode::bad_data);
  EXPECT_EQ(pack_corpus(empty.path() / "none", to.path(), {}).error().code,
            ErrorCode::file_not_found);
}

}  // namespace
}  // namespace inpaint::engine
