#include "lsp/command/cases_command.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lsp/evaluation/eval_case.h"
#include "tests/lsp/command/machine.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::Machine;
using test::Outcome;

void write(const Machine& machine, const std::string& path, const std::string& text) {
  const fs::path file = machine.folder.path() / path;
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// Two packages of Python, and some C.
void write_sources(const Machine& machine) {
  for (int i = 0; i < 12; ++i) {
    const std::string n = std::to_string(i);
    std::string python = "import os\n\n";
    std::string c = "#include <stdio.h>\n\n";
    for (int j = 0; j < 8; ++j) {
      const std::string m = n + std::to_string(j);
      python +=
          "def f" + m + "(a, b):\n    if a > " + m + ":\n        print(a)\n    return a * b\n";
      c += "int f" + m + "(int a) {\n  if (a > " + m + ") puts(\"x\");\n  return a + 1;\n}\n";
    }
    write(machine, (i % 2 == 0 ? "code/one/m" : "code/two/m") + n + ".py", python);
    write(machine, "code/three/m" + n + ".c", c);
  }
  write(machine, "code/three/made.c", "/* DO NOT EDIT */\nint made(void) { return made_up; }\n");
}

std::vector<EvalCase> sample(Machine& machine, std::vector<std::string> more,
                             const std::string& out = "cases.jsonl") {
  std::vector<std::string> words = {"cases", "--from", "code", "--out", out};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome outcome = machine.run(words);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  auto cases = read_cases(machine.folder.path() / out);
  EXPECT_TRUE(cases) << engine::to_string(cases.error());
  return cases ? *cases : std::vector<EvalCase>();
}

TEST(CasesCommand, SamplesEveryLanguageAndKind) {
  Machine machine;
  write_sources(machine);
  const auto cases = sample(machine, {"--per-language", "20", "--strip", "1"});
  std::map<std::string, int> counts;
  for (const EvalCase& one : cases) {
    ASSERT_TRUE(one.kind);
    ++counts[one.language + " " + std::string(to_string(*one.kind))];
    EXPECT_EQ(one.path.find("one/"), std::string::npos) << one.path;
    EXPECT_EQ((one.prefix + one.target + one.suffix).find("made_up"), std::string::npos);
    EXPECT_FALSE(one.target.empty());
  }
  EXPECT_EQ(counts, (std::map<std::string, int>{{"c line", 7},
                                                {"c block", 7},
                                                {"c span", 6},
                                                {"python line", 7},
                                                {"python block", 7},
                                                {"python span", 6}}));
  // Languages and kinds take turns.
  std::set<std::string> first;
  for (std::size_t i = 0; i < 6; ++i)
    first.insert(cases[i].language + std::string(to_string(*cases[i].kind)));
  EXPECT_EQ(first.size(), 6U);
}

/// Files of our own writing, to score lines by that no grammar checks.
std::string files_without_grammar() {
  return tests::source_folder() + "/tests/quality/without_grammar";
}

TEST(CasesCommand, CutsLinesOfLanguagesWithoutAGrammarWhereTheyAreNamed) {
  Machine machine;
  for (const char* language : {"csharp", "php", "ruby", "kotlin", "shellscript"}) {
    const Outcome outcome =
        machine.run({"cases", "--from", files_without_grammar(), "--out", "cases.jsonl",
                     "--language", language, "--kinds", "line", "--per-language", "2"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto cases = read_cases(machine.folder.path() / "cases.jsonl");
    ASSERT_TRUE(cases) << engine::to_string(cases.error());
    ASSERT_EQ(cases->size(), 2U) << language;
    for (const EvalCase& one : *cases) {
      EXPECT_EQ(one.language, language);
      EXPECT_EQ(language_of(one), nullptr);
      EXPECT_EQ(one.target.find('\n'), std::string::npos);
    }
    const Outcome scored = machine.run({"eval", "--cases", "cases.jsonl", "--out", "out.jsonl"});
    EXPECT_EQ(scored.exit_code, 0) << scored.err;
    EXPECT_NE(scored.err.find(language), std::string::npos) << scored.err;
  }
  const Outcome unasked =
      machine.run({"cases", "--from", files_without_grammar(), "--out", "cases.jsonl"});
  EXPECT_EQ(unasked.exit_code, 1) << "they move no set of the languages with a grammar";
}

TEST(CasesCommand, GivesTheSameForASeed) {
  Machine machine;
  write_sources(machine);
  const auto first = sample(machine, {"--per-language", "12"}, "a");
  EXPECT_EQ(sample(machine, {"--per-language", "12"}, "b"), first);
  EXPECT_NE(sample(machine, {"--per-language", "12", "--seed", "2"}, "c"), first);
}

TEST(CasesCommand, AddsTheFilesThatLieBeside) {
  Machine machine;
  write_sources(machine);
  const auto without = sample(machine, {"--per-language", "12", "--strip", "1"}, "a");
  auto cases = sample(machine, {"--per-language", "12", "--strip", "1", "--neighbours", "2"}, "b");
  ASSERT_EQ(cases.size(), without.size());
  for (EvalCase& one : cases) {
    ASSERT_EQ(one.neighbours.size(), 2U) << one.id;
    const std::string own = one.prefix + one.target + one.suffix;
    for (const std::string& text : one.neighbours) {
      EXPECT_NE(text, own) << one.id;
      EXPECT_EQ(text.starts_with("import"), one.language == "python") << one.id;
    }
    one.neighbours.clear();
  }
  EXPECT_EQ(cases, without) << "they move no hole";
}

TEST(CasesCommand, KeepsToLanguageKindsAndContext) {
  Machine machine;
  write_sources(machine);
  const auto cases = sample(machine, {"--per-language", "10", "--language", "c", "--kinds",
                                      "line,span", "--max-context-bytes", "300"});
  EXPECT_EQ(cases.size(), 10U);
  for (const EvalCase& one : cases) {
    EXPECT_EQ(one.language, "c");
    EXPECT_NE(one.kind, grammar::HoleKind::block);
    EXPECT_LE(one.prefix.size() + one.suffix.size(), 300U);
  }
}

TEST(CasesCommand, SaysWhereThereAreTooFew) {
  Machine machine;
  write(machine, "code/a.py", "x = compute(1)\ny = x\n");
  const Outcome outcome =
      machine.run({"cases", "--from", "code", "--out", "cases.jsonl", "--kinds", "line"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("298 too few"), std::string::npos) << outcome.err;
  const auto cases = read_cases(machine.folder.path() / "cases.jsonl");
  ASSERT_TRUE(cases);
  EXPECT_EQ(cases->size(), 2U) << "a file is asked twice at most";
}

TEST(CasesCommand, LeavesNothingBehindWhenItFails) {
  Machine machine;
  write(machine, "code/a.txt", "nothing\n");
  EXPECT_EQ(machine.run({"cases", "--from", "code", "--out", "c"}).exit_code, 1);
  EXPECT_EQ(machine.run({"cases", "--from", "absent", "--out", "c"}).exit_code, 1);
  EXPECT_FALSE(fs::exists(machine.folder.path() / "c"));
  write(machine, "code/a.py", "x = compute(1)\n");
  EXPECT_EQ(machine.run({"cases", "--from", "code", "--out", "no/such/c"}).exit_code, 1);
  machine.stop.request_stop();
  EXPECT_EQ(machine.run({"cases", "--from", "code", "--out", "c"}).exit_code, 130);
  EXPECT_FALSE(fs::exists(machine.folder.path() / "c"));
}

TEST(CasesCommand, IsUsedWrongly) {
  Machine machine;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"cases"},
        {"cases", "--from", "a"},
        {"cases", "--from", "a", "--out", "b", "--kinds", "word"},
        {"cases", "--from", "a", "--out", "b", "--language", "cobol"},
        {"cases", "--from", "a", "--out", "b", "--per-language", "0"},
        {"cases", "--from", "a", "--out", "b", "--neighbours", "9"},
        {"cases", "--from", "a", "--out", "b", "--strip", "-1"}}) {
    const Outcome outcome = machine.run(words);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
  }
}

}  // namespace
}  // namespace inpaint::lsp
