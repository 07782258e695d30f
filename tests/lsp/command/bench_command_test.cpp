#include "lsp/command/bench_command.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using nlohmann::json;
using test::Machine;
using test::Outcome;

/// A source file with enough lines to type into.
std::string source() {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "  const double value_" + std::to_string(i) + " = radius * 3.14159;\n";
  return text;
}

json row_of(const json& report, const std::string& what) {
  for (const json& row : report["rows"])
    if (row["what"] == what) return row;
  ADD_FAILURE() << "no row " << what << " in " << report.dump(2);
  return {};
}

TEST(Bench, ReportsEachRowWithItsFigures) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  const Outcome outcome = machine.run({"bench", "--quick", "--no-busy", "--file", file});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  EXPECT_EQ(report["complete"], true);
  EXPECT_EQ(report["file"], "area.cpp");
  EXPECT_TRUE(report["compiler"].is_null());

  // The fake says 30.25 ms of context, and 11.5 ms of denoising in 2 forwards for 2 tokens and the
  // end.
  const json cold = row_of(report, "context cold, at the model's budget");
  EXPECT_EQ(cold["idle"]["p50"], 30.25);
  EXPECT_EQ(cold["budget"], 150.0);
  EXPECT_TRUE(cold["busy"].is_null());
  for (const char* mode : {"diffusion", "lossless", "autoregressive"}) {
    EXPECT_EQ(row_of(report, std::string("line denoised, ") + mode)["idle"]["p95"], 11.5);
    EXPECT_EQ(row_of(report, std::string("tokens per forward, ") + mode)["idle"]["p50"], 1.5);
    EXPECT_EQ(row_of(report, std::string("one forward, ") + mode)["idle"]["p50"], 5.75);
  }
  EXPECT_EQ(row_of(report, "context after one keystroke")["idle"]["p50"], 30.25);
  EXPECT_EQ(row_of(report, "hole planned")["unit"], "ms");
  EXPECT_GT(row_of(report, "memory resident after load")["idle"]["p50"], 0.0);
  EXPECT_FALSE(row_of(report, "text tokenised")["note"].get<std::string>().empty())
      << "the fake model has no tokenizer, which the row says";
  EXPECT_NE(outcome.err.find("line denoised, lossless"), std::string::npos) << outcome.err;
}

TEST(Bench, MeasuresOnlyTheRowsThatAreWanted) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "lossless"}).out);
  std::set<std::string> names;
  for (const json& row : report["rows"]) names.insert(row["what"]);
  EXPECT_EQ(names, (std::set<std::string>{"line denoised, lossless", "tokens per forward, lossless",
                                          "one forward, lossless"}));
}

TEST(Bench, GivesNoColdContextTheSamePathTwice) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "cold"});
  std::set<std::string> paths;
  for (const auto& request : machine.asked->requests) paths.insert(request.path);
  EXPECT_GE(machine.asked->requests.size(), 2U);
  EXPECT_EQ(paths.size(), machine.asked->requests.size());
}

TEST(Bench, TypesOneCharacterAtATime) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "keystroke"});
  const auto& requests = machine.asked->requests;
  ASSERT_GE(requests.size(), 2U);
  for (std::size_t i = 1; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].path, requests[0].path);
    EXPECT_EQ(requests[i].text.size(), requests[i - 1].text.size() + 1);
    EXPECT_EQ(requests[i].holes[0].range.begin, requests[i - 1].holes[0].range.begin + 1);
    EXPECT_TRUE(requests[i].holes[0].stops_at_newline);
  }
}

TEST(Bench, GivesWhatThereIsWhenStopped) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  machine.stop.request_stop();
  const Outcome outcome = machine.run({"bench", "--quick", "--file", file});
  EXPECT_EQ(outcome.exit_code, 130);
  const json report = json::parse(outcome.out);
  EXPECT_EQ(report["complete"], false);
  EXPECT_TRUE(row_of(report, "hole planned")["idle"].is_null());
}

TEST(Bench, SaysWhatIsMissing) {
  Machine no_model;
  no_model.has_model = false;
  EXPECT_EQ(no_model.run({"bench"}).err, "inpaint: model: none: train one\n");
  Machine no_file;
  const Outcome outcome = no_file.run({"bench", "--file", "absent.cpp"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("absent.cpp"), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace inpaint::lsp
