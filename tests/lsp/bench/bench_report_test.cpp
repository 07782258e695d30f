#include "lsp/bench/bench_report.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace inpaint::lsp {
namespace {

std::vector<double> from_one_to(int last) {
  std::vector<double> values;
  for (int i = 1; i <= last; ++i) values.push_back(i);
  return values;
}

struct PercentileCase {
  const char* name;
  std::vector<double> values;
  double q;
  double expect;
};

TEST(Percentile, IsTheNearestRank) {
  const PercentileCase cases[] = {
      {"one value is every percentile", {7.0}, 0.95, 7.0},
      {"the lower of two is the median", {2.0, 1.0}, 0.5, 1.0},
      {"the middle of three, in any order", {3.0, 1.0, 2.0}, 0.5, 2.0},
      {"19 of 20 are 95 %", from_one_to(20), 0.95, 19.0},
      {"20 of 21 are the first 95 % or more", from_one_to(21), 0.95, 20.0},
      {"95 of 100", from_one_to(100), 0.95, 95.0},
      {"all of them", from_one_to(10), 1.0, 10.0},
      {"of few values the last", from_one_to(4), 0.95, 4.0},
      {"equal values", {5.0, 5.0, 5.0}, 0.5, 5.0},
  };
  for (const PercentileCase& c : cases) EXPECT_EQ(percentile(c.values, c.q), c.expect) << c.name;
}

TEST(Percentile, DoesNotDependOnTheOrder) {
  std::mt19937 random(20260301);
  std::vector<double> values = from_one_to(37);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(values.begin(), values.end(), random);
    ASSERT_EQ(percentile(values, 0.5), 19.0) << "seed 20260301, shuffle " << i;
    ASSERT_EQ(percentile(values, 0.95), 36.0) << "seed 20260301, shuffle " << i;
  }
}

TEST(Figures, AreNothingWhereNothingWasMeasured) {
  EXPECT_EQ(figures_of({}), std::nullopt);
  EXPECT_EQ(figures_of({4.0, 2.0}), (Figures{2.0, 4.0, 2}));
}

BenchReport small_report() {
  BenchReport report;
  report.machine = {.processor = "A Processor", .threads = 2, .memory_mib = 2048, .load = 0.5};
  report.engine.model_path = "/models/mini";
  report.engine.parameters = 9'300'000;
  report.rows = {
      {"context cold", "ms", 150.0, Figures{101.23456, 140.0, 12}, std::nullopt, "512 tokens"},
      {"tokens per forward", "tokens", std::nullopt, Figures{2.5, 4.0, 9}, Figures{2.5, 4.0, 8},
       ""}};
  return report;
}

TEST(BenchReport, IsOneObjectForScripts) {
  const auto object = nlohmann::json::parse(to_json(small_report()));
  EXPECT_EQ(object["machine"]["processor"], "A Processor");
  EXPECT_EQ(object["machine"]["threads"], 2);
  EXPECT_EQ(object["model"]["parameters"], 9'300'000);
  EXPECT_TRUE(object["commit"].is_null());
  EXPECT_TRUE(object["compiler"].is_null()) << "none ran beside";
  ASSERT_EQ(object["rows"].size(), 2U);
  const auto& row = object["rows"][0];
  EXPECT_EQ(row["what"], "context cold");
  EXPECT_EQ(row["unit"], "ms");
  EXPECT_EQ(row["idle"]["p50"], 101.2) << "four digits";
  EXPECT_EQ(row["idle"]["n"], 12);
  EXPECT_TRUE(row["busy"].is_null());
  EXPECT_EQ(row["budget"], 150.0);
  EXPECT_EQ(row["note"], "512 tokens");
  EXPECT_EQ(object["rows"][1]["busy"]["p95"], 4.0);
  EXPECT_TRUE(object["rows"][1]["budget"].is_null());
}

TEST(BenchReport, IsATableForPeople) {
  BenchReport report = small_report();
  report.complete = false;
  const std::string table = to_table(report);
  for (const char* part : {"A Processor, 2 threads", "context cold", "101.2", "140", "150",
                           "512 tokens", "no compiler ran beside", "stopped"}) {
    EXPECT_NE(table.find(part), std::string::npos) << part << "\n" << table;
  }
}

}  // namespace
}  // namespace inpaint::lsp
