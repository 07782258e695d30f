#include "lsp/evaluation/case_files.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

void write(const TemporaryFolder& folder, const std::string& path, const std::string& text) {
  fs::create_directories((folder.path() / path).parent_path());
  std::ofstream(folder.path() / path) << text;
}

std::vector<std::string> paths_of(const std::vector<CaseFile>& files) {
  std::vector<std::string> paths;
  for (const CaseFile& file : files) paths.push_back(file.package + "|" + file.path);
  return paths;
}

TEST(CaseFiles, LetPackagesTakeTurns) {
  const TemporaryFolder folder;
  for (int i = 0; i < 9; ++i) write(folder, "large/src/m" + std::to_string(i) + ".py", "x = 1\n");
  write(folder, "small/a.py", "y = 2\n");
  const auto found = find_case_files(folder.path(), 1, 1);
  ASSERT_TRUE(found);
  const auto& files = found->at("python");
  ASSERT_EQ(files.size(), 10U);
  EXPECT_NE(files[0].package, files[1].package);
  for (const CaseFile& file : files) {
    EXPECT_TRUE(file.package == "large/" || file.package == "small/") << file.package;
    EXPECT_EQ(file.file, folder.path() / (file.package + file.path));
  }
}

TEST(CaseFiles, ComeInTheSameOrderForASeed) {
  const TemporaryFolder folder;
  for (int i = 0; i < 9; ++i) write(folder, "m" + std::to_string(i) + ".py", "x = 1\n");
  const auto paths = [&](std::uint64_t seed) {
    return paths_of(find_case_files(folder.path(), 0, seed)->at("python"));
  };
  const auto before = paths(1);
  EXPECT_EQ(paths(1), before);
  EXPECT_NE(paths(2), before);
  // One more file moves no other.
  write(folder, "more.py", "x = 1\n");
  auto after = paths(1);
  std::erase(after, "|more.py");
  EXPECT_EQ(after, before);
}

TEST(CaseFiles, AreOfTheLanguageThatTheirTextSays) {
  const TemporaryFolder folder;
  write(folder, "a.h", "namespace a {}\n");
  write(folder, "b.h", "int b(void);\n");
  write(folder, "c.tsx", "const a = 1;\n");
  write(folder, "notes.txt", "nothing\n");
  write(folder, "node_modules/d.js", "d();\n");
  const auto found = find_case_files(folder.path(), 3, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(paths_of(found->at("cpp")), (std::vector<std::string>{"|a.h"}));
  EXPECT_EQ(paths_of(found->at("c")), (std::vector<std::string>{"|b.h"}));
  EXPECT_EQ(paths_of(found->at("typescript")), (std::vector<std::string>{"|c.tsx"}));
  EXPECT_EQ(found->size(), 3U);
}

TEST(CaseFiles, FailWhereThereIsNoFolder) {
  const TemporaryFolder folder;
  EXPECT_FALSE(find_case_files(folder.path() / "absent", 0, 1));
}

}  // namespace
}  // namespace inpaint::lsp
