#include "lsp/evaluation/eval_summary.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace inpaint::lsp {
namespace {

EvalCase asked_for(const std::string& target) {
  EvalCase asked;
  asked.id = "a";
  asked.language = "python";
  asked.kind = grammar::HoleKind::line;
  asked.target = target;
  return asked;
}

EvalResult answer_of(const std::string& text) {
  EvalResult answer;
  answer.id = "a";
  answer.text = text;
  answer.kind = "block";
  return answer;
}

TEST(ScoredCase, ComparesAnswerAndTarget) {
  EvalResult answer = answer_of("ab");
  answer.errors_baseline = 1;
  answer.errors_after = 1;
  answer.probability = 0.5;
  const ScoredCase scored = score(asked_for("abcd"), answer);
  EXPECT_EQ(scored.language, "python");
  EXPECT_EQ(scored.kind, "line") << "the kind that was asked for, not the planned one";
  EXPECT_FALSE(scored.exact);
  EXPECT_DOUBLE_EQ(scored.similarity, 50.0);
  EXPECT_TRUE(scored.shown);
  EXPECT_EQ(scored.promise_kept, true);
  EXPECT_EQ(scored.probability, 0.5);
}

TEST(ScoredCase, LooksAtTheOtherTextsToo) {
  EvalResult answer = answer_of("ab");
  answer.others = {"x", "abcd"};
  const ScoredCase scored = score(asked_for("abcd"), answer);
  EXPECT_FALSE(scored.exact);
  EXPECT_TRUE(scored.exact_of_three);
  answer.others.clear();
  EXPECT_FALSE(score(asked_for("abcd"), answer).exact_of_three);
  EXPECT_TRUE(score(asked_for("ab"), answer).exact_of_three);
}

TEST(ScoredCase, KeepsThePromiseOrNotOrIsUnknown) {
  EvalResult answer = answer_of("b");
  EXPECT_FALSE(score(asked_for("a"), answer).promise_kept);
  answer.errors_after = 2;
  EXPECT_FALSE(score(asked_for("a"), answer).promise_kept);
  answer.errors_baseline = 1;
  EXPECT_EQ(score(asked_for("a"), answer).promise_kept, false);
  answer.text = " \n";
  EXPECT_FALSE(score(asked_for("a"), answer).shown) << "white space is nothing";
  EXPECT_FALSE(score(asked_for("a"), answer).promise_kept) << "and nothing promises nothing";
  EvalCase without_kind = asked_for("a");
  without_kind.kind.reset();
  EXPECT_EQ(score(without_kind, answer).kind, "block");
}

ScoredCase scored(const std::string& language, const std::string& kind, bool exact,
                  double similarity, double milliseconds) {
  ScoredCase one;
  one.language = language;
  one.kind = kind;
  one.exact = exact;
  one.similarity = similarity;
  one.shown = true;
  one.milliseconds = milliseconds;
  return one;
}

const SummaryRow& row_of(const std::vector<SummaryRow>& rows, const std::string& language,
                         const std::string& kind) {
  const auto found = std::ranges::find_if(
      rows, [&](const SummaryRow& row) { return row.language == language && row.kind == kind; });
  EXPECT_NE(found, rows.end()) << language << " " << kind;
  return *found;
}

std::vector<ScoredCase> four_cases() {
  std::vector<ScoredCase> cases = {
      scored("python", "line", true, 100.0, 10.0), scored("python", "line", false, 40.0, 20.0),
      scored("c", "span", false, 10.0, 30.0), scored("c", "line", true, 100.0, 400.0)};
  cases[0].probability = 0.9;
  cases[0].promise_kept = true;
  cases[0].tokens = 6;
  cases[0].forwards = 2;
  cases[1].probability = 0.3;
  cases[1].promise_kept = false;
  cases[1].tokens = 2;
  cases[1].forwards = 2;
  cases[2].shown = false;
  cases[2].probability = 0.95;
  return cases;
}

TEST(EvalSummary, HasRowsByLanguageAndKindAndOverAll) {
  const std::vector<SummaryRow> rows = summarise(four_cases());
  std::vector<std::string> names;
  for (const SummaryRow& row : rows) names.push_back(row.language + " " + row.kind);
  EXPECT_EQ(names, (std::vector<std::string>{"c line", "c span", "c all", "python line",
                                             "python all", "all line", "all span", "all all"}));
  EXPECT_TRUE(summarise({}).empty());
}

TEST(EvalSummary, Adds) {
  const std::vector<SummaryRow> rows = summarise(four_cases());
  const SummaryRow& python = row_of(rows, "python", "line");
  EXPECT_EQ(python.cases, 2U);
  EXPECT_DOUBLE_EQ(python.exact, 0.5);
  EXPECT_DOUBLE_EQ(python.similarity, 70.0);
  EXPECT_EQ(python.promise_kept, 0.5);
  EXPECT_DOUBLE_EQ(python.coverage, 1.0);
  EXPECT_EQ(python.precision, 0.5);
  EXPECT_EQ(python.tokens_per_forward, 2.0);
  EXPECT_DOUBLE_EQ(python.p50_ms, 10.0);
  EXPECT_DOUBLE_EQ(python.p95_ms, 20.0);

  const SummaryRow& span = row_of(rows, "c", "span");
  EXPECT_DOUBLE_EQ(span.coverage, 0.0);
  EXPECT_FALSE(span.precision) << "nothing is shown, so nothing is known";
  EXPECT_FALSE(span.promise_kept);
  EXPECT_FALSE(span.tokens_per_forward);

  const SummaryRow& all = row_of(rows, "all", "all");
  EXPECT_EQ(all.cases, 4U);
  EXPECT_DOUBLE_EQ(all.coverage, 0.75);
  EXPECT_EQ(all.promise_kept, 0.5) << "of those where it is known";
  EXPECT_DOUBLE_EQ(all.p50_ms, 20.0);
  EXPECT_DOUBLE_EQ(all.p95_ms, 400.0);
}

TEST(EvalSummary, TellsWhatAGateWouldDo) {
  const std::vector<SummaryRow> rows = summarise(four_cases());
  const auto at = [&](const char* language, const char* kind, double threshold) {
    const SummaryRow& row = row_of(rows, language, kind);
    const auto found = std::ranges::find(row.thresholds, threshold, &ThresholdRow::threshold);
    EXPECT_NE(found, row.thresholds.end());
    return *found;
  };
  EXPECT_DOUBLE_EQ(at("python", "line", 0.3).coverage, 1.0);
  EXPECT_EQ(at("python", "line", 0.3).precision, 0.5);
  EXPECT_DOUBLE_EQ(at("python", "line", 0.9).coverage, 0.5);
  EXPECT_EQ(at("python", "line", 0.9).precision, 1.0);
  EXPECT_FALSE(at("python", "line", 0.95).precision);
  EXPECT_DOUBLE_EQ(at("c", "span", 0.9).coverage, 0.0) << "an empty text is never shown";
  EXPECT_TRUE(row_of(rows, "c", "line").thresholds.empty()) << "no probability, no threshold";
}

TEST(EvalSummary, HasRowsByLength) {
  std::vector<ScoredCase> cases = four_cases();
  cases[0].bytes = 16;
  cases[1].bytes = 17;
  cases[2].bytes = 64;
  cases[3].bytes = 1000;
  const std::vector<SummaryRow> rows = summarise_by_length(cases);
  std::vector<std::string> lengths;
  for (const SummaryRow& row : rows) lengths.push_back(row.length + " " + row.kind);
  EXPECT_EQ(lengths, (std::vector<std::string>{"1-16 all", "17-64 all", "over 160 all"}));
  EXPECT_EQ(rows[1].cases, 2U);
  EXPECT_EQ(score(asked_for(" abc\n"), answer_of("")).bytes, 3U);
}

TEST(EvalSummary, IsWrittenAsJsonAndAsATable) {
  const EvalSummary summary{.mode = "lossless",
                            .gate = true,
                            .model = "mini",
                            .rows = summarise(four_cases()),
                            .lengths = {}};
  const auto json = nlohmann::json::parse(to_json(summary));
  EXPECT_EQ(json["mode"], "lossless");
  EXPECT_EQ(json["gate"], true);
  EXPECT_EQ(json["model"], "mini");
  ASSERT_EQ(json["rows"].size(), 8U);
  EXPECT_EQ(json["rows"][0]["language"], "c");
  EXPECT_TRUE(json["rows"][1]["precision"].is_null());
  EXPECT_EQ(json["rows"][3]["exact"], 0.5);
  EXPECT_EQ(json["rows"][3]["tokens_per_forward"], 2.0);

  const std::string table = to_table(summary);
  EXPECT_EQ(std::ranges::count(table, '\n'), 9);
  EXPECT_TRUE(table.starts_with("lossless")) << table;
  // Every line has the columns of the first one.
  const std::size_t width = table.find('\n');
  for (std::size_t begin = 0; begin < table.size(); begin = table.find('\n', begin) + 1)
    EXPECT_EQ(table.find('\n', begin) - begin, width) << table;
}

}  // namespace
}  // namespace inpaint::lsp
