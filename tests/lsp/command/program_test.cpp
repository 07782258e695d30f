#include "lsp/command/program.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using test::Machine;
using test::Outcome;

TEST(Program, HelpAndVersionTouchNothing) {
  for (const char* option : {"--help", "--version"}) {
    Machine machine;
    const Outcome outcome = machine.run({option});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.out, "");
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(machine.asked->opened.empty());
  }
}

TEST(Program, WrongUseIsOneLineOnTheErrorStream) {
  Machine machine;
  const Outcome outcome = machine.run({"complete", "--frob\nx"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "inpaint: complete: no such option: --frob x: see `inpaint complete --help`\n");
}

TEST(Program, WhereTheDefaultCannotBeOpenedMiniAnswersAndMeasurementsFail) {
  struct Case {
    const char* name;
    std::vector<std::string> words;
    bool answers;
  };
  const Case cases[] = {
      {"a completion", {"complete", "a.py:1:5"}, true},
      {"holes of a file", {"rewrite", "a.py", "--lines", "1"}, true},
      {"a completion by a model that was named", {"complete", "a.py:1:5", "--model", "m"}, false},
      {"a measurement of speed", {"bench", "--quick", "--no-busy"}, false},
      {"a measurement of answers", {"eval", "--cases", "c.jsonl", "--out", "o.jsonl"}, false},
  };
  for (const Case& c : cases) {
    Machine machine;
    machine.folder.write("a.py", "x = \n");
    machine.folder.write("c.jsonl", R"({"id":"a","language":"python","kind":"line","path":"",)"
                                    R"("prefix":"x = ","suffix":"\n","target":"1"})");
    const bool is_named = std::ranges::count(c.words, "--model") > 0;
    machine.damaged_model = is_named ? "m" : "/models/larger.gguf";
    if (!is_named) machine.default_model = machine.damaged_model;
    const Outcome outcome = machine.run(c.words);
    EXPECT_EQ(outcome.exit_code, c.answers ? kSuccess : kFailed) << c.name << outcome.err;
    EXPECT_EQ(machine.asked->opened.size(), c.answers ? 2U : 1U) << c.name;
    if (!c.answers) continue;
    EXPECT_TRUE(machine.asked->opened.back().model.ends_with("/models/mini")) << c.name;
    const std::string why =
        "inpaint: the default model larger: model.safetensors: cut short: fetch it again "
        "(`inpaint models remove larger`, then `inpaint models get larger`); mini answers in its "
        "place\n";
    EXPECT_TRUE(outcome.err.starts_with(why)) << c.name << outcome.err;
    EXPECT_EQ(outcome.err.rfind("default"), outcome.err.find("default")) << c.name;
  }
}

TEST(Program, WhereNeitherCanBeOpenedTheDefaultsReasonIsSaid) {
  Machine machine;
  machine.default_model = "/models/larger.gguf";
  machine.model_loads = false;
  machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", "a.py:1:5"});
  EXPECT_EQ(outcome.exit_code, kFailed);
  EXPECT_EQ(outcome.err,
            "inpaint: the default model larger: model.safetensors: cut short: fetch it again "
            "(`inpaint models remove larger`, then `inpaint models get larger`)\n");
}

TEST(Program, AnExceptionIsOneLineAndAnExitCode) {
  Machine machine;
  machine.search_throws = true;
  const std::string file = machine.folder.write("a.py", "x = \n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"complete", file + ":1:5"}, {"doctor"}, {"bench"}}) {
    const Outcome outcome = machine.run(arguments);
    EXPECT_EQ(outcome.exit_code, kFailed) << arguments[0];
    EXPECT_TRUE(outcome.err.starts_with("inpaint: command: too many open files: ")) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }
}

}  // namespace
}  // namespace inpaint::lsp
