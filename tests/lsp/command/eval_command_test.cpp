#include "lsp/command/eval_command.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"
#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::Machine;
using test::Outcome;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string line_of(const std::string& id, const std::string& target = "3.14 * r") {
  EvalCase asked;
  asked.id = id;
  asked.language = "python";
  asked.kind = grammar::HoleKind::line;
  asked.prefix = "old = 3.14 * r\nvalue = 2 * 3.14\nold = ";
  asked.suffix = "\n";
  asked.target = target;
  return to_json_line(asked) + "\n";
}

/// Cases a, b, c, … of which the machine's engine knows the answer.
std::string cases_of(int n) {
  std::string lines;
  for (int i = 0; i < n; ++i) lines += line_of(std::string(1, static_cast<char>('a' + i)));
  return lines;
}

std::vector<EvalResult> results_in(const fs::path& path) {
  std::vector<EvalResult> results;
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    auto result = parse_result(line, path.string());
    EXPECT_TRUE(result) << line;
    if (result) results.push_back(*result);
  }
  return results;
}

class EvalCommand : public testing::Test {
 protected:
  Outcome eval(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"eval", "--cases", "in.jsonl", "--out", "out.jsonl"};
    words.insert(words.end(), more.begin(), more.end());
    return machine.run(words);
  }
  fs::path out() const { return machine.folder.path() / "out.jsonl"; }

  Machine machine;
};

TEST_F(EvalCommand, AnswersEveryCaseInOrder) {
  machine.folder.write("in.jsonl", cases_of(5));
  const Outcome outcome = eval({"--jobs", "3"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  const auto results = results_in(out());
  ASSERT_EQ(results.size(), 5U);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].id, std::string(1, static_cast<char>('a' + i)));
    EXPECT_EQ(results[i].text, "3.14 * r");
    EXPECT_EQ(results[i].forwards, 2);
  }
  EXPECT_NE(outcome.err.find("100.0"), std::string::npos) << outcome.err;
}

TEST_F(EvalCommand, HandsItsKnobsOn) {
  machine.folder.write("in.jsonl", cases_of(3));
  ASSERT_EQ(eval({"--mode", "autoregressive", "--threshold", "0.5", "--max-tokens", "9", "--model",
                  "m", "--limit", "1"})
                .exit_code,
            0);
  ASSERT_EQ(machine.asked->opened.size(), 1U);
  EXPECT_EQ(machine.asked->opened[0].model, "m");
  ASSERT_EQ(machine.asked->requests.size(), 1U);
  EXPECT_EQ(machine.asked->requests[0].decoding.mode, engine::Mode::autoregressive);
  EXPECT_EQ(machine.asked->requests[0].decoding.threshold, 0.5F);
  EXPECT_EQ(machine.asked->requests[0].decoding.max_tokens, 9);
}

TEST_F(EvalCommand, CopiesWithoutOpeningAnEngine) {
  machine.has_model = false;
  machine.folder.write("in.jsonl", cases_of(2) + line_of("z", "elsewhere"));
  const Outcome outcome = eval({"--mode", "copy", "--summary", "sum.json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(machine.asked->opened.empty());
  ASSERT_EQ(results_in(out()).size(), 3U);
  EXPECT_EQ(results_in(out())[0].text, "3.14 * r");
  const auto json = nlohmann::json::parse(content_of(machine.folder.path() / "sum.json"));
  EXPECT_EQ(json["mode"], "copy");
  EXPECT_TRUE(json["model"].is_null());
  EXPECT_EQ(json["rows"].back()["cases"], 3);
  EXPECT_NEAR(json["rows"].back()["exact"].get<double>(), 2.0 / 3.0, 1e-3);
}

TEST_F(EvalCommand, ChecksEveryLineBeforeAnyWork) {
  machine.folder.write("in.jsonl", cases_of(2) + "nonsense\n");
  const Outcome outcome = eval();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("in.jsonl:3: "), std::string::npos) << outcome.err;
  EXPECT_TRUE(machine.asked->opened.empty());
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(EvalCommand, GoesOnWhereItWasInterrupted) {
  machine.folder.write("in.jsonl", cases_of(4));
  // ctrl-C while the third case is answered.
  int steps = 0;
  machine.script.steps = {engine::Step{}};
  machine.script.before_each_step = [&] {
    if (++steps == 3) machine.stop.request_stop();
  };
  const Outcome first = eval();
  EXPECT_EQ(first.exit_code, 130) << first.err;
  EXPECT_EQ(results_in(out()).size(), 2U);
  EXPECT_NE(first.err.find("python"), std::string::npos) << "what is there is summed up";

  machine.stop = std::stop_source();
  machine.asked->requests.clear();
  const Outcome second = eval({"--resume", "--summary", "sum.json"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(machine.asked->requests.size(), 2U) << "only what was missing is asked";
  const auto results = results_in(out());
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[3].id, "d");
  const auto json = nlohmann::json::parse(content_of(machine.folder.path() / "sum.json"));
  EXPECT_EQ(json["rows"].back()["cases"], 4) << "the figures are of all";

  machine.asked->opened.clear();
  EXPECT_EQ(eval({"--resume"}).exit_code, 0);
  EXPECT_TRUE(machine.asked->opened.empty()) << "nothing is left: the figures need no engine";

  machine.asked->requests.clear();
  EXPECT_EQ(eval().exit_code, 0);
  EXPECT_EQ(machine.asked->requests.size(), 4U) << "without --resume it begins anew";
  EXPECT_EQ(results_in(out()).size(), 4U);
}

TEST_F(EvalCommand, ResumesNothingButResults) {
  machine.folder.write("in.jsonl", cases_of(1));
  machine.folder.write("out.jsonl", "my thesis\n");
  EXPECT_EQ(eval({"--resume"}).exit_code, 1);
  EXPECT_EQ(content_of(out()), "my thesis\n");
}

TEST_F(EvalCommand, DoesNotOverwriteTheCases) {
  machine.folder.write("in.jsonl", cases_of(1));
  const Outcome outcome =
      machine.run({"eval", "--cases", "in.jsonl", "--out", "./in.jsonl", "--mode", "copy"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(content_of(machine.folder.path() / "in.jsonl"), cases_of(1));
}

TEST_F(EvalCommand, SaysWhatFails) {
  machine.folder.write("in.jsonl", cases_of(1));
  EXPECT_EQ(machine.run({"eval", "--cases", "absent", "--out", "o"}).exit_code, 1);
  EXPECT_EQ(machine.run({"eval", "--cases", "in.jsonl", "--out", "no/such/folder"}).exit_code, 1);
  EXPECT_EQ(eval({"--summary", "no/such/folder", "--mode", "copy"}).exit_code, 1);
  machine.model_loads = false;
  EXPECT_EQ(eval().exit_code, 1);
  machine.has_model = false;
  EXPECT_EQ(eval().exit_code, 1);
}

TEST_F(EvalCommand, IsUsedWrongly) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"eval"},
        {"eval", "--cases", "a"},
        {"eval", "--out", "b"},
        {"eval", "--cases", "a", "--out", "b", "--mode", "magic"},
        {"eval", "--cases", "a", "--out", "b", "--gate", "maybe"},
        {"eval", "--cases", "a", "--out", "b", "--jobs", "0"},
        {"eval", "--cases", "a", "--out", "b", "--limit", "-1"},
        {"eval", "--cases", "a", "--out", "b", "--threshold", "nan"},
        {"eval", "--cases", "a", "--out", "b", "--max-tokens", "1025"}}) {
    const Outcome outcome = machine.run(words);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find("inpaint eval --help"), std::string::npos) << outcome.err;
  }
}

TEST_F(EvalCommand, ShowsHowFarItIsOnATerminalAlone) {
  machine.folder.write("in.jsonl", cases_of(2));
  EXPECT_EQ(eval({"--mode", "copy"}).err.find("\x1b["), std::string::npos);
  machine.err_screen.is_terminal = true;
  const std::string err = eval({"--mode", "copy"}).err;
  EXPECT_NE(err.find("\r\x1b[K1 of 2 cases"), std::string::npos) << err;
  EXPECT_NE(err.find("\r\x1b[K2 of 2 cases, 100.0 % exact\r\x1b[K"), std::string::npos) << err;
}

}  // namespace
}  // namespace inpaint::lsp
