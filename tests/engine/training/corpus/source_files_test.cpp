#include "engine/training/corpus/source_files.h"

#include <gtest/gtest.h>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

TEST(SourceFiles, LanguageFollowsTheExtension) {
  const std::pair<const char*, const char*> cases[] = {
      {"a.py", "python"},
      {"A.PY", "python"},
      {"x/y.tsx", "typescript"},
      {"lib.rs", "rust"},
      {"m.cu", "cpp"},
      {"h.h", "c"},
      {"a.min.js", "javascript"},
      {"Makefile", ""},
      {"dir.py/file", ""},
      {"a.", ""},
      {"", ""},
      {"x.txt", ""},
  };
  for (const auto& [path, language] : cases) EXPECT_EQ(source_language(path), language) << path;
}

TEST(SourceFiles, AHeaderIsCppWhenItCanOnlyBeThat) {
  EXPECT_EQ(refine_language("c", "a.h", "namespace x {}"), "cpp");
  EXPECT_EQ(refine_language("c", "a.h", "int f(void);"), "c");
  EXPECT_EQ(refine_language("c", "a.c", "std::"), "c");
  EXPECT_EQ(refine_language("python", "a.py", "std::"), "python");
}

TEST(SourceFiles, FindsTheSourcesOfARepositoryAndNothingElse) {
  const TemporaryFolder folder;
  for (const char* path : {"src/deep", ".git", "node_modules/left-pad", "build/gen", ".venv"})
    fs::create_directories(folder.path() / path);
  folder.write("main.py", "print(1)\n");
  folder.write("src/deep/b.rs", "fn main() {}\n");
  folder.write("src/a.go", "package a\n");
  folder.write("README.md", "# not source\n");
  folder.write("empty.py", "");
  folder.write("large.py", std::string(kMaxSourceBytes + 1, 'x'));
  folder.write("full.py", std::string(kMaxSourceBytes, 'x'));
  folder.write("secrets.py", "KEY = 1\n");
  folder.write(".hidden.py", "x\n");
  folder.write(".git/hook.py", "x\n");
  folder.write("node_modules/left-pad/index.js", "x\n");
  folder.write("build/gen/x.cpp", "x\n");
  folder.write(".venv/x.py", "x\n");
  fs::create_symlink(folder.path() / "main.py", folder.path() / "link.py");
  fs::create_directory_symlink(folder.path(), folder.path() / "src/loop");

  const Result<std::vector<SourceFile>> files = find_source_files(folder.path());
  ASSERT_TRUE(files) << to_string(files.error());
  std::vector<std::string> paths;
  for (const SourceFile& file : *files) paths.push_back(file.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"full.py", "main.py", "src/a.go", "src/deep/b.rs"}));
  EXPECT_EQ((*files)[1].bytes, 9u);
  EXPECT_EQ((*files)[2].language, "go");
}

TEST(SourceFiles, OnlyTextIsRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_source_text(folder.write("a", "caf\xc3\xa9\r\n")), "caf\xc3\xa9\r\n");
  EXPECT_FALSE(read_source_text(folder.write("b", "caf\xe9")));
  EXPECT_FALSE(read_source_text(folder.write("c", std::string("a\0b", 3))));
  EXPECT_FALSE(read_source_text(folder.write("d", "12345"), 4));
  EXPECT_FALSE(read_source_text(folder.path() / "none"));
  EXPECT_EQ(find_source_files(folder.path() / "none").error().code, ErrorCode::file_not_found);
}

TEST(SourceFiles, ATextWithAPrivateKeyIsNotRead) {
  const TemporaryFolder folder;
  const std::string key = "KEY = '''-----BEGIN PRIVATE" + std::string(" KEY-----\nMII\n'''\n");
  EXPECT_FALSE(read_own_text(folder.write("a.py", key)));
  EXPECT_EQ(read_own_text(folder.write("b.py", "KEY = 1\n")), "KEY = 1\n");
}

}  // namespace
}  // namespace inpaint::engine
