#include "tests/house/placement_rules.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::house {
namespace {

TEST(PlacementRules, FindWhatMayNotStandThere) {
  for (const Placement& rule : placements()) {
    const std::string path =
        (rule.folder.empty() ? "grammar/" : std::string(rule.folder)) + "zz.cpp";
    const Files files = {{path, "\nint x = " + std::string(rule.what) + "\n"}};
    const auto violations = placement_violations(files);
    ASSERT_FALSE(violations.empty()) << rule.what;
    EXPECT_EQ(violations.front().line, 2) << rule.what;
  }
}

TEST(PlacementRules, LeaveTheFilesThatMay) {
  for (const Placement& rule : placements())
    for (const std::string_view allowed : rule.files) {
      const std::string path = std::string(allowed) + (allowed.ends_with(".cpp") ? "" : "x.cpp");
      for (const Violation& v : placement_violations({{path, "f(); " + std::string(rule.what)}}))
        EXPECT_FALSE(v.text.starts_with(std::string(rule.what) + " ")) << path << ": " << v.text;
    }
}

TEST(PlacementRules, TakeWholeWordsOfCode) {
  const std::pair<const char*, const char*> cases[] = {
      {"a comment", "// std::cout << mmap;\n"},
      {"a comment of lines", "/* getenv\n mmap */ int x;\n"},
      {"a part of a word", "int mmapped = during(security);\n"},
      {"a comment behind text", "f(\"//\"); // std::cin\n"},
      {"a comment behind a quote", "f('\"'); // std::cin\n"},
      {"digits with separators", "f(1'000); // std::cin\n"},
  };
  for (const auto& [name, text] : cases)
    EXPECT_EQ(to_string(placement_violations({{"engine/a.cpp", text}})), "") << name;
  EXPECT_EQ(placement_violations({{"engine/a.cpp", "f(\"//\", mmap);"}}).size(), 1U);
}

TEST(PlacementRules, RefuseFileCallsThatThrow) {
  for (const char* text :
       {"fs::exists(a)", "std::filesystem::exists(a / \"b\")", "fs::absolute(f(a, b))",
        "fs::current_path()", "fs::temp_directory_path() / x", "fs::create_directories(a);",
        "fs::equivalent(a, b)", "for (auto& e : fs::directory_iterator(a)) {}",
        "for (auto& e : std::filesystem::recursive_directory_iterator(a, error)) {}"})
    EXPECT_EQ(throwing_file_calls("engine/a.cpp", text).size(), 1U) << text;
  for (const char* text :
       {"fs::exists(a, error)", "fs::current_path(gone)", "fs::is_directory(status)", "fs::path(a)",
        "fs::equivalent(a, b, error)", "// fs::exists(a)", "my_exists(a)",
        "for (fs::directory_iterator at(a, error), end; !error && at != end; at.increment(error))"})
    EXPECT_EQ(to_string(throwing_file_calls("engine/a.cpp", text)), "") << text;
}

TEST(House, EverythingStandsInItsPlace) {
  EXPECT_EQ(to_string(placement_violations(read_source_tree({"grammar", "engine", "lsp"}))), "");
}

TEST(House, NoPlaceIsKeptForNothing) {
  EXPECT_EQ(to_string(idle_placements(read_source_tree({"grammar", "engine", "lsp"}))), "");
}

TEST(House, NoFileCallThrows) {
  std::vector<Violation> all;
  for (const auto& [path, text] : read_source_tree({"grammar", "engine", "lsp"}))
    if (is_cpp(path))
      for (const Violation& v : throwing_file_calls(path, text)) all.push_back(v);
  EXPECT_EQ(to_string(all), "");
}

}  // namespace
}  // namespace inpaint::house
