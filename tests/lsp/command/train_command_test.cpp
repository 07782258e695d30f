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
  EXPECT_EQ(machine.trained.data, machine.folder.path() / "d");
  EXPECT_EQ(machine.trained.steps, 7);
  EXPECT_TRUE(outcome.out.starts_with("step 1 loss 9.5\ntrained 7 steps, 1000 rows"))
      << outcome.out;
}

TEST(Train, TellsTheGainOnFilesThatWereKeptOutAndTheWayBack) {
  Machine machine;
  engine::TrainReport report = report_of(7, false);
  report.measured_files = 12;
  report.before = {.clean_loss = 2.0, .clean_accuracy = 0.5, .noised_accuracy = 0.25};
  report.measured = {.clean_loss = 1.0, .clean_accuracy = 0.625, .noised_accuracy = 0.5};
  machine.train_result = report;
  const Outcome outcome = machine.run({"train", "--from", "mini", "--data", "repository/app"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(machine.trained.from, "mini");  // as the machine finds it
  const std::string folder = machine.trained.out.string();
  EXPECT_TRUE(folder.starts_with("/state/models/app-")) << folder;
  EXPECT_NE(
      outcome.out.find("on 12 files kept out of training, in the holes: 50.0 -> 62.5 % of the "
                       "next tokens right, perplexity 7.4 -> 2.7; of masked tokens 25.0 -> "
                       "50.0 %\n"),
      std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("use it: INPAINT_MODEL=" + folder + "/model or"), std::string::npos);
  EXPECT_NE(outcome.out.find("forget it: rm -r " + folder + "\n"), std::string::npos);
}

TEST(Train, TellsWhatAnAdapterForesees) {
  Machine machine;
  engine::TrainReport report = report_of(7, false);
  report.measured_files = 12;
  report.drafts_before = 1.0;
  report.drafts_after = 1.625;
  machine.train_result = report;
  const Outcome outcome =
      machine.run({"train", "--adapter", "--base", "q", "--data", "repository/app"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_TRUE(machine.trained.adapter);
  EXPECT_EQ(machine.trained.adapter->base, "q");  // as the machine finds it
  EXPECT_TRUE(machine.trained.tokenizer.empty()) << "the base has its own";
  EXPECT_NE(outcome.out.find("on 12 spans kept out of training: 1.00 -> 1.62 tokens a forward\n"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(
      outcome.out.find("use it: --model q --adapter " + machine.trained.out.string() + "/model\n"),
      std::string::npos)
      << outcome.out;
}

TEST(Train, TwoRepositoriesOfOneNameHaveAFolderEach) {
  Machine machine;
  machine.run({"train", "--data", "a/app"});
  const std::filesystem::path first = machine.trained.out;
  machine.run({"train", "--data", "b/app"});
  EXPECT_NE(machine.trained.out, first);
  machine.run({"train", "--data", "a/./app"});
  EXPECT_EQ(machine.trained.out, first);
}

TEST(Train, WithoutTheModelToGoOnFromItDoesNotStart) {
  Machine machine;
  machine.has_model = false;
  const Outcome outcome = machine.run({"train", "--data", "d", "--from", "nowhere"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: model: none: train one\n");
  EXPECT_TRUE(machine.trained.data.empty());
}

TEST(Train, ANewModelHasTheTokenizerOfTheEmbeddedOneUnlessOneIsNamed) {
  struct Case {
    std::vector<std::string> words;
    const char* tokenizer;
    bool in_working_folder = false;
  };
  const Case cases[] = {
      {{"--size", "tiny"}, "mini/tokenizer.json"},
      {{}, "mini/tokenizer.json"},
      {{"--tokenizer", "t.json"}, "t.json", /*in_working_folder=*/true},
      {{"--from", "other"}, ""},  // which has its own
  };
  for (const Case& c : cases) {
    Machine machine;
    std::vector<std::string> words{"train", "--data", "d", "--out", "o", "--steps", "1"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    EXPECT_EQ(machine.run(words).exit_code, 0);
    EXPECT_EQ(machine.trained.tokenizer,
              c.in_working_folder ? machine.folder.path() / c.tokenizer : c.tokenizer);
  }
}

TEST(Train, WithoutTheEmbeddedModelItSaysWhichTokenizerIsMissing) {
  Machine machine;
  machine.has_model = false;
  const Outcome outcome = machine.run({"train", "--data", "d", "--out", "o"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: tokenizer of a new model: none: "
                         "name a tokenizer.json with --tokenizer\n");
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
