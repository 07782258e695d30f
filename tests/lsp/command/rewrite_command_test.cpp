#include "lsp/command/rewrite_command.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using nlohmann::json;
using test::fill_of;
using test::Machine;
using test::Outcome;
using test::set_token;

void set_fills(Machine& machine, const std::vector<std::string>& texts) {
  machine.script.fills.clear();
  for (const std::string& text : texts)
    machine.script.fills.push_back(fill_of({set_token(text, 0.9F)}));
}

TEST(Rewrite, PrintsTheFileWithItsMarksFilled) {
  Machine machine;
  set_fills(machine, {"2"});
  const std::string file = machine.folder.write("a.py", "x = …\ny = f(…)\n");
  const Outcome outcome = machine.run({"rewrite", file});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "x = 2\ny = f(2)\n");
  EXPECT_EQ(outcome.err, "2 of 2 places written\n");
}

TEST(Rewrite, PrintsEdits) {
  Machine machine;
  set_fills(machine, {"2"});
  const std::string file = machine.folder.write("a.py", "x = …\n");
  EXPECT_EQ(json::parse(machine.run({"rewrite", file, "--json"}).out),
            (json{{"holes", 1}, {"edits", {{{"begin", 4}, {"end", 7}, {"text", "2"}}}}}));
}

TEST(Rewrite, WritesLinesAnewAndKeepsSome) {
  Machine machine;
  set_fills(machine, {"    z = 1"});
  const std::string file =
      machine.folder.write("a.py", "def f(a):\n    x = a\n    y = x\n    return y\n");
  EXPECT_EQ(machine.run({"rewrite", file, "--lines", "2"}).out,
            "def f(a):\n    z = 1\n    y = x\n    return y\n");
  EXPECT_EQ(machine.run({"rewrite", file, "--lines", "2-4", "--keep", "3"}).out,
            "def f(a):\n    z = 1\n    y = x\n    z = 1\n");
}

TEST(Rewrite, AnotherSeedIsAnotherText) {
  Machine machine;
  set_fills(machine, {"2", "3", "4"});
  const std::string file = machine.folder.write("a.py", "x = f(1)\n");
  EXPECT_EQ(machine.run({"rewrite", file, "--lines", "1", "--seed", "1"}).out, "3\n");
  EXPECT_EQ(machine.run({"rewrite", file, "--lines", "1", "--seed", "2"}).out, "4\n");
  EXPECT_EQ(machine.asked->requests.back().decoding.alternatives, 4);
}

TEST(Rewrite, SaysWhyNothingIsWritten) {
  Machine machine;
  set_fills(machine, {"("});
  const std::string whole = machine.folder.write("a.py", "x = 1\n");
  const std::string marked = machine.folder.write("b.py", "x = …\n");
  const auto says = [&](const std::vector<std::string>& words, const std::string& part) {
    const Outcome outcome = machine.run(words);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.contains(part)) << outcome.err;
  };
  says({"rewrite", whole}, "a.py: nothing in it is marked: ");
  says({"rewrite", marked}, "b.py: nothing was found that fits: ");
  says({"rewrite", whole, "--lines", "7"}, "line 7: the file has 2: ");
  says({"rewrite", whole + "x"}, "there is no such file");
}

TEST(Rewrite, WrongLinesAreWrongUse) {
  Machine machine;
  for (const char* lines : {"0", "3-2", "x", "1-", "-1", ""}) {
    const Outcome outcome = machine.run({"rewrite", "a.py", "--lines=" + std::string(lines)});
    EXPECT_EQ(outcome.exit_code, 2) << lines;
  }
}

}  // namespace
}  // namespace inpaint::lsp
