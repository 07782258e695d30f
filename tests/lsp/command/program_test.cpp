#include "lsp/command/program.h"

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

}  // namespace
}  // namespace inpaint::lsp
