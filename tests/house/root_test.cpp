// The root of the source tree is what a newcomer sees first: it holds what it must, and no more.
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::house {
namespace {

constexpr std::string_view kRoot[] = {
    // folders and texts, in the order of the design
    "CMakeLists.txt", "lsp", "engine", "grammar", "editors", "tests", "packaging", "README.md",
    "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE",
    // what tools look for in the root
    "CMakePresets.json", ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".gitattributes",
    ".gitignore"};
/// Not part of the project: the repository itself and what builds and checkouts leave.
constexpr std::string_view kNotOurs[] = {
    ".git", "build", ".cache", "compile_commands.json", "shared", "CMakeUserPresets.json"};

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
  for (const auto& entry : std::filesystem::directory_iterator(INPAINT_SOURCE_DIR))
    names.push_back(entry.path().filename().string());
  EXPECT_EQ(unexpected(names), std::vector<std::string>{});
  for (const std::string_view name :
       {"CMakeLists.txt", "lsp", "engine", "grammar", "tests", "packaging", "README.md",
        "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE"})
    EXPECT_NE(std::ranges::find(names, name), names.end()) << name << " is missing";
}

}  // namespace
}  // namespace inpaint::house
