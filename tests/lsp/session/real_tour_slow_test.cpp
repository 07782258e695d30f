// packaging/try_server.py with the real server and the model that ships, as a newcomer runs it.
// What the model says depends on the processor, so the test holds none of it.
#include <string>

#include <gtest/gtest.h>

#include "lsp/bench/child_process.h"
#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/command/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

TEST(RealTour, ShowsALineABodyAndAHoleWithTheirTimes) {
  const test::TemporaryFolder folder;
  const auto outcome =
      run_child({"env", "XDG_CACHE_HOME=" + folder.path().string(), "python3", "-B",
                 tests::source_folder() + "/packaging/try_server.py", test::binary(), "mini"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 0) << outcome->out;
  for (const char* part :
       {"A line, typed key by key", "first answer: the file is read", "opening the model",
        "asked in person", "The body of a function", "A hole in the middle of a line",
        "initialize  ", "answer to a key, computed", "answer in person, a body",
        "answer in person, mid-line"}) {
    EXPECT_NE(outcome->out.find(part), std::string::npos) << part << " is not in\n" << outcome->out;
  }
}

}  // namespace
}  // namespace inpaint::lsp
