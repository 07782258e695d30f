#include "lsp/evaluation/eval_case.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

using test::TemporaryFolder;

constexpr std::string_view kGood =
    R"({"id":"a","language":"python","kind":"line","path":"x.py","prefix":"x = ","suffix":"\n","target":"1"})";

TEST(EvalCase, IsReadAndWritten) {
  const auto asked = parse_case(kGood, "here:1");
  ASSERT_TRUE(asked) << engine::to_string(asked.error());
  EXPECT_EQ(asked->id, "a");
  EXPECT_EQ(asked->language, "python");
  EXPECT_EQ(asked->kind, grammar::HoleKind::line);
  EXPECT_EQ(asked->path, "x.py");
  EXPECT_EQ(asked->prefix, "x = ");
  EXPECT_EQ(asked->suffix, "\n");
  EXPECT_EQ(asked->target, "1");
  EXPECT_EQ(to_json_line(*asked), kGood);
}

TEST(EvalCase, MayLeaveOutKindAndPathAndCarryMore) {
  const auto asked = parse_case(
      R"({"id":"a","language":"cobol","prefix":"","suffix":"","target":"","metadata":{"x":[1]}})",
      "here:1");
  ASSERT_TRUE(asked) << engine::to_string(asked.error());
  EXPECT_FALSE(asked->kind);
  EXPECT_EQ(asked->path, "");
  EXPECT_EQ(language_of(*asked), nullptr);
}

struct LanguageCase {
  const char* language;
  const char* path;
  std::string_view found;  // empty: none
};
constexpr LanguageCase kLanguages[] = {
    {"python", "", "python"},       {"python", "a.txt", "python"},
    {"cpp", "a.h", "cpp"},          {"typescript", "a.ts", "typescript"},
    {"typescript", "a.tsx", "tsx"}, {"nonsense", "a.rs", "rust"},
    {"nonsense", "", ""},           {"java", "a.tsx", "java"},
};

TEST(EvalCase, NamesItsLanguage) {
  for (const LanguageCase& c : kLanguages) {
    EvalCase asked;
    asked.language = c.language;
    asked.path = c.path;
    const grammar::Language* found = language_of(asked);
    EXPECT_EQ(found == nullptr ? "" : found->name, c.found) << c.language << " " << c.path;
  }
}

TEST(EvalCase, KnowsEveryKindByItsName) {
  for (const char* name :
       {"line", "expression", "argument", "statement", "block", "middle", "span"}) {
    const auto kind = kind_by_name(name);
    ASSERT_TRUE(kind) << name;
    EXPECT_EQ(to_string(*kind), name);
  }
  EXPECT_FALSE(kind_by_name("lines"));
}

struct BadLine {
  const char* name;
  std::string_view line;
  const char* says;  // part of the error
};
constexpr BadLine kBadLines[] = {
    {"no JSON", "x = 1", "not usable JSON"},
    {"half a line", R"({"id":"a","language)", "not usable JSON"},
    {"a list", "[1]", "is no JSON object"},
    {"no target", R"({"id":"a","language":"c","prefix":"","suffix":""})", "has no \"target\""},
    {"null for text", R"({"id":"a","language":"c","prefix":null,"suffix":"","target":""})",
     "has no \"prefix\""},
    {"a number for text", R"({"id":7,"language":"c","prefix":"","suffix":"","target":""})",
     "\"id\" is no text"},
    {"an empty id", R"({"id":"","language":"c","prefix":"","suffix":"","target":""})",
     "its id is empty"},
    {"an unknown kind",
     R"({"id":"a","language":"c","kind":"word","prefix":"","suffix":"","target":""})",
     "kind 'word' is none of line, "},
    {"a kind that is no word",
     R"({"id":"a","language":"c","kind":[],"prefix":"","suffix":"","target":""})",
     "kind '[]' is none of"},
    {"a key twice", R"({"id":"a","id":"b","language":"c","prefix":"","suffix":"","target":""})",
     "not usable JSON"},
    {"no UTF-8", "{\"id\":\"\xff\"}", "not usable JSON"},
    {"a cut in a line end",
     R"({"id":"a","language":"c","prefix":"x\r","suffix":"\ny","target":""})",
     "inside of a line end"},
    {"a cut before the mark",
     "{\"id\":\"a\",\"language\":\"c\",\"prefix\":\"\",\"suffix\":\"\xEF"
     "\xBB\xBF\",\"target\":\"\"}",
     "before the byte order mark"},
};

TEST(EvalCase, RefusesWhatIsNone) {
  for (const BadLine& c : kBadLines) {
    const auto asked = parse_case(c.line, "in.jsonl:12");
    ASSERT_FALSE(asked) << c.name;
    EXPECT_EQ(asked.error().code, engine::ErrorCode::bad_data) << c.name;
    EXPECT_EQ(asked.error().what, "in.jsonl:12") << c.name;
    EXPECT_NE(asked.error().why.find(c.says), std::string::npos) << c.name << asked.error().why;
    EXPECT_FALSE(asked.error().remedy.empty()) << c.name;
  }
}

std::string line_of(const std::string& id) {
  EvalCase asked;
  asked.id = id;
  asked.language = "c";
  return to_json_line(asked) + "\n";
}

TEST(EvalCases, AreReadInOrderUpToALimit) {
  const TemporaryFolder folder;
  const std::string file = folder.write("in.jsonl", line_of("a") + "\n" + line_of("b") + "not one");
  EXPECT_FALSE(read_cases(file)) << "a bad line is found before any work";
  const auto two = read_cases(file, 2);
  ASSERT_TRUE(two) << "what is not asked for is not looked at";
  ASSERT_EQ(two->size(), 2U);
  EXPECT_EQ((*two)[1].id, "b");
  const auto bad = read_cases(file);
  EXPECT_EQ(bad.error().what, file + ":4") << "blank lines count";
}

TEST(EvalCases, HaveEachANameOfTheirOwn) {
  const TemporaryFolder folder;
  const auto cases = read_cases(folder.write("in.jsonl", line_of("a") + line_of("a")));
  ASSERT_FALSE(cases);
  EXPECT_NE(cases.error().why.find("'a' was there before"), std::string::npos);
}

TEST(EvalCases, AreMissingOrNone) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_cases(folder.path() / "absent").error().code, engine::ErrorCode::file_not_found);
  EXPECT_EQ(read_cases(folder.write("in.jsonl", "\n \n")).error().code,
            engine::ErrorCode::bad_data);
}

}  // namespace
}  // namespace inpaint::lsp
