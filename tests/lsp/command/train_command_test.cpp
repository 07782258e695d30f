#include "lsp/command/train_command.h"

#include <gtest/gtest.h>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using test::Machine;
using test::Outcome;
using test::report_of;

TEST(Train, HandsOnItsOptionsAndTheLog) {
  Machine machine;
  const Outcome outcome = machine.run({"train", "--data", "d", "--out", "o", "--steps", "7"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(machine.trained.data, "d");
  EXPECT_EQ(machine.trained.steps, 7);
  EXPECT_TRUE(outcome.out.starts_with("step 1 loss 9.5\ntrained 7 steps, 1000 rows"))
      << outcome.out;
}

TEST(Train, SaysHowToGoOnWhenStopped) {
  Machine machine;
  machine.train_result = report_of(3, true);
  const Outcome outcome = machine.run({"train", "--data", "d", "--out", "o"});
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(outcome.err, "inpaint: train: stopped, everything is saved: "
                         "the same command with --resume goes on\n");
}

TEST(Train, FailsWithTheTrainersError) {
  Machine machine;
  machine.train_result = failure(ErrorCode::not_finite, "loss", "NaN at step 3", "lower the rate");
  const Outcome outcome = machine.run({"train", "--data", "d", "--out", "o"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: loss: NaN at step 3: lower the rate\n");
}

}  // namespace
}  // namespace inpaint::lsp
