// The root of the source tree is what a newcomer sees first: it holds what it must, and no more.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/project_folders.h"

namespace inpaint::house {
namespace {

constexpr std::string_view kRoot[] = {
    // folders and texts, in the order of the design
    "CMakeLists.txt", "lsp", "engine", "grammar", "editors", "tests", "packaging", "README.md",
    "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE",
    // what tools look for in the root
    "CMakePresets.json", ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes",
    ".gitignore"};
/// Not part of the project, and no business of .gitignore.
constexpr std::string_view kNotOurs[] = {".git", "shared"};

/// Names that .gitignore leaves out: what builds and editors put into the root.
std::vector<std::string> ignored_by_git() {
  std::vector<std::string> names;
  std::ifstream file(std::filesystem::path(tests::source_folder()) / ".gitignore");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('/')) line.erase(0, 1);
    if (line.ends_with('/')) line.pop_back();
    names.push_back(line);
  }
  return names;
}

std::vector<std::string> unexpected(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names)
    if (std::ranges::find(kRoot, name) == std::end(kRoot) &&
        std::ranges::find(kNotOurs, name) == std::end(kNotOurs))
      result.push_back(name);
  return result;
}

TEST(RootRules, RefuseWhatIsNotListed) {
  EXPECT_EQ(unexpected({"engine", "utils", "README.md", "notes.txt", ".git"}),
            (std::vector<std::string>{"utils", "notes.txt"}));
}

TEST(House, TheRootHoldsWhatItMustAndNoMore) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(tests::source_folder()))
    names.push_back(entry.path().filename().string());
  const std::vector<std::string> ignored = ignored_by_git();
  std::erase_if(names, [&](const std::string& name) {
    return std::ranges::find(ignored, name) != ignored.end();
  });
  EXPECT_EQ(unexpected(names), std::vector<std::string>{});
  for (const std::string_view name :
       {"CMakeLists.txt", "lsp", "engine", "grammar", "tests", "packaging", "README.md",
        "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE"})
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name << " is missing";
}

}  // namespace
}  // namespace inpaint::house
