// Sampling and copying through the real program: they need no model and load no torch.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/result_log.h"
#include "tests/lsp/command/run_binary.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::Outcome;
using test::run;
using test::TemporaryFolder;

TEST(EvalBinary, SamplesAndCopiesWithoutLoadingTorch) {
  const TemporaryFolder folder;
  const fs::path code = folder.path() / "code";
  fs::create_directories(code);
  for (int i = 0; i < 20; ++i) {
    std::ofstream file(code / ("m" + std::to_string(i) + ".py"));
    for (int j = 0; j < 10; ++j)
      file << "def check_" << i << "_" << j << "(value):\n    if value is None:\n"
           << "        raise ValueError(\"no value\")\n    return value\n\n";
  }
  const std::string cases = (folder.path() / "cases.jsonl").string();
  const std::string out = (folder.path() / "out.jsonl").string();
  const std::string log = (folder.path() / "loaded").string();
  const Outcome sampled = run({"cases", "--from", code.string(), "--out", cases, "--per-language",
                               "30", "--kinds", "line,block"});
  ASSERT_EQ(sampled.exit_code, 0) << sampled.err;
  const Outcome copied =
      run({"eval", "--cases", cases, "--out", out, "--mode", "copy", "--jobs", "2"},
          {"LD_DEBUG=libs", "LD_DEBUG_OUTPUT=" + log});
  ASSERT_EQ(copied.exit_code, 0) << copied.err;
  EXPECT_NE(copied.err.find("python"), std::string::npos) << copied.err;

  std::string loaded;
  for (const auto& file : fs::directory_iterator(folder.path()))
    if (file.path().filename().string().starts_with("loaded"))
      loaded += content_of(file.path().string());
  EXPECT_NE(loaded.find("libc.so"), std::string::npos) << "the linker wrote no log";
  EXPECT_EQ(loaded.find("torch"), std::string::npos);
  EXPECT_EQ(loaded.find("libinpaint_engine"), std::string::npos);

  const auto asked = read_cases(cases);
  const auto results = recover_results(out);
  ASSERT_TRUE(asked && results);
  ASSERT_EQ(results->size(), asked->size());
  for (std::size_t i = 0; i < asked->size(); ++i) EXPECT_EQ((*results)[i].id, (*asked)[i].id);
}

TEST(EvalBinary, AnswersHelp) {
  for (const char* command : {"eval", "cases"}) {
    const Outcome outcome = run({command, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.out.find("Examples:"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.err, "");
  }
}

TEST(EvalBinary, NamesTheBadLine) {
  const TemporaryFolder folder;
  const std::string cases = folder.write("in.jsonl", "\n{\"id\":\"a\"}\n");
  const Outcome outcome =
      run({"eval", "--cases", cases, "--out", cases + ".out", "--mode", "copy"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: " + cases +
                             ":2: has no \"language\": give each case id, language, prefix, suffix "
                             "and target\n");
}

}  // namespace
}  // namespace inpaint::lsp
