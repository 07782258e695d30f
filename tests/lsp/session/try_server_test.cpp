// packaging/try_server.py without a model: its places, and what it says when the server fails.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "lsp/bench/child_process.h"
#include "tests/lsp/command/temporary_folder.h"
#include "tests/project_folders.h"

namespace inpaint::lsp {
namespace {

/// Both streams in one.
ChildOutcome try_with(const std::string& program) {
  const std::string script = tests::source_folder() + "/packaging/try_server.py";
  const auto outcome =
      run_child({"sh", "-c", R"(exec python3 -B "$0" "$1" 2>&1)", script, program});
  return outcome.value_or(ChildOutcome{});
}

TEST(TryServer, FindsItsPlacesInTheirFiles) {
  const auto outcome = run_child({"python3", "-B", "-c", R"(
import sys
sys.path.insert(0, sys.argv[1] + "/packaging")
import try_server as t
for place in (t.LINE, t.BODY, t.HOLE):
    text = (t.ROOT / place["file"]).read_text()
    n = text.count(place["before"] + place["there"] + place["behind"])
    if n != 1: print(n, "times in", place["file"] + ":", place["there"])
if not t.LINE["there"].startswith(t.LINE["typed"]): print("another line is typed")
)",
                                  tests::source_folder()});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 0);
  EXPECT_EQ(outcome->out, "");
}

struct FailureCase {
  const char* name;
  const char* script;  // of the program in place of the server; null: there is none
  const char* expect;
};

TEST(TryServer, SaysWhatWentWrongAndEnds) {
  const char* const answer = "body='{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}'\n"
                             "printf 'Content-Length: %d\\r\\n\\r\\n%s' ${#body} \"$body\"\n";
  std::string shows_error(answer);
  shows_error += "body='{\"jsonrpc\":\"2.0\",\"method\":\"window/showMessage\",\"params\":"
                 "{\"type\":1,\"message\":\"there is no model\"}}'\n"
                 "printf 'Content-Length: %d\\r\\n\\r\\n%s' ${#body} \"$body\"\ncat >/dev/null\n";
  const FailureCase cases[] = {
      {"no program", nullptr, "No such file or directory: build it: packaging/try.sh"},
      {"it ends at once", "exit 3\n", "inpaint serve: it ended with exit code 3: see"},
      {"it says why", "echo 'cannot' >&2; exit 1\n", "it ended with exit code 1, cannot: see"},
      {"it is another program", "printf 'usage\\r\\n\\r\\n'; cat >/dev/null\n",
       "it wrote no message of the protocol"},
      {"it has no model", shows_error.c_str(), "inpaint serve: there is no model: see"},
  };
  for (const FailureCase& c : cases) {
    const test::TemporaryFolder folder;
    std::string program = (folder.path() / "absent").string();
    if (c.script != nullptr) {
      program = folder.write("server", std::string("#!/bin/sh\n") + c.script);
      std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    }
    const ChildOutcome outcome = try_with(program);
    EXPECT_EQ(outcome.exit_code, 1) << c.name;
    EXPECT_NE(outcome.out.find(c.expect), std::string::npos) << c.name << ": " << outcome.out;
    EXPECT_EQ(outcome.out.find("Traceback"), std::string::npos) << outcome.out;
  }
}

}  // namespace
}  // namespace inpaint::lsp
