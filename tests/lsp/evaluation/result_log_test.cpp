#include "lsp/evaluation/result_log.h"

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

using test::TemporaryFolder;

EvalResult result_of(const std::string& id) {
  EvalResult result;
  result.id = id;
  result.text = "a\n\"b\" ä";
  result.kind = "line";
  result.errors_before = 2;
  result.errors_after = 0;
  result.probability = 0.25;
  result.tokens = 3;
  result.forwards = 2;
  result.milliseconds = 12.5;
  return result;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ResultLog, WritesInTheOrderOfTheCases) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "out";
  const auto log = ResultLog::open(file, false);
  ASSERT_TRUE(log);
  ASSERT_TRUE((*log)->add(1, result_of("b")));
  EXPECT_EQ(content_of(file), "") << "the first is still missing";
  ASSERT_TRUE((*log)->add(0, result_of("a")));
  EXPECT_EQ(content_of(file),
            to_json_line(result_of("a")) + "\n" + to_json_line(result_of("b")) + "\n");
}

TEST(ResultLog, TakesAnswersFromSeveralThreads) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "out";
  const auto log = ResultLog::open(file, false);
  ASSERT_TRUE(log);
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kAnswers = 200;
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < kThreads; ++t)
      threads.emplace_back([&log, t] {
        for (std::size_t i = t; i < kAnswers; i += kThreads)
          EXPECT_TRUE((*log)->add(i, result_of(std::to_string(i))));
      });
  }
  const auto results = recover_results(file);
  ASSERT_TRUE(results);
  ASSERT_EQ(results->size(), kAnswers);
  for (std::size_t i = 0; i < kAnswers; ++i) EXPECT_EQ((*results)[i].id, std::to_string(i));
}

TEST(ResultLog, IsRecoveredWithoutAHalfLine) {
  const TemporaryFolder folder;
  const std::string whole = to_json_line(result_of("a")) + "\n";
  const std::string file = folder.write("out", whole + to_json_line(result_of("b")).substr(0, 20));
  const auto results = recover_results(file);
  ASSERT_TRUE(results) << engine::to_string(results.error());
  ASSERT_EQ(results->size(), 1U);
  EXPECT_EQ(content_of(file), whole);
  const auto log = ResultLog::open(file, true);
  ASSERT_TRUE(log);
  ASSERT_TRUE((*log)->add(0, result_of("b")));
  EXPECT_EQ(content_of(file), whole + to_json_line(result_of("b")) + "\n");
}

TEST(ResultLog, LeavesOtherFilesAlone) {
  const TemporaryFolder folder;
  for (const char* content : {"my thesis", "my thesis\n", "my thesis\nwithout an end"}) {
    const std::string file = folder.write("out", content);
    EXPECT_FALSE(recover_results(file)) << content;
    EXPECT_EQ(content_of(file), content);
  }
  const auto none = recover_results(folder.path() / "absent");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(ResultLog, CannotBeOpenedWhereThereIsNoFolder) {
  const TemporaryFolder folder;
  const auto log = ResultLog::open(folder.path() / "absent/out", false);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, engine::ErrorCode::io_failed);
}

}  // namespace
}  // namespace inpaint::lsp
