#include "engine/training/corpus/corpus.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "engine/training/corpus/keep_list.h"
#include "engine/training/corpus/shard.h"
#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

Document document(const std::string& language, const std::string& name) {
  return {language, "eco:p@1", name, "MIT", "text of " + name + "\n"};
}

/// Every text of a corpus, sorted.
std::vector<std::string> texts(const Corpus& corpus) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    const Result<Document> each = corpus.document(i);
    EXPECT_TRUE(each) << to_string(each.error());
    EXPECT_EQ(each->language, corpus.language(i));
    EXPECT_EQ(each->text.size(), corpus.bytes_of(i));
    result.push_back(each->text);
  }
  std::ranges::sort(result);
  return result;
}

TEST(Corpus, AFolderOfShardsIsAllItsDocumentsButThoseThatValidate) {
  const TemporaryFolder folder;
  std::vector<std::string> expected;
  for (int shard = 0; shard < 4; ++shard) {  // more than are kept decoded
    std::vector<Document> documents;
    for (int i = 0; i < 5; ++i) {
      documents.push_back(document("go", std::to_string(shard) + "/" + std::to_string(i)));
      expected.push_back(documents.back().text);
    }
    ASSERT_TRUE(
        write_shard(folder.path() / ("train-" + std::to_string(shard) + ".shard"), documents, 1));
  }
  const Document held = document("go", "held");
  ASSERT_TRUE(write_shard(folder.path() / "valid.shard", std::span(&held, 1), 1));

  const Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus) << to_string(corpus.error());
  EXPECT_EQ(texts(*corpus), expected);
  EXPECT_EQ(corpus->bytes(), 20 * expected[0].size());
  EXPECT_EQ(corpus->document(20).error().code, ErrorCode::bad_argument);

  const Result<Corpus> valid = Corpus::open(folder.path() / "valid.shard");
  ASSERT_TRUE(valid) << to_string(valid.error());
  EXPECT_EQ(valid->document(0), held);
}

TEST(Corpus, AListGivesItsFilesWithPackageAndLicence) {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "src/python/pypi-x-1/x");
  folder.write("src/python/pypi-x-1/x/a.py", "a = 1\n");
  folder.write("unlisted.py", "b = 2\n");
  folder.write("keep.jsonl",
               R"({"path": "src/python/pypi-x-1/x/a.py", "lang": "python", "bytes": 6,)"
               R"( "package": "pypi:x@1", "licence": "MIT"})");
  const Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus) << to_string(corpus.error());
  ASSERT_EQ(corpus->size(), 1u);
  EXPECT_EQ(corpus->document(0), (Document{"python", "pypi:x@1", "x/a.py", "MIT", "a = 1\n"}));
  fs::remove(folder.path() / "src/python/pypi-x-1/x/a.py");
  EXPECT_EQ(corpus->document(0).error().code, ErrorCode::io_failed);
}

TEST(Corpus, APlainFolderIsReadOnceAndOutlivesEdits) {
  const TemporaryFolder folder;
  folder.write("a.h", "namespace a {}\n");
  folder.write("b.py", "caf\xe9\n");  // Latin-1: left out
  folder.write("c.py", "c = 1\r\n");
  const Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus) << to_string(corpus.error());
  fs::remove(folder.path() / "a.h");
  folder.write("c.py", "edited meanwhile\n");
  EXPECT_EQ(texts(*corpus), (std::vector<std::string>{"c = 1\r\n", "namespace a {}\n"}));
  EXPECT_EQ(corpus->language(0), "cpp");
  EXPECT_EQ(corpus->document(1)->package, "");
}

TEST(Corpus, FilesAreHeldOutByTheirPathsWhateverElseIsThere) {
  const TemporaryFolder folder;
  for (int i = 0; i < 40; ++i)
    folder.write("f" + std::to_string(i) + ".py", "x = " + std::to_string(i));
  Result<Corpus> corpus = Corpus::open(folder.path());
  const std::vector<std::string> all = texts(*corpus);
  const auto held = corpus->hold_out(4);
  ASSERT_TRUE(held);
  EXPECT_EQ(corpus->size() + held->size(), 40U);
  std::vector<std::string> both = texts(*corpus);
  std::ranges::copy(texts(*held), std::back_inserter(both));
  std::ranges::sort(both);
  EXPECT_EQ(both, all);

  folder.write("a.py", "y = 1");
  Result<Corpus> later = Corpus::open(folder.path());
  const std::vector<std::string> again = texts(*later->hold_out(4));
  for (const std::string& text : texts(*held))
    EXPECT_EQ(std::ranges::count(again, text), 1) << text;
}

TEST(Corpus, HoldsOutWholePackagesOfAList) {
  const TemporaryFolder folder;
  std::string list;
  for (int i = 0; i < 60; ++i) {
    const std::string name = "f" + std::to_string(i) + ".py";
    folder.write(name, "x = " + std::to_string(i));
    list += R"({"path": ")" + name + R"(", "lang": "python", "bytes": 5, "package": "p)" +
            std::to_string(i / 3) + "@1." + std::to_string(i % 2) + R"(", "licence": "MIT"})" +
            "\n";
  }
  folder.write("keep.jsonl", list);
  Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus);
  const auto held = corpus->hold_out(4);
  ASSERT_TRUE(held);
  EXPECT_EQ(corpus->size() + held->size(), 60U);
  std::set<std::string> kept_packages;
  for (std::size_t i = 0; i < corpus->size(); ++i)
    kept_packages.insert(package_name(corpus->document(i)->package));
  for (std::size_t i = 0; i < held->size(); ++i) {
    EXPECT_FALSE(kept_packages.contains(package_name(held->document(i)->package)))
        << "another version of a package is the same project";
  }
}

TEST(Corpus, NeighboursAreTheFilesBeside) {
  const TemporaryFolder folder;
  for (const char* name : {"a/1.py", "a/2.py", "b/1.py"}) {
    fs::create_directories((folder.path() / name).parent_path());
    folder.write(name, name);
  }
  const Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus);
  for (std::size_t i = 0; i < corpus->size(); ++i) {
    const auto beside = corpus->neighbours(i, 2);
    ASSERT_TRUE(beside);
    ASSERT_EQ(beside->size(), 2U);
    EXPECT_EQ(std::ranges::count(*beside, corpus->document(i)->text), 0);
    if (corpus->document(i)->text == "a/1.py") {
      EXPECT_EQ(beside->front(), "a/2.py");
    }
  }
}

TEST(Corpus, NothingIsHeldOutWhereNothingWouldBeLeft) {
  const TemporaryFolder folder;
  folder.write("a.py", "x = 1");
  Result<Corpus> corpus = Corpus::open(folder.path());
  EXPECT_FALSE(corpus->hold_out(1));
  EXPECT_FALSE(corpus->hold_out(1'000'000));
  EXPECT_EQ(corpus->size(), 1U);
}

TEST(Corpus, OrderNamesDocumentsOnly) {
  const TemporaryFolder folder;
  folder.write("a.py", "a = 1\n");
  folder.write("b.go", "package b\n");
  const Result<Corpus> corpus = Corpus::open(folder.path());
  ASSERT_TRUE(corpus);
  for (int epoch = 0; epoch < 5; ++epoch)
    for (std::size_t index : corpus->order(3, epoch)) EXPECT_LT(index, corpus->size());
  EXPECT_EQ(corpus->order(3, 1), corpus->order(3, 1));
}

TEST(Corpus, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_EQ(Corpus::open(folder.path() / "none").error().code, ErrorCode::file_not_found);
  const auto empty = Corpus::open(folder.path());
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(empty.error().remedy.empty());
  EXPECT_EQ(Corpus::open(folder.write("a.py", "x")).error().code, ErrorCode::bad_data);
  folder.write("x.shard", "INPSHRD1 but then nothing");
  EXPECT_EQ(Corpus::open(folder.path()).error().code, ErrorCode::bad_data);
  fs::remove(folder.path() / "x.shard");
  ASSERT_TRUE(write_shard(folder.path() / "x.shard", {}, 1));
  EXPECT_EQ(Corpus::open(folder.path()).error().code, ErrorCode::bad_data) << "no document";
}

}  // namespace
}  // namespace inpaint::engine
