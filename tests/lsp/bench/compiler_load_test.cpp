#include "lsp/bench/compiler_load.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

/// A program of the test's own that stands in for a compiler.
Compiler compiler_of(const test::TemporaryFolder& folder, const std::string& script) {
  const std::string file = folder.write("compiler", "#!/bin/sh\n" + script);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return {file, "a compiler"};
}

TEST(CompilerLoad, HasStartedOnceEveryLoopHasCompiledOnce) {
  const test::TemporaryFolder folder;
  const std::string log = folder.write("log", "");
  // What is compiled is there, and comes last.
  const Compiler compiler =
      compiler_of(folder, "for file; do :; done; test -s \"$file\" && echo done >>'" + log + "'\n");
  CompilerLoad load(compiler, 3);
  EXPECT_TRUE(load.wait_until_started({}));
  EXPECT_GE(std::ranges::count(test::content_of(log), '\n'), 3);
  EXPECT_TRUE(load.wait_until_started({})) << "it still has";
}

TEST(CompilerLoad, HasNotStartedWhileALoopHasNotCompiled) {
  const test::TemporaryFolder folder;
  const std::string fifo = (folder.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const std::string log = folder.write("log", "");
  // Compiling takes until the test writes a line; the log tells whether it was over.
  CompilerLoad load(
      compiler_of(folder, "read line <'" + fifo + "'; echo \"$line\" >>'" + log + "'\n"), 1);
  std::jthread writer([&] { std::ofstream(fifo) << "compiled\n"; });
  EXPECT_TRUE(load.wait_until_started({}));
  EXPECT_EQ(test::content_of(log), "compiled\n");
}

TEST(CompilerLoad, NeverStartsWithACompilerThatFails) {
  const test::TemporaryFolder folder;
  CompilerLoad load(compiler_of(folder, "exit 1\n"), 2);
  EXPECT_FALSE(load.wait_until_started({}));
  CompilerLoad none({"inpaint-has-no-such-program", ""}, 1);
  EXPECT_FALSE(none.wait_until_started({}));
}

TEST(CompilerLoad, IsNotWaitedForWhenStopped) {
  const test::TemporaryFolder folder;
  const std::string fifo = (folder.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  CompilerLoad load(compiler_of(folder, "read line <'" + fifo + "'\n"), 1);  // nobody writes
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_FALSE(load.wait_until_started(stop.get_token()));
}

}  // namespace
}  // namespace inpaint::lsp
