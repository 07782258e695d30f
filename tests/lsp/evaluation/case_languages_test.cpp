#include "lsp/evaluation/case_languages.h"

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

TEST(CaseLanguages, AreKnownByTheirNamesAndEndings) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"Python", "python"},  {".py", "python"},
      {"C++", "cpp"},        {"C#", "csharp"},
      {".cs", "csharp"},     {"PHP", "php"},
      {"ruby", "ruby"},      {"rb", "ruby"},
      {"kt", "kotlin"},      {"bash", "shellscript"},
      {"sh", "shellscript"}, {"shell", "shellscript"},
      {"cobol", ""},         {"", ""}};
  for (const auto& [given, expect] : cases) EXPECT_EQ(case_language(given), expect) << given;
}

TEST(CaseLanguages, ThoseWithoutAGrammarAreToldByTheEndOfTheName) {
  EXPECT_EQ(language_without_grammar("src/Ledger.cs"), "csharp");
  EXPECT_EQ(language_without_grammar("build.gradle.kts"), "kotlin");
  EXPECT_EQ(language_without_grammar("run.bash"), "shellscript");
  EXPECT_EQ(language_without_grammar("a.py"), "") << "it has a grammar";
  EXPECT_EQ(language_without_grammar("README"), "");
  EXPECT_EQ(languages_without_grammar(), "csharp, php, ruby, kotlin, shellscript");
}

}  // namespace
}  // namespace inpaint::lsp
