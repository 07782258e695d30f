#include "lsp/command/program.h"

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
