// Languages of a file of the user's: what can be used, and what is said of the rest.

#include "lsp/command/user_languages.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "grammar/lexical/lexical_rules.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/command/value_text.h"
#include "tests/lsp/command/machine.h"
#include "tests/lsp/command/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

using Json = nlohmann::json;

std::string library(const char* name) { return tests::binary_folder() + "/lib/lib" + name + ".so"; }

Json golike() {
  return {{"grammar", library("test_grammar_go")},
          {"symbol", "tree_sitter_go"},
          {"extensions", {".golike"}},
          {"lineComment", "//"},
          {"blockComment", {"/*", "*/"}},
          {"strings",
           {"\"", {{"open", "`"}, {"close", "`"}, {"manyLines", true}, {"escapes", false}}}}};
}

struct Loaded {
  test::TemporaryFolder folder;
  UserLanguages languages;

  explicit Loaded(const std::string& text)
      : languages(UserLanguages::load(folder.write("languages.json", text))) {}
  std::string problem() const {
    if (languages.problems().empty()) return "";
    std::string text = to_string(languages.problems().front());
    const std::string place = folder.path().string() + "/";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place))
      text.erase(at, place.size());
    return text;
  }
};

TEST(UserLanguages, ALibraryBecomesALanguage) {
  const Loaded loaded(Json{{"golike", golike()}}.dump());
  EXPECT_EQ(loaded.problem(), "");
  const grammar::LanguageSet set = loaded.languages.set();
  const grammar::Language* language = set.for_path("src/a.GoLike");
  ASSERT_NE(language, nullptr);
  EXPECT_EQ(language->name, "golike");
  EXPECT_EQ(set.by_name("golike"), language);
  EXPECT_EQ(set.by_name("python"), grammar::language_by_name("python"));
  EXPECT_EQ(set.for_path("a.py"), grammar::language_by_name("python"));
  EXPECT_EQ(set.for_path("a.txt"), nullptr);
  const auto tree = grammar::SyntaxTree::parse(*language, "package p\nfunc f() {}\n");
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(tree->errors(), grammar::ErrorCount{});
  const grammar::LexicalRules& rules = grammar::lexical_rules(language);
  EXPECT_EQ(rules.line_comment, "//");
  ASSERT_EQ(rules.strings.size(), 2U);
  EXPECT_TRUE(rules.strings[1].many_lines);
  EXPECT_FALSE(rules.strings[1].escapes);
}

TEST(UserLanguages, NoFileNamesNone) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(UserLanguages::load(folder.path() / "none.json").problems().empty());
  EXPECT_TRUE(UserLanguages::load(folder.path() / "none.json").set().added().empty());
}

TEST(UserLanguages, AFileInTheWorkingFolderIsNotRead) {
  EXPECT_TRUE(UserLanguages::load("CMakeLists.txt").problems().empty());
  EXPECT_TRUE(UserLanguages::load("").problems().empty());
}

struct WrongCase {
  const char* name;
  std::string text;
  const char* problem;  // its beginning
};

TEST(UserLanguages, WhatCanNotBeUsedIsTold) {
  const auto with = [](const char* key, const Json& value, const char* name = "golike") {
    Json given = golike();
    if (value.is_null()) given.erase(key);
    else given[key] = value;
    return Json{{name, given}}.dump();
  };
  const WrongCase cases[] = {
      {"no JSON", "{", "languages.json: it is no JSON object: "},
      {"no object", "[]", "languages.json: it is no JSON object: "},
      {"a language that is none", R"({"lua": 7})", "languages.json: lua: it is no object: "},
      {"one that is built in", with("symbol", "tree_sitter_go", "go"),
       "languages.json: go: this language is built in: "},
      {"no library", with("grammar", nullptr), "languages.json: golike: no `grammar`: "},
      {"no extensions", with("extensions", nullptr), "languages.json: golike: no `extensions`: "},
      {"an extension that is none", with("extensions", {7}),
       "languages.json: golike: an extension is no text: "},
      {"an empty extension", with("extensions", {"."}),
       "languages.json: golike: an extension is no text: "},
      {"a switch that is none", with("indents", "perhaps"),
       "languages.json: golike: `indents` is neither true nor false: "},
      {"a comment that is no text", with("lineComment", 7),
       "languages.json: golike: `lineComment` is no text: "},
      {"a string that nothing opens", with("strings", {""}),
       "languages.json: golike: a string rule has no text that opens it: "},
      {"half a comment", with("blockComment", {"/*"}),
       "languages.json: golike: `blockComment` is no pair: "},
      {"a path below the configuration folder", with("grammar", "go.so"),
       "go.so: there is no such file: "},
      {"a library that is not there", with("grammar", "/nowhere/go.so"),
       "/nowhere/go.so: there is no such file: "},
      {"another function", with("symbol", "tree_sitter_ada"), nullptr},
      {"tables of the future", with("grammar", library("test_grammar_future")), nullptr},
  };
  for (const WrongCase& c : cases) {
    const Loaded loaded(c.text);
    EXPECT_EQ(loaded.languages.problems().size(), 1U) << c.name;
    EXPECT_TRUE(loaded.languages.set().added().empty()) << c.name;
    if (c.problem != nullptr) {
      EXPECT_TRUE(loaded.problem().starts_with(c.problem)) << c.name << ": " << loaded.problem();
    }
  }
}

struct LooseCase {
  const char* name;
  const char* key;
  Json value;
};

TEST(UserLanguages, WhatIsWrittenLooselyIsReadByItsMeaning) {
  const LooseCase cases[] = {
      {"an extension alone", "extensions", ".golike"},
      {"without a dot", "extensions", "golike"},
      {"as a pattern", "Extensions", {"*.GOLIKE"}},
      {"the singular", "extension", "golike"},
      {"an underscore", "line_comment", "//"},
      {"a comment in a list", "lineComment", {"//"}},
      {"a pair in a list", "blockComment", Json::array({Json::array({"/*", "*/"})})},
      {"a pair as an object", "block-comment", {{"open", "/*"}, {"close", "*/"}}},
      {"a string rule alone", "strings", "\""},
      {"an empty table", "strings", Json::object()},
      {"nothing", "lineComment", nullptr},
      {"a switch in words", "indents", "No"},
      {"a switch as a number", "semicolons", 0},
      {"a remark", "$comment", "mine"},
  };
  for (const LooseCase& c : cases) {
    Json given = golike();
    for (const char* strict : {"extensions", "lineComment", "blockComment", "strings"})
      if (plain_word(c.key).find(plain_word(strict).substr(0, 4)) == 0) given.erase(strict);
    given[c.key] = c.value;
    const Loaded loaded(Json{{"GoLike", given}, {"$schema", "x"}}.dump());
    EXPECT_EQ(loaded.problem(), "") << c.name;
    const grammar::LanguageSet set = loaded.languages.set();
    const grammar::Language* const language = set.by_name("golike");
    ASSERT_NE(language, nullptr) << c.name;
    EXPECT_EQ(set.for_path("a.golike"), language) << c.name;
  }
}

TEST(UserLanguages, ANameThatMeansNothingIsToldAndTheLanguageIsUsed) {
  Json given = golike();
  given["colour"] = "red";
  const Loaded loaded(Json{{"golike", given}}.dump());
  EXPECT_TRUE(loaded.problem().starts_with("languages.json: golike: `colour` is unknown: "))
      << loaded.problem();
  EXPECT_EQ(loaded.languages.problems().size(), 1U);
  EXPECT_EQ(loaded.languages.set().added().size(), 1U);
}

TEST(UserLanguages, TablesOfAnotherVersionAreRefused) {
  Json given = golike();
  given["grammar"] = library("test_grammar_future");
  given["symbol"] = "tree_sitter_future";
  const Loaded future(Json{{"future", given}}.dump());
  EXPECT_TRUE(future.problem().contains("its tables are of version 99")) << future.problem();
  given["symbol"] = "tree_sitter_nothing";
  const Loaded nothing(Json{{"nothing", given}}.dump());
  EXPECT_TRUE(nothing.problem().contains("its tables are of version none")) << nothing.problem();
}

TEST(UserLanguages, AFileThatIsNoLibraryIsRefused) {
  const test::TemporaryFolder folder;
  Json given = golike();
  given["grammar"] = folder.write("text.so", "not a library");
  const Loaded loaded(Json{{"golike", given}, {"other", golike()}}.dump());
  EXPECT_TRUE(loaded.problem().contains("text.so")) << loaded.problem();
  EXPECT_EQ(loaded.languages.set().added().size(), 1U);  // the other one
}

TEST(UserLanguages, CommandsKnowThem) {
  test::Machine machine;
  machine.config_folder = machine.folder.path();
  machine.folder.write("languages.json", Json{{"golike", golike()}}.dump());
  const std::string file =
      machine.folder.write("a.golike", "package p\n\nfunc f() {\n\treturn \n}\n");
  const auto outcome = machine.run({"complete", file + ":4:9", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out)["errors_before"], 0);  // it has a grammar
  EXPECT_EQ(machine.run({"complete", file + ":4:9", "--language", "golike"}).exit_code, 0);
  const auto unknown = machine.run({"complete", file + ":4:9", "--language", "cobol"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_EQ(
      unknown.err,
      "inpaint: --language: 'cobol' is none of c, cpp, go, java, javascript, python, rust, tsx, "
      "typescript, golike: see `inpaint complete --help`\n");
  EXPECT_TRUE(Json::parse(machine.run({"doctor", "--json"}).out)["grammars"].back() == "golike");
}

}  // namespace
}  // namespace inpaint::lsp
