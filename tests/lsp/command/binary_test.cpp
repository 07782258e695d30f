// The real program: what only it can show, namely how it ends, and that it does so without torch.
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/version.h"
#include "tests/lsp/command/run_binary.h"

namespace inpaint::lsp {
namespace {

using test::content_of;
using test::Outcome;
using test::run;

TEST(Binary, AnswersHelp) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--help"},
                                                    {"complete", "--help"},
                                                    {"doctor", "-h"},
                                                    {"train", "-h"}}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.out.find("Examples:"), std::string::npos);
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(Binary, AnswersHelpWithoutLoadingTorch) {
  const test::TemporaryFolder folder;
  const std::string log = (folder.path() / "loaded").string();
  // The dynamic linker writes down each library that it looks for, also by dlopen.
  const Outcome outcome = run({"--help"}, {"LD_DEBUG=libs", "LD_DEBUG_OUTPUT=" + log});
  EXPECT_EQ(outcome.exit_code, 0);
  std::string loaded;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    loaded += content_of(file.path().string());
  }
  EXPECT_NE(loaded.find("libc.so"), std::string::npos) << "the linker wrote no log";
  EXPECT_EQ(loaded.find("torch"), std::string::npos);
  EXPECT_EQ(loaded.find("libinpaint_engine"), std::string::npos);
}

TEST(Binary, TellsItsVersion) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "inpaint " + std::string(engine::kVersion) + "\n");
}

TEST(Binary, EndsWithTwoOnWrongUse) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"frob"},
                                                    {"complete"},
                                                    {"complete", "a.py"},
                                                    {"complete", "a.py:1:1", "--frob"},
                                                    {"doctor", "extra"},
                                                    {"train"}}) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("inpaint: ")) << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
  }
}

TEST(Binary, EndsWithOneOnAMissingFile) {
  const Outcome outcome = run({"complete", "/no/such/file.py:1:1"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: /no/such/file.py: there is no such file: check the path\n");
}

TEST(Binary, EndsWithOneWithoutAModel) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", "x = \n");
  const std::string nowhere = folder.path().string() + "/nothing";
  for (const Outcome& outcome : {run({"complete", file + ":1:5", "--model", nowhere}),
                                 run({"complete", file + ":1:5"}, {"INPAINT_MODEL=" + nowhere})}) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("inpaint: model: ")) << outcome.err;
    EXPECT_NE(outcome.err.find(nowhere), std::string::npos) << outcome.err;
  }
}

TEST(Binary, DoctorEndsWithOneAndTheRemedyWithoutAModel) {
  const test::TemporaryFolder folder;
  const Outcome outcome = run({"doctor", "--model", folder.path().string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("name a model folder with --model or INPAINT_MODEL"),
            std::string::npos)
      << outcome.err;
}

TEST(Binary, EndsWithOneWhenTheDiskIsFull) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full";
  const Outcome outcome = run({"--help"}, {}, "/dev/full");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_TRUE(outcome.err.starts_with("inpaint: standard output: ")) << outcome.err;
}

}  // namespace
}  // namespace inpaint::lsp
