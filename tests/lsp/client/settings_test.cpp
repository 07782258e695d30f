#include "lsp/client/settings.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

SettingsChange change(const char* json) { return change_settings({}, Json::parse(json)); }

TEST(Settings, AreTakenBareOrInTheirSection) {
  for (
      const char* json :
      {R"({"maxTokens":7,"mode":"diffusion","completionItems":"on","foresight":"off","threshold":0.5,
            "gate":false,"enabled":false,"deadlineMs":100,"completionDeadlineMs":30,
            "alternatives":2,"languagesOff":["yaml"],"excludedFiles":["*.x"],"snooze":5,
            "positionEncoding":"utf-8"})",
       R"({"inpaint":{"maxTokens":7,"mode":"diffusion","completionItems":"on","foresight":"off","threshold":0.5,
            "gate":false,"enabled":false,"deadlineMs":100,"completionDeadlineMs":30,
            "alternatives":2,"languagesOff":["yaml"],"excludedFiles":["*.x"],"snooze":5,
            "positionEncoding":"utf-8"}})"}) {
    const SettingsChange changed = change(json);
    EXPECT_TRUE(changed.problems.empty());
    Settings expected;
    expected.decoding.max_tokens = 7;
    expected.decoding.mode = engine::Mode::diffusion;
    expected.completion_items = CompletionItems::on;
    expected.foresight = Foresight::off;
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
    R"({"maxTokens":"many"})",
    R"({"maxTokens":1.5})",
    R"({"maxTokens":true})",
    R"({"maxTokens":18446744073709551615})",
    R"({"mode":"fast"})",
    R"({"mode":3})",
    R"({"threshold":0})",
    R"({"threshold":"x"})",
    R"({"gate":2})",
    R"({"gate":"maybe"})",
    R"({"deadlineMs":-1})",
    R"({"deadlineMs":"2 s"})",
    R"({"alternatives":9})",
    R"({"completionItems":1})",
    R"({"languagesOff":[1]})",
    R"({"languagesOff":7})",
    R"({"languagesOff":{"c":true}})",
    R"({"snooze":-1})",
    R"({"snooze":"x"})",
    R"({"positionEncoding":"latin-1"})",
    R"([1])",
    R"("x")",
    R"({"inpaint":5})",
    R"({"inpaint":[{"gate":false}]})",
    R"({"inpaint":{"maxToken":5}})",
};

TEST(Settings, WrongValuesAndNamesAreToldAndLeaveTheDefault) {
  for (const char* json : kWrong) {
    const SettingsChange changed = change(json);
    EXPECT_EQ(changed.settings, Settings()) << json;
    ASSERT_EQ(changed.problems.size(), 1U) << json;
    EXPECT_TRUE(changed.problems[0].starts_with("inpaint")) << changed.problems[0];
    EXPECT_NE(changed.problems[0].find(": "), std::string::npos) << changed.problems[0];
  }
}

TEST(Settings, AProblemNamesTheSettingAndTheValue) {
  EXPECT_EQ(change(R"({"inpaint":{"max_tokens":"many"}})").problems.front(),
            "inpaint.max_tokens: \"many\" is not a whole number from 1 to 1024: correct it in your "
            "settings");
  EXPECT_EQ(change(R"({"inpaint":{"maxToken":5}})").problems.front(),
            "inpaint.maxToken: there is no such setting: correct its name in your settings");
}

// What people write, and what they mean.
const char* const kMeansSevenTokens[] = {
    R"({"maxTokens":7})",
    R"({"maxTokens":7.0})",
    R"({"maxTokens":"7"})",
    R"({"maxTokens":" 7.0 "})",
    R"({"max_tokens":7})",
    R"({"max-tokens":7})",
    R"({"MaxTokens":7})",
    R"({"inpaint.maxTokens":7})",
    R"({"Inpaint":{"maxTokens":7}})",
    R"({"inpaint":{"inpaint.max_tokens":7}})",
    R"({"maxTokens":7,"max_tokens":8})",
};

TEST(Settings, NumbersAndNamesAreReadByTheirMeaning) {
  Settings expected;
  expected.decoding.max_tokens = 7;
  for (const char* json : kMeansSevenTokens) {
    const SettingsChange changed = change(json);
    EXPECT_EQ(changed.settings, expected) << json;
    EXPECT_TRUE(changed.problems.empty()) << json;
  }
}

TEST(Settings, FlagsWordsAndListsAreReadByTheirMeaning) {
  for (const char* json : {R"({"gate":false})", R"({"gate":0})", R"({"gate":"off"})",
                           R"({"gate":"False"})", R"({"gate":"no"})", R"({"gate":"0"})"}) {
    EXPECT_FALSE(change(json).settings.decoding.gate) << json;
  }
  for (const char* json : {R"({"mode":"Diffusion"})", R"({"mode":" diffusion "})"}) {
    EXPECT_EQ(change(json).settings.decoding.mode, engine::Mode::diffusion) << json;
  }
  for (const char* json : {R"({"completionItems":true})", R"({"completionItems":"ON"})"}) {
    EXPECT_EQ(change(json).settings.completion_items, CompletionItems::on) << json;
  }
  for (const char* json : {R"({"languagesOff":["yaml"]})", R"({"languagesOff":"yaml"})",
                           R"({"languagesOff":["yaml",null]})"}) {
    EXPECT_EQ(change(json).settings.languages_off, std::vector<std::string>{"yaml"}) << json;
  }
  for (const char* json : {R"({"positionEncoding":"UTF-8"})", R"({"positionEncoding":"utf8"})"}) {
    EXPECT_EQ(change(json).settings.encoding, PositionEncoding::utf8) << json;
  }
  EXPECT_FLOAT_EQ(change(R"({"threshold":"0.5"})").settings.decoding.threshold, 0.5F);
  EXPECT_EQ(change(R"({"snooze":"true"})").settings.snooze, kSnoozeForGood);
  EXPECT_EQ(change(R"({"snooze":"5"})").settings.snooze, std::chrono::minutes(5));
}

// Lua, PHP and Lisp make one thing of an empty list and an empty table.
const char* const kNothing[] = {
    "null",
    "{}",
    "[]",
    R"("")",
    R"(" ")",
    R"({"inpaint":null})",
    R"({"inpaint":{}})",
    R"({"inpaint":[]})",
    R"({"inpaint":""})",
    R"({"maxTokens":null})",
    R"({"maxTokens":""})",
    R"({"maxTokens":[]})",
    R"({"mode":{}})",
    R"({"gate":""})",
    R"({"snooze":null})",
    R"({"threshold":[]})",
    R"({"completionItems":""})",
    R"({"languagesOff":null})",
    R"({"languagesOff":""})",
    R"({"excludedFiles":null})",
};

TEST(Settings, NothingSetIsNothingSaid) {
  Settings base;
  base.decoding.max_tokens = 3;
  base.languages_off = {"c"};
  for (const char* json : kNothing) {
    for (const SettingsScope scope : {SettingsScope::ours, SettingsScope::everybodys}) {
      const SettingsChange changed = change_settings(base, Json::parse(json), scope);
      EXPECT_EQ(changed.settings, base) << json;
      EXPECT_TRUE(changed.problems.empty()) << json << ": " << changed.problems.front();
    }
  }
  for (const char* json : {R"({"languagesOff":[]})", R"({"languagesOff":{}})"}) {
    const SettingsChange changed = change_settings(base, Json::parse(json));
    EXPECT_TRUE(changed.settings.languages_off.empty()) << json;
    EXPECT_TRUE(changed.problems.empty()) << json;
  }
}

TEST(Settings, NamesThatOthersMayHaveMeantAreTheirs) {
  EXPECT_TRUE(change(R"({"python":{"path":"x"},"maxToken":5})").problems.empty());
  EXPECT_EQ(
      change_settings({}, Json::parse(R"({"maxToken":5})"), SettingsScope::ours).problems.size(),
      1U);
  // Our own extension keeps these in the same section.
  EXPECT_TRUE(change(R"({"inpaint":{"serverPath":"x","modelPath":"","snoozeMinutes":10,
                         "trace":{"server":"off"},"trace.server":"off"}})")
                  .problems.empty());
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
