#include "tests/house/text_rules.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::house {
namespace {

struct TextCase {
  const char* name;
  std::string text;
};

// Written in parts, so that this file passes its own test.
const std::string kRoot = "/ro" + std::string("ot/");
const std::string kHome = "/ho" + std::string("me/");

const TextCase kPlaces[] = {
    {"root's home", "path = \"" + kRoot + "a\"\n"},
    {"at the begin of a line", kRoot + ".cache\n"},
    {"a user's home", "see " + kHome + "anna/inpaint\n"},
    {"a workplace", "cd /wo" + std::string("rk/main\n")},
    {"a registry", "https://pypi" + std::string(".org/simple\n")},
    {"another registry", "\"https://registry.npmjs" + std::string(".org/a\"\n")},
};

TEST(TextRules, RefusePlacesOfOneMachine) {
  for (const TextCase& c : kPlaces)
    EXPECT_EQ(foreign_place_violations("engine/a.cpp", c.text).size(), 1U) << c.name;
}

const TextCase kNoPlaces[] = {
    {"a path below the project", "editors/home/a, tests/work/b\n"},
    {"the user's cache", "${XDG_CACHE_HOME:-~/.cache}/inpaint\n"},
    {"a system path", "/usr/include/fmt\n"},
    {"a folder of that name further down", "$HOME/work/a ~/root/b ./root/c\n"},
};

TEST(TextRules, AllowOtherPlaces) {
  for (const TextCase& c : kNoPlaces)
    EXPECT_EQ(to_string(foreign_place_violations("engine/a.cpp", c.text)), "") << c.name;
}

TEST(TextRules, FixturesMaySpeakOfAUsersHomeButNotOfRoots) {
  EXPECT_TRUE(foreign_place_violations("tests/lsp/a.cpp", kHome + "anna/a.py\n").empty());
  EXPECT_FALSE(foreign_place_violations("tests/lsp/a.cpp", kRoot + "a.py\n").empty());
}

const TextCase kMutable[] = {
    {"a plain variable", "int n_calls = 0;\n"},
    {"a static one", "static int n_calls = 0;\n"},
    {"thread-local", "thread_local std::string last_error;\n"},
    {"an inline one in a header", "inline std::atomic<int> n_calls{0};\n"},
    {"a class type", "std::map<std::string, int> registry;\n"},
    {"a pointer to constant text is mutable itself", "const char* name = \"a\";\n"},
    {"an array", "int table[16];\n"},
    {"constinit is no constant", "constinit int n_calls = 0;\n"},
    {"in a function", "void f() {\n  static int n_calls = 0;\n}\n"},
    {"a singleton", "Engine& instance() {\n  static Engine engine;\n  return engine;\n}\n"},
    {"a static member", "struct A {\n  inline static int count = 0;\n};\n"},
};

TEST(TextRules, RefuseMutableGlobals) {
  for (const TextCase& c : kMutable)
    EXPECT_EQ(mutable_global_violations("engine/a.cpp", c.text).size(), 1U) << c.name;
}

const TextCase kConstant[] = {
    {"a constant", "const int kLimit = 3;\n"},
    {"a constant expression", "constexpr std::array kEnds = {1, 2};\n"},
    {"an inline constant", "inline constexpr int kLimit = 3;\n"},
    {"a constant in a function", "void f() {\n  static const std::regex kName(\"a\");\n}\n"},
    {"a static member function", "struct A {\n  static A parse(std::string_view text);\n};\n"},
    {"a constant pointer expression", "constexpr const char* kName = \"a\";\n"},
    {"a computed constant", "constexpr std::size_t kLimit = 64 * 1024;\n"},
    {"a function", "int f(int x);\n"},
    {"a function with a default", "int f(int x = 0);\n"},
    {"a function without parameters", "std::vector<int> f();\n"},
    {"a using declaration", "using Clock = std::chrono::steady_clock;\n"},
    {"a type", "struct A;\nclass B;\nenum class C : int;\n"},
    {"a local variable", "void f() {\n  int n = 0;\n}\n"},
    {"a member", "struct A {\n  int n = 0;\n};\n"},
    {"a constant pointer", "const char* const kName = \"a\";\n"},
    {"an assertion", "static_assert(sizeof(int) == 4);\n"},
    {"a comment", "// int n_calls = 0;\n"},
};

TEST(TextRules, AllowConstants) {
  for (const TextCase& c : kConstant)
    EXPECT_EQ(to_string(mutable_global_violations("engine/a.cpp", c.text)), "") << c.name;
}

TEST(TextRules, RefuseFilesOfMoreThan400Lines) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "\n";
  EXPECT_TRUE(length_violations("engine/a.cpp", text).empty());
  EXPECT_FALSE(length_violations("engine/a.cpp", text + "\n").empty());
}

TEST(TextRules, RefuseRoomsOfMoreThan26Sources) {
  Files files;
  for (char name = 'a'; name <= 'z'; ++name) {
    files["lsp/room/" + std::string(1, name) + ".cpp"] = "";
    files["lsp/room/" + std::string(1, name) + ".h"] = "";
  }
  EXPECT_EQ(to_string(crowded_room_violations(files)), "");
  files["lsp/room/zz.cpp"] = "";
  EXPECT_EQ(crowded_room_violations(files).size(), 1U);
}

TEST(House, NoFileNamesAPlaceOfOneMachine) {
  std::vector<Violation> all;
  for (const auto& [path, text] : read_source_tree(
           {".", ".ci", "grammar", "engine", "lsp", "tests", "editors", "packaging"})) {
    // What a tokenizer or a model's golden file holds is data, not a reference to a place.
    if (path.ends_with("tokenizer.json") || path.starts_with("tests/golden/")) continue;
    for (const Violation& v : foreign_place_violations(path, text)) all.push_back(v);
  }
  EXPECT_EQ(to_string(all), "");
}

TEST(House, NoRoomIsCrowded) {
  const Files files = read_source_tree({"grammar", "engine", "lsp", "tests"});
  EXPECT_EQ(to_string(crowded_room_violations(files)), "");
}

TEST(House, NoGlobalIsMutable) {
  std::vector<Violation> all;
  for (const auto& [path, text] : read_source_tree({"grammar", "engine", "lsp"}))
    if (is_cpp(path))
      for (const Violation& v : mutable_global_violations(path, text)) all.push_back(v);
  EXPECT_EQ(to_string(all), "");
}

TEST(House, NoFileIsLongWithoutAReason) {
  std::vector<Violation> all;
  for (const auto& [path, text] : read_source_tree({"grammar", "engine", "lsp", "tests"}))
    if (is_cpp(path))
      for (const Violation& v : length_violations(path, text)) all.push_back(v);
  EXPECT_EQ(to_string(all), "");
}

}  // namespace
}  // namespace inpaint::house
