#include "lsp/command/bench_command.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lsp/bench/compiler_load.h"
#include "lsp/client/settings.h"
#include "tests/lsp/command/fake_engine.h"
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
  const json ratio = row_of(report, "line denoised, lossless to autoregressive");
  EXPECT_EQ(ratio["idle"]["p50"], 1.0);
  EXPECT_EQ(ratio["budget"], 1.0) << "drafts may not make a line slower";
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
                                          "one forward, lossless",
                                          "line denoised, lossless to autoregressive"}));
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

TEST(Bench, MeasuresALongDocumentInTheSession) {
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "10,000 lines"}).out);
  const json change = row_of(report, "didChange applied, at 10,000 lines");
  EXPECT_EQ(change["budget"], 2.0);
  EXPECT_EQ(change["idle"]["n"], 4);
  EXPECT_GT(change["idle"]["p50"], 0.0);
  const json typed = row_of(report, "type-through answer, at 10,000 lines");
  EXPECT_EQ(typed["budget"], 5.0);
  EXPECT_EQ(typed["idle"]["n"], 4) << typed["note"] << ": every key was answered from the cache";
  EXPECT_TRUE(machine.asked->requests.empty()) << "no engine is asked";
}

TEST(Bench, EditsADocumentManyTimesForItsMemory) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the row is not measured";
#endif
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "memory grown"}).out);
  const json grown = row_of(report, "memory grown by editing");
  EXPECT_EQ(grown["unit"], "MiB");
  EXPECT_EQ(grown["budget"], 1.0);
  EXPECT_EQ(grown["idle"]["n"], 4);
  EXPECT_NE(grown["note"].get<std::string>().find("over 10000 edits after the first 2500"),
            std::string::npos)
      << grown["note"];
}

TEST(Bench, AnswersKeysAsTheServerDoes) {
  Machine machine;
  machine.script.fills = {test::fill_of({test::set_token(" * 3.14159;", 0.9F)})};
  const std::string file = machine.folder.write("area.cpp", source());
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "line answered"})
          .out);
  const json row = row_of(report, "line answered, warm");
  EXPECT_EQ(row["budget"], 150.0);
  EXPECT_EQ(row["idle"]["n"], 4);
  // The fake says 30.25 ms of context, and 11.5 ms of denoising.
  const std::string note = row["note"];
  EXPECT_NE(note.find("context 30.2, decode 11.5"), std::string::npos) << note;
  const auto& requests = machine.asked->requests;
  ASSERT_EQ(requests.size(), 5U) << "the line begun, and four keys";
  EXPECT_TRUE(std::ranges::any_of(requests, [](const engine::FillRequest& request) {
    return !request.holes[0].drafts.empty();
  })) << "the other lines are alike";
  const Settings server;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].decoding.mode, server.decoding.mode);
    EXPECT_EQ(requests[i].decoding.max_tokens, server.decoding.max_tokens);
    EXPECT_NE(requests[i].holes[0].constraint, nullptr);
    if (i > 0) {
      EXPECT_EQ(requests[i].text.size(), requests[i - 1].text.size() + 1);
    }
  }
}

TEST(Bench, TellsWhatThePromiseCosts) {
  Machine machine;
  std::string text = "double area(double radius) {\n" + source() + "  return 0;\n}\n";
  const std::string file = machine.folder.write("area.cpp", text);
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "promise"}).out);
  const std::string held = row_of(report, "promise for one fill")["note"];
  EXPECT_NE(held.find("held for 4 of 4"), std::string::npos) << held;
  const std::string broken = row_of(report, "promise for one fill, a bracket too many")["note"];
  EXPECT_NE(broken.find("held for 0 of 4"), std::string::npos) << broken;

  const std::string other = machine.folder.write("area.xyz", text);
  const json without = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", other, "--rows", "promise"}).out);
  const json row = row_of(without, "promise for one fill");
  EXPECT_TRUE(row["idle"].is_null());
  EXPECT_NE(row["note"].get<std::string>().find("no grammar"), std::string::npos) << row;
}

TEST(Bench, SaysWhereTheTextHasNoLineToType) {
  Machine machine;
  const std::string file = machine.folder.write("short.cpp", "int x;\n");
  const json report = json::parse(
      machine.run({"bench", "--quick", "--no-busy", "--file", file, "--rows", "e"}).out);
  for (const char* what : {"promise for one fill", "line answered, warm"}) {
    const json row = row_of(report, what);
    EXPECT_TRUE(row["idle"].is_null());
    EXPECT_FALSE(row["note"].get<std::string>().empty()) << what;
  }
}

TEST(Bench, MeasuresOnceMoreBesideTheCompiler) {
  if (!find_compiler()) GTEST_SKIP() << "no compiler is installed";
  Machine machine;
  const std::string file = machine.folder.write("area.cpp", source());
  const json report =
      json::parse(machine.run({"bench", "--quick", "--file", file, "--rows", "hole planned"}).out);
  EXPECT_TRUE(report["compiler"].is_string());
  const json row = row_of(report, "hole planned");
  EXPECT_EQ(row["idle"]["n"], 4);
  EXPECT_GE(row["busy"]["n"], 1);
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
