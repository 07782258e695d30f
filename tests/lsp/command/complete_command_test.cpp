#include "lsp/command/complete_command.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/machine.h"

namespace inpaint::lsp {
namespace {

using nlohmann::json;
using test::fill_of;
using test::Machine;
using test::mask;
using test::Outcome;
using test::set_token;

TEST(Complete, PrintsOneObject) {
  Machine machine;
  const std::string file = machine.folder.write("area.py", "def area(r):\n    return  \n");
  const Outcome outcome = machine.run({"complete", file + ":2:12", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const json object = json::parse(outcome.out);
  EXPECT_EQ(object["text"], "3.14 * r");
  EXPECT_EQ(object["range"], (json{{"begin", 24}, {"end", 25}}));
  EXPECT_EQ(object["kind"], "line");
  EXPECT_EQ(object["tokens"], 2);
  EXPECT_EQ(object["forwards"], 2);
  EXPECT_EQ(object["confidence"], (json{0.9, 0.5}));
  EXPECT_EQ(object["milliseconds"]["context"], 30.25);
  EXPECT_EQ(object["milliseconds"]["denoise"], 11.5);
  EXPECT_EQ(object["errors_before"], 0);
  EXPECT_EQ(object["errors_baseline"], 0);
  EXPECT_EQ(object["errors_after"], 0);
  EXPECT_EQ(object["alternatives"].size(), 1U);
}

TEST(Complete, CountsNoErrorsWithoutAGrammar) {
  Machine machine;
  const std::string file = machine.folder.write("area.txt", "area = \n");
  const json object = json::parse(machine.run({"complete", file + ":1:8", "--json"}).out);
  for (const char* key : {"errors_before", "errors_baseline", "errors_after"})
    EXPECT_TRUE(object[key].is_null()) << key;
}

TEST(Complete, SaysWhereThereIsNoGrammarToCheckWith) {
  Machine machine;
  const std::string file = machine.folder.write("area.cs", "double area = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:15"});
  EXPECT_TRUE(outcome.out.starts_with("1 | double area = [[3.14 * r]]\n")) << outcome.out;
  EXPECT_TRUE(outcome.out.ends_with(
      "\nthere is no grammar for this file: it is filled line by line, unchecked\n"))
      << outcome.out;
  const std::string checked = machine.folder.write("area.py", "area = \n");
  EXPECT_EQ(machine.run({"complete", checked + ":1:8"}).out.find("unchecked"), std::string::npos);
}

TEST(Complete, DrawsThePlace) {
  Machine machine;
  const std::string file = machine.folder.write("area.py", "def area(r):\n    return \n");
  const Outcome outcome = machine.run({"complete", file + ":2:12"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("1 | def area(r):\n2 |     return [[3.14 * r]]\n3 | \n"
                                      "2 tokens, 2 forwards, 1.0 tokens per forward, "))
      << outcome.out;
}

TEST(Complete, UsesColoursWhereTheyAreWelcome) {
  Machine machine;
  const std::string file = machine.folder.write("a.py", "x = \n");
  const auto has_colour = [&](std::vector<std::string> more, Screen screen) {
    machine.screen = screen;
    more.insert(more.begin(), {"complete", file + ":1:5"});
    return machine.run(more).out.find('\x1b') != std::string::npos;
  };
  const Screen colourful{.is_terminal = true, .wants_color = true};
  EXPECT_TRUE(has_colour({}, colourful));
  EXPECT_FALSE(has_colour({}, {.is_terminal = true}));
  EXPECT_FALSE(has_colour({}, {}));
  EXPECT_FALSE(has_colour({"--color", "never"}, colourful));
  EXPECT_TRUE(has_colour({"--color", "always"}, {}));
}

TEST(Complete, ShowsTheModelThePathAndTheSnippets) {
  Machine machine;
  const std::string file = machine.folder.write("script", "x = \n");
  const std::string other = machine.folder.write("other.py", "y = 1\n");
  const Outcome outcome =
      machine.run({"complete", file + ":1:5", "--language", "python", "--snippet", other,
                   "--neighbour", other, "--model", "/m", "--device", "cuda"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(machine.asked->requests.size(), 1U);
  const engine::FillRequest& request = machine.asked->requests[0];
  EXPECT_EQ(request.path, "script.py");
  ASSERT_EQ(request.snippets.size(), 1U);
  EXPECT_EQ(request.snippets[0].path, "other.py");
  EXPECT_EQ(request.snippets[0].text, "y = 1\n");
  ASSERT_NE(request.neighbours, nullptr);
  EXPECT_EQ(*request.neighbours, std::vector<std::string>{"y = 1\n"});
  ASSERT_EQ(machine.asked->opened.size(), 1U);
  EXPECT_EQ(machine.asked->opened[0].model, "/m");
  EXPECT_EQ(machine.asked->opened[0].device, engine::Device::cuda);
  EXPECT_EQ(machine.asked->opened[0].cache_folder, "/cache");
}

TEST(Complete, WatchWritesTheStepsBeforeTheAnswer) {
  Machine machine;
  machine.script.steps = {{.forward = 1, .tokens = {set_token("3", 0.9F), mask()}},
                          {.forward = 2, .tokens = {set_token("3", 0.9F), set_token("4", 0.9F)}}};
  const std::string file = machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--watch"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("forward 1: 3░\nforward 2: 34\n1 | x = [[3.14 * r]]\n"))
      << outcome.out;
}

TEST(Complete, WatchLeavesTheJsonAlone) {
  Machine machine;
  machine.script.steps = {{.forward = 1, .tokens = {set_token("3", 0.9F), mask()}}};
  const std::string file = machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--watch", "--json"});
  EXPECT_EQ(json::parse(outcome.out)["text"], "3.14 * r");
  EXPECT_EQ(outcome.err, "forward 1: 3░\n");
}

TEST(Complete, CleansTheTerminalAndLeavesWhenStopped) {
  Machine machine;
  machine.screen = {.is_terminal = true};
  machine.script.steps = {{.forward = 1, .tokens = {mask()}}, {.forward = 2, .tokens = {mask()}}};
  int steps = 0;
  machine.script.before_each_step = [&] {
    if (++steps == 2) machine.stop.request_stop();
  };
  const std::string file = machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--watch"});
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_EQ(steps, 2);
  EXPECT_TRUE(outcome.out.ends_with("\x1b[J\x1b[?25h")) << outcome.out;
}

TEST(Complete, KeepsTheBytesOfACrlfFile) {
  Machine machine;
  const std::string text = "a\r\nx = \r\n";
  const std::string file = machine.folder.write("a.py", text);
  const json object = json::parse(machine.run({"complete", file + ":2:5", "--json"}).out);
  EXPECT_EQ(object["range"], (json{{"begin", 7}, {"end", 7}}));
  EXPECT_EQ(machine.asked->requests[0].text, text);
}

struct WhyCase {
  const char* name;
  std::string content;
  float confidence;
  int exit_code;
  const char* out;  // holds it
  bool asks = true;
};

TEST(Complete, WhySaysWhatAnEditorWouldShowOrWhyNothing) {
  const WhyCase cases[] = {
      {"probable", "if :\n    pass\n", 0.9F, 0, "1 | if [[f(2)]]:\n"},
      {"improbable", "if :\n    pass\n", 0.001F, 1,
       "of 0.35 needed: ask by hand, or set inpaint.gate to false\n"},
      {"unparsable", "if ]:\n    pass\n", 0.0F, 1, "Nothing is shown: "},
      {"huge", "if :" + std::string(5'000'000, '\n'), 0.9F, 1,
       "Nothing is shown: the file is too large: 5000004 bytes of at most 5000000: ", false},
  };
  for (const WhyCase& c : cases) {
    Machine machine;
    machine.script.fills = {fill_of({set_token("f(2)", c.confidence)})};
    const std::string file = machine.folder.write("a.py", c.content);
    const Outcome outcome = machine.run({"complete", file + ":1:4", "--why"});
    EXPECT_EQ(outcome.exit_code, c.exit_code) << c.name << outcome.err;
    EXPECT_NE(outcome.out.find(c.out), std::string::npos) << c.name << outcome.out.substr(0, 999);
    EXPECT_EQ(machine.asked->requests.size(), c.asks ? 1U : 0U) << c.name;
    const json object =
        json::parse(machine.run({"complete", file + ":1:4", "--why", "--json"}).out);
    EXPECT_EQ(object["silence"].is_null(), c.exit_code == 0) << c.name;
  }
}

TEST(Complete, WhySaysSoOfAFileOfSecrets) {
  Machine machine;
  const std::string file = machine.folder.write(".env", "KEY=\n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--why"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: " + file +
                             ": it holds secrets, which no model is shown: keep code in a "
                             "file without secrets\n");
}

TEST(Complete, ReportsAFillThatEndsInACharacterWithoutIt) {
  Machine machine;
  machine.script.fills = {fill_of({set_token("a", 0.9F), set_token("\xF0\x9F\x98", 0.9F)})};
  const std::string file = machine.folder.write("a.py", "x = \n");
  const json object = json::parse(machine.run({"complete", file + ":1:5", "--json"}).out);
  EXPECT_EQ(object["text"], "a");
  EXPECT_EQ(object["tokens"], 1);
}

struct FailureCase {
  const char* name;
  std::string content;
  const char* place;
  const char* message;  // FILE stands for the file
};

TEST(Complete, FailsOnBadInputBeforeAnyModelIsOpened) {
  const FailureCase cases[] = {
      {"past the last line", "a\n", ":3:1",
       "FILE: there is no line 3, it has lines 1 to 2: give a line of the file, counted from 1"},
      {"past the end of the line", "a\n", ":1:3",
       "FILE:1: there is no column 3, it has columns 1 to 2: "
       "give a column of the line, counted in characters from 1"},
      {"a binary file",
       std::string("\x7F"
                   "ELF\0",
                   5),
       ":1:1",
       "FILE: binary file, byte 4 is NUL: name a source file; UTF-16 must be turned into UTF-8 "
       "first"},
      {"not UTF-8", "caf\xE9", ":1:1",
       "FILE: not UTF-8 at byte offset 3: convert the file to UTF-8"},
  };
  for (const FailureCase& c : cases) {
    Machine machine;
    const std::string file = machine.folder.write("f.py", c.content);
    const Outcome outcome = machine.run({"complete", file + c.place});
    EXPECT_EQ(outcome.exit_code, 1) << c.name;
    EXPECT_EQ(outcome.out, "") << c.name;
    std::string message = "inpaint: " + std::string(c.message) + "\n";
    message.replace(message.find("FILE"), 4, file);
    EXPECT_EQ(outcome.err, message) << c.name;
    EXPECT_TRUE(machine.asked->opened.empty()) << c.name;
  }
}

TEST(Complete, FailsOnAMissingSnippet) {
  Machine machine;
  const std::string file = machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--snippet", "/no/such/file"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: /no/such/file: there is no such file: check the path\n");
}

TEST(Complete, FailsWithoutAModel) {
  Machine machine;
  const std::string file = machine.folder.write("a.py", "x = \n");
  machine.has_model = false;
  Outcome outcome = machine.run({"complete", file + ":1:5"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: model: none: train one\n");
  machine.has_model = true;
  machine.model_loads = false;
  outcome = machine.run({"complete", file + ":1:5"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: model.safetensors: cut short: fetch it again\n");
}

TEST(Complete, CallsAWordThatIsNoPlaceWrongUse) {
  Machine machine;
  const Outcome outcome = machine.run({"complete", "a.py"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "inpaint: " + machine.folder.path().string() +
                             "/a.py: not of the form FILE:LINE:COLUMN: name a place such as "
                             "src/area.py:3:12, line and column from 1\n");
}

TEST(Complete, FailsWhenTheAnswerCannotBeWritten) {
  Machine machine;
  machine.full_disk = true;
  const std::string file = machine.folder.write("a.py", "x = \n");
  const Outcome outcome = machine.run({"complete", file + ":1:5", "--json"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "inpaint: standard output: not everything could be written: "
                         "check the disk or the pipe\n");
}

}  // namespace
}  // namespace inpaint::lsp
