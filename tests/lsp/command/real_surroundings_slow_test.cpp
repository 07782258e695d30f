// The program with its engine, wherever it is started: it fills, and nothing but its messages is on
// its standard output.
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/command/surroundings.h"
#include "tests/lsp/session/served_binary.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using test::Outcome;
using test::run;

const std::string kSource = "count = 1\ntotal = \n";

TEST(RealSurroundings, KeepNobodyFromACompletion) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", kSource);
  for (const test::Surrounding& s : test::surroundings(folder)) {
    if (s.name == "a full disk") continue;  // the answer goes to a file; a server's does not, below
    if (s.name == "no /proc") continue;     // torch needs it, see below
    const Outcome outcome =
        run({"complete", file + ":2:9", "--json"}, s.environment, nullptr, s.shell);
    EXPECT_EQ(outcome.exit_code, 0) << s.name << ": " << outcome.err;
    const auto answer = Json::parse(outcome.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(answer.is_object()) << s.name << ": " << outcome.out.substr(0, 200);
  }
}

/// Whether a server that was started there answers, and ends well.
void expect_answers(const test::Surrounding& s, const std::string& where = "") {
  test::ServedBinary server({"serve"}, s.environment, /*without=*/-1, s.shell);
  server.initialize();
  server.open("file:///w/a.py", kSource);
  if (!where.empty()) fs::remove_all(where);
  const Json answer = server.answer(server.request("textDocument/inlineCompletion",
                                                   {{"textDocument", {{"uri", "file:///w/a.py"}}},
                                                    {"position", {{"line", 1}, {"character", 8}}},
                                                    {"context", {{"triggerKind", 1}}}}));
  ASSERT_TRUE(answer.contains("result")) << s.name << ": " << answer << server.errors();
  EXPECT_FALSE(answer["result"]["items"].empty()) << s.name << ": " << server.errors();
  server.answer(server.request("shutdown", nullptr));
  server.notify("exit", nullptr);
  EXPECT_TRUE(server.read().is_null()) << s.name;
  EXPECT_EQ(server.exit_code(), 0) << s.name << ": " << server.errors();
}

TEST(RealSurroundings, KeepNoServerFromAnswering) {
  const test::TemporaryFolder folder;
  for (const test::Surrounding& s : test::surroundings(folder)) {
    if (s.name == "no standard input" || s.name == "neither") continue;  // it has nobody to talk to
    if (s.name == "no /proc") continue;
    expect_answers(s);
  }
}

TEST(RealSurroundings, AServerOutlivesTheFolderThatItWasStartedIn) {
  const test::TemporaryFolder folder;
  const std::string where = folder.path().string() + "/worktree";
  fs::create_directory(where);
  expect_answers({"a folder that goes later", {}, "cd " + where}, where);
}

TEST(RealSurroundings, TheEngineUsesItsOwnLibrariesWhateverThePathSays) {
  const test::TemporaryFolder folder;
  for (const char* name :
       {"libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_global_deps.so", "libgomp.so.1",
        "libcudart.so.13", "libcupti.so.13", "libinpaint_engine.so", "libstdc++.so.6",
        "libgcc_s.so.1", "libfmt.so.9", "libpcre2-8.so.0", "libzstd.so.1"})
    fs::copy_file(tests::binary_folder() + "/lib/libtest_other_version.so", folder.path() / name);
  const std::string path = "LD_LIBRARY_PATH=" + folder.path().string();
  expect_answers({"other versions of all libraries", {path, "LD_RUN_PATH=/x"}, ""});
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(RealSurroundings, WithoutProcTheReasonIsSaid) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", kSource);
  const std::string library = tests::binary_folder() + "/lib/libtest_without_proc.so";
  const Outcome outcome = run({"complete", file + ":2:9"}, {"LD_PRELOAD=" + library});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: /proc/cpuinfo: it cannot be read, and torch learns there what "
                         "the processor can do: mount /proc\n");
}
#endif

TEST(RealSurroundings, TooFewDescriptorsAreSaidToBeTooFew) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", kSource);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"serve"}, {"complete", file + ":2:9"}}) {
    const Outcome outcome = run(words, {}, nullptr, "ulimit -n 6");
    EXPECT_EQ(outcome.exit_code, 1) << words[0];
    EXPECT_TRUE(outcome.err.ends_with(
        ": too few files may be opened: raise the limit of open files (ulimit -n 64)\n"))
        << outcome.err;
  }
}

TEST(RealSurroundings, ATorchThatIsPreloadedIsRefusedByTheNameOfTheVariable) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", kSource);
  const fs::path other = folder.path() / "libtorch_cpu.so";
  fs::copy_file(tests::binary_folder() + "/lib/libtest_other_version.so", other);
  const Outcome outcome = run({"complete", file + ":2:9"}, {"LD_PRELOAD=" + other.string()});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: " + other.string() +
                             ": it is in the process before the engine, which opens its own "
                             "torch: try again without LD_PRELOAD\n");
}

}  // namespace
}  // namespace inpaint::lsp
