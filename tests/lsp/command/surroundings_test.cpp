// The program answers wherever it is started; what needs the engine is in
// real_surroundings_slow_test.cpp.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/command/run_binary.h"
#include "tests/lsp/command/surroundings.h"

namespace inpaint::lsp {
namespace {

using test::content_of;
using test::Outcome;
using test::run;

TEST(Surroundings, KeepNobodyFromHelp) {
  const test::TemporaryFolder folder;
  for (const test::Surrounding& s : test::surroundings(folder)) {
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--version"}, {"--help"}, {"complete", "--help"}}) {
      const Outcome outcome = run(arguments, s.environment, nullptr, s.shell);
      const bool is_full = s.name == "a full disk";  // and the answer goes to a file
      EXPECT_EQ(outcome.exit_code, is_full ? 1 : 0)
          << s.name << ", " << arguments[0] << ": " << outcome.err;
      if (is_full) continue;
      EXPECT_NE(outcome.out, "") << s.name << ", " << arguments[0];
    }
  }
}

TEST(Surroundings, KeepNobodyFromTheReasonOfAFailure) {
  const test::TemporaryFolder folder;
  for (const test::Surrounding& s : test::surroundings(folder)) {
    const Outcome outcome =
        run({"complete", "/no/such/file.py:1:1"}, s.environment, nullptr, s.shell);
    EXPECT_EQ(outcome.exit_code, 1) << s.name;
    EXPECT_EQ(outcome.out, "") << s.name;
    if (s.name.contains("error") || s.name == "neither" || s.name == "a full disk") continue;
    EXPECT_TRUE(outcome.err.ends_with("/no/such/file.py: there is no such file: check the path\n"))
        << s.name << ": " << outcome.err;
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they take more than there is
TEST(Surroundings, WithLittleMemoryHelpIsStillThere) {
  const Outcome outcome =
      run({"--help"}, {}, nullptr, "ulimit -v 24000");  // too little for a thread
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out, "");
}
#endif

struct PathCase {
  const char* name;
  std::vector<std::string> arguments;
  std::string shell;
  int exit_code;
  const char* error;
};

TEST(Surroundings, APathWithoutABeginningIsRefused) {
  const test::TemporaryFolder folder;
  const std::string gone = "mkdir -p " + folder.path().string() + "/gone; cd " +
                           folder.path().string() + "/gone; rmdir ../gone";
  const PathCase cases[] = {
      {"a relative path in a folder that is gone",
       {"complete", "a.py:1:1"},
       gone,
       1,
       "inpaint: a.py:1:1: the folder that the program was started in is gone: name it by an "
       "absolute path\n"},
      {"a home that nobody named",
       {"complete", "~/a.py:1:1"},
       "",
       2,
       "inpaint: ~/a.py:1:1: HOME is not set: write the path without ~\n"},
      {"a place for a model that nobody named",
       {"train", "--data", "/tmp"},
       "",
       1,
       "inpaint: --out: HOME is not set: name a folder for the model\n"},
      {"nothing",
       {"rewrite", ""},
       "",
       2,
       "inpaint: rewrite: FILE: its value is empty: see `inpaint rewrite --help`\n"},
  };
  for (const PathCase& c : cases) {
    const Outcome outcome = run(c.arguments, {}, nullptr, c.shell);
    EXPECT_EQ(outcome.exit_code, c.exit_code) << c.name;
    EXPECT_EQ(outcome.err, c.error) << c.name;
  }
}

TEST(Surroundings, APathIsReadByItsMeaning) {
  const test::TemporaryFolder folder;
  folder.write("a.py", "x = 1\n");
  const std::string root = folder.path().string();
  // Line 9 is not there: the message shows which file was read.
  for (const auto& [given, shell] :
       {std::pair("a.py:9:1", "cd " + root), std::pair("./a.py:9:1", "cd " + root),
        std::pair("~/a.py:9:1", std::string()), std::pair("~//./a.py:9:1", std::string())}) {
    const Outcome outcome = run({"complete", given}, {"HOME=" + root}, nullptr, shell);
    EXPECT_TRUE(outcome.err.starts_with("inpaint: " + root + "/a.py: there is no line 9"))
        << given << ": " << outcome.err;
  }
}

TEST(Surroundings, ANameThatIsNoTextIsShownOnOneLine) {
  const test::TemporaryFolder folder;
  for (const std::string name : {"a\nb.py", "caf\xe9.py", "\x1b[31mred.py", "a\rb.py"}) {
    const Outcome outcome = run({"complete", folder.path().string() + "/" + name + ":1:1"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
    EXPECT_EQ(outcome.err.find_first_of("\x1b\r"), std::string::npos) << outcome.err;
  }
}

TEST(Surroundings, TheStandardInputIsAFileAsAnyOther) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("a.py", "x = 1\ny = 2\n");
  const Outcome outcome = run({"complete", "/dev/stdin:9:1"}, {}, nullptr, "exec <" + file);
  EXPECT_TRUE(outcome.err.contains("there is no line 9, it has lines 1 to 3")) << outcome.err;
}

TEST(Surroundings, AReadThatFailsIsAnErrorThatNamesTheFile) {
  for (const char* file : {"/proc/self/mem", "/"}) {
    const Outcome outcome = run({"complete", std::string(file) + ":1:1"});
    EXPECT_EQ(outcome.exit_code, 1) << file;
    EXPECT_TRUE(outcome.err.starts_with("inpaint: " + std::string(file) + ": ")) << outcome.err;
  }
}

}  // namespace
}  // namespace inpaint::lsp
