#include "lsp/bench/bench_start_rows.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/run_binary.h"

namespace inpaint::lsp {
namespace {

/// The server of the built program, which needs no model to answer `initialize`.
TEST(BenchStarts, RunTheServerItself) {
  const test::TemporaryFolder folder;
  test::FakeEngine engine({}, std::make_shared<test::Asked>());
  BenchSubject subject{.engine = engine,
                       .program = test::binary(),
                       .model = folder.path(),
                       .path = "area.cpp",
                       .lines = {},
                       .run = "idle",
                       .filter = "initialize",
                       .stop = {},
                       .on_row = {}};
  std::vector<Series> rows = measure(subject, {2, 60.0});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].what, "server ready for initialize");
  EXPECT_EQ(rows[0].budget, 100.0);
  EXPECT_EQ(rows[0].values.size(), 2U) << rows[0].note;

  subject.program = "/bin/true";
  rows = measure(subject, {2, 60.0});
  EXPECT_TRUE(rows[0].values.empty());
  EXPECT_NE(rows[0].note.find("the server: "), std::string::npos) << rows[0].note;
}

}  // namespace
}  // namespace inpaint::lsp
