#include "lsp/command/completion_output.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/golden.h"

namespace inpaint::lsp {
namespace {

using test::set_token;

Completion example() {
  Completion completion;
  completion.hole = {{28, 30}, HoleKind::line, true};
  completion.candidates = {
      {"3.14 * r", {set_token("3.14", 0.95F), set_token(" * r\n", 0.5F)}, 0.475F},
      {"r\"\\", {set_token("r\"\\", 0.25F)}, 0.25F}};
  completion.forwards = 4;
  completion.milliseconds = {0.0123456, 30.25, 11.5, 42.0};
  return completion;
}

TEST(CompletionOutput, IsTheObjectThatScriptsRelyOn) {
  EXPECT_EQ(to_json(example()),
            R"({"text":"3.14 * r","range":{"begin":28,"end":30},"kind":"line",)"
            R"("errors_before":null,"errors_baseline":null,"errors_after":null,)"
            R"("probability":0.475,"confidence":[0.95,0.5],"tokens":2,"forwards":4,)"
            R"("milliseconds":{"parse":0.012,"context":30.25,"denoise":11.5,"total":42.0},)"
            R"("alternatives":[{"text":"3.14 * r","probability":0.475},)"
            R"({"text":"r\"\\","probability":0.25}],"silence":null})");
}

TEST(CompletionOutput, NumbersOfErrorsAppearOnceTheyAreKnown) {
  Completion completion = example();
  completion.errors_before = 2;
  completion.errors_baseline = 1;
  completion.errors_after = 0;
  const auto object = nlohmann::json::parse(to_json(completion));
  EXPECT_EQ(object["errors_before"], 2);
  EXPECT_EQ(object["errors_baseline"], 1);
  EXPECT_EQ(object["errors_after"], 0);
}

TEST(CompletionOutput, StaysJsonWhateverTheTokensHold) {
  Completion completion = example();
  completion.candidates = {{"\u0001€\n",
                            {set_token("\x01\xE2", 0.5F), set_token("\x82\xAC\n", 0.5F)},
                            std::numeric_limits<float>::quiet_NaN()}};
  const auto object = nlohmann::json::parse(to_json(completion));
  EXPECT_EQ(object["text"], "\u0001€\n");
  EXPECT_TRUE(object["probability"].is_null());
  EXPECT_EQ(object["confidence"].size(), 2U);
}

TEST(CompletionOutput, IsAPictureForPeople) {
  test::expect_golden("completion",
                      draw_completion(example(), "def area(r):\n    return pi *  \n\nx\n", false));
}

TEST(CompletionOutput, SaysWhyThereIsNothing) {
  Completion completion = example();
  completion.candidates.clear();
  completion.silence = Silence{SilenceReason::improbable, "0.21 of 0.35 needed"};
  completion.deadline_reached = true;
  const std::string picture = draw_completion(completion, std::string(40, 'x'), false);
  EXPECT_NE(
      picture.find("Nothing is shown: not probable enough: 0.21 of 0.35 needed: ask by hand, or "
                   "set inpaint.gate to false\n"),
      std::string::npos)
      << picture;
  EXPECT_NE(picture.find("stopped at the deadline"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(to_json(completion))["silence"],
            (nlohmann::json{{"id", "improbable"},
                            {"words", "not probable enough: 0.21 of 0.35 needed"},
                            {"remedy", "ask by hand, or set inpaint.gate to false"}}));
}

}  // namespace
}  // namespace inpaint::lsp
