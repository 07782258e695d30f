#include "lsp/client/settings.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

SettingsChange change(const char* json) { return change_settings({}, Json::parse(json)); }

TEST(Settings, AreTakenBareOrInTheirSection) {
  for (const char* json :
       {R"({"maxTokens":7,"mode":"diffusion","completionItems":"on","threshold":0.5,
            "gate":false,"enabled":false,"deadlineMs":100,"completionDeadlineMs":30,
            "alternatives":2,"languagesOff":["yaml"],"excludedFiles":["*.x"],"snooze":5,
            "positionEncoding":"utf-8"})",
        R"({"inpaint":{"maxTokens":7,"mode":"diffusion","completionItems":"on","threshold":0.5,
            "gate":false,"enabled":false,"deadlineMs":100,"completionDeadlineMs":30,
            "alternatives":2,"languagesOff":["yaml"],"excludedFiles":["*.x"],"snooze":5,
            "positionEncoding":"utf-8"}})"}) {
    const SettingsChange changed = change(json);
    EXPECT_TRUE(changed.problems.empty());
    Settings expected;
    expected.decoding.max_tokens = 7;
    expected.decoding.mode = engine::Mode::diffusion;
    expected.completion_items = CompletionItems::on;
    expected.decoding.threshold = 0.5F;
    expected.decoding.gate = expected.enabled = false;
    expected.decoding.deadline = std::chrono::milliseconds(100);
    expected.popup_deadline = std::chrono::milliseconds(30);
    expected.decoding.alternatives = 2;
    expected.languages_off = {"yaml"};
    expected.excluded_files = {"*.x"};
    expected.snooze = std::chrono::minutes(5);
    expected.encoding = PositionEncoding::utf8;
    EXPECT_EQ(changed.settings, expected);
  }
}

TEST(Settings, WhatIsMissingOrNullStays) {
  Settings base;
  base.decoding.max_tokens = 3;
  for (const char* json :
       {"null", "{}", R"({"maxTokens":null})", R"({"inpaint":null})", R"({"somethingElse":1})"}) {
    const SettingsChange changed = change_settings(base, Json::parse(json));
    EXPECT_EQ(changed.settings, base) << json;
    EXPECT_TRUE(changed.problems.empty()) << json;
  }
}

const char* const kWrong[] = {
    R"({"maxTokens":0})",
    R"({"maxTokens":1025})",
    R"({"maxTokens":"7"})",
    R"({"maxTokens":1.5})",
    R"({"maxTokens":18446744073709551615})",
    R"({"mode":"fast"})",
    R"({"mode":3})",
    R"({"threshold":0})",
    R"({"threshold":"x"})",
    R"({"gate":1})",
    R"({"deadlineMs":-1})",
    R"({"alternatives":9})",
    R"({"completionItems":true})",
    R"({"languagesOff":"c"})",
    R"({"languagesOff":[1]})",
    R"({"snooze":-1})",
    R"({"snooze":"x"})",
    R"({"positionEncoding":"latin-1"})",
    R"([])",
    R"({"inpaint":5})",
};

TEST(Settings, WrongValuesAreToldAndLeaveTheDefault) {
  for (const char* json : kWrong) {
    const SettingsChange changed = change(json);
    EXPECT_EQ(changed.settings, Settings()) << json;
    ASSERT_EQ(changed.problems.size(), 1U) << json;
    EXPECT_TRUE(changed.problems[0].starts_with("inpaint")) << changed.problems[0];
    EXPECT_NE(changed.problems[0].find(": "), std::string::npos) << changed.problems[0];
  }
}

TEST(Settings, AFolderCanNotNameAModelOrAServer) {
  for (const char* json : {R"({"model":"/tmp/evil"})", R"({"server":"http://evil"})",
                           R"({"grammars":["/tmp/evil.so"]})"}) {
    const SettingsChange changed = change(json);
    EXPECT_EQ(changed.settings, Settings()) << json;
    EXPECT_TRUE(changed.problems.empty()) << json;
    ASSERT_EQ(changed.not_taken.size(), 1U) << json;
    EXPECT_NE(changed.not_taken[0].find("command line"), std::string::npos);
  }
}

TEST(Settings, SnoozeIsSwitchedOnForGoodForATimeAndOff) {
  EXPECT_EQ(change(R"({"snooze":true})").settings.snooze, kSnoozeForGood);
  EXPECT_EQ(change(R"({"snooze":30})").settings.snooze, std::chrono::minutes(30));
  EXPECT_EQ(change(R"({"snooze":false})").settings.snooze, std::nullopt);
  EXPECT_EQ(change(R"({"snooze":0})").settings.snooze, std::nullopt);
}

}  // namespace
}  // namespace inpaint::lsp
