#include "lsp/bench/child_process.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "lsp/bench/machine_facts.h"
#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

TEST(Child, HandsBackOutputAndExitCode) {
  const auto outcome = run_child({"sh", "-c", "echo \"$1\"; echo hidden >&2; exit 3", "sh", "a b"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->out, "a b\n");
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_GT(outcome->milliseconds, 0.0);
}

TEST(Child, IsNothingWhereThereIsNoSuchProgram) {
  EXPECT_FALSE(run_child({"inpaint-has-no-such-program"}));
}

TEST(Child, TellsASignalFromAnExit) {
  const auto outcome = run_child({"sh", "-c", "kill -9 $$"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, -1);
}

TEST(Child, BeginsWithNoSignalBlocked) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const auto outcome = run_child({"sh", "-c", "kill -TERM $$; echo survived"});
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->out, "");
}

TEST(Child, InTheBackgroundEndsWithAllItStarted) {
  const test::TemporaryFolder folder;
  const std::string fifo = (folder.path() / "fifo").string();
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::ifstream words;
  std::string word;
  {
    // A shell and the process it started both hold the fifo open, which is what the test waits on.
    const BackgroundChild child(
        {"sh", "-c", "exec 3>\"$0\"; (echo ready >&3; sleep 9; echo survived >&3) & wait", fifo});
    ASSERT_TRUE(child.running());
    words.open(fifo);
    words >> word;
    EXPECT_EQ(word, "ready");
  }
  word.clear();
  words >> word;  // the end of the file comes once the last of them is gone
  EXPECT_EQ(word, "");
}

constexpr std::chrono::seconds kLong{60};  // only a child that hangs reaches it

TEST(PipedChild, AnswersAndEndsWhenItsInputDoes) {
  PipedChild child({"sh", "-c", "while read line; do echo \"got $line\"; done; exit 4"});
  ASSERT_TRUE(child.running());
  for (const std::string word : {"one", "two"}) {
    ASSERT_TRUE(child.write(word + "\n"));
    EXPECT_EQ(child.read(kLong), "got " + word + "\n");
  }
  EXPECT_EQ(child.end(kLong), 4);
  EXPECT_FALSE(child.running());
  EXPECT_FALSE(child.write("three\n"));
  EXPECT_EQ(child.read(kLong), "");
}

TEST(PipedChild, ThatReadsNoMoreIsAFailedWriteAndNoSignal) {
  PipedChild child({"sh", "-c", "exec <&-; echo deaf"});
  EXPECT_EQ(child.read(kLong), "deaf\n");
  EXPECT_FALSE(child.write("to nobody"));
  EXPECT_EQ(child.end(kLong), 0);
}

TEST(PipedChild, ThatDoesNotEndIsEnded) {
  PipedChild child({"sh", "-c", "echo ready; exec sleep 1000"});
  EXPECT_EQ(child.read(kLong), "ready\n");
  EXPECT_EQ(child.end(std::chrono::milliseconds{1}), -1);
}

TEST(PipedChild, ThatIsNoProgramNeverRan) {
  PipedChild child({"inpaint-has-no-such-program"});
  EXPECT_FALSE(child.running());
  EXPECT_FALSE(child.write("x"));
  EXPECT_EQ(child.end(kLong), -1);
}

TEST(MachineFacts, AreReadFromTheirLines) {
  const char* text = "Name:\tx\nVmRSSx:\t7 kB\nVmRSS:\t  2048 kB\nVmHWM:\t4096 kB\n";
  EXPECT_EQ(kib_of(text, "VmRSS"), 2048.0);
  EXPECT_EQ(kib_of(text, "VmHWM"), 4096.0);
  EXPECT_EQ(kib_of(text, "VmSwap"), 0.0);
  EXPECT_EQ(kib_of("", "VmRSS"), 0.0);
}

TEST(MachineFacts, TellOfThisProcess) {
  const ProcessMemory memory = process_memory();
  EXPECT_GT(memory.resident_mib, 0.5);
  EXPECT_GE(memory.peak_mib, memory.resident_mib);
  EXPECT_GT(machine_facts().threads, 0U);
}

}  // namespace
}  // namespace inpaint::lsp
