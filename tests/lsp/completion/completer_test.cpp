#include "lsp/completion/completer.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"
#include "tests/lsp/command/fake_engine.h"

namespace inpaint::lsp {
namespace {

using grammar::ByteRange;
using test::fill_of;
using test::set_token;

CompletionRequest request_at(std::string text, std::size_t cursor) {
  CompletionRequest request;
  request.place.text = std::make_shared<const std::string>(std::move(text));
  request.place.cursor = cursor;
  request.decoding.gate = false;
  return request;
}

/// What the engine is asked for, as a text with its hole marked.
std::string shown_to_engine(const std::string& marked) {
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(test::script_of({fill_of({set_token("x", 1.0F)})}), asked);
  const grammar::CursorText source = grammar::parse_cursor(marked);
  const auto completion = Completer(engine).complete(request_at(source.text, source.cursor));
  EXPECT_TRUE(completion.has_value());
  const engine::FillRequest& request = asked->requests.front();
  return grammar::mark_hole(request.text, request.holes.front().range);
}

TEST(Completer, ShowsTheTextAroundTheHole) {
  EXPECT_EQ(shown_to_engine("def f():\n    return ^\nx"), "def f():\n    return [[]]\nx");
  EXPECT_EQ(shown_to_engine("a\n  ^  \nb"), "a\n[[]]\nb");  // what stood in the hole is not shown
  EXPECT_EQ(shown_to_engine("^"), "[[]]");
}

TEST(Completer, CutsALargeTextAndKeepsTheOffsetsOfTheFile) {
  std::string text;
  while (text.size() < 5'000'000) text += "line = " + std::to_string(text.size()) + "\n";
  const std::size_t cursor = text.find('\n', 3'000'000);
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(test::script_of({fill_of({set_token("0", 1.0F)})}), asked);
  const auto completion = Completer(engine).complete(request_at(text, cursor));
  ASSERT_TRUE(completion.has_value());
  EXPECT_EQ(completion->hole.range, (ByteRange{cursor, cursor}));

  const engine::FillRequest& request = asked->requests.front();
  EXPECT_LE(request.text.size(), 256U * 1024);
  EXPECT_GE(request.text.size(), 190U * 1024);
  const std::size_t hole = request.holes.front().range.begin;
  EXPECT_EQ(request.text.substr(0, hole), text.substr(cursor - hole, hole));
  EXPECT_EQ(request.text.substr(hole), text.substr(cursor, request.text.size() - hole));
  EXPECT_EQ(text[cursor - hole - 1], '\n');
  EXPECT_EQ(request.text.back(), '\n');
}

TEST(Completer, HandsItsKnobsToTheEngine) {
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(test::script_of({fill_of({set_token("x", 1.0F)})}), asked);
  const auto before = engine::Clock::now();
  CompletionRequest asked_for = request_at("x", 1);
  asked_for.place.path = "a.py";
  asked_for.place.snippets = {{"b.py", "y"}};
  asked_for.place.neighbours =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"z"});
  asked_for.decoding.mode = engine::Mode::diffusion;
  asked_for.decoding.threshold = 0.5F;
  asked_for.decoding.max_tokens = 7;
  asked_for.decoding.alternatives = 3;
  asked_for.decoding.seed = 9;
  asked_for.decoding.deadline = std::chrono::hours(1);
  const auto completion = Completer(engine).complete(asked_for);
  ASSERT_TRUE(completion.has_value());
  const engine::FillRequest& request = asked->requests.front();
  EXPECT_EQ(request.path, "a.py");
  ASSERT_EQ(request.snippets.size(), 1U);
  EXPECT_EQ(request.snippets[0].text, "y");
  EXPECT_EQ(request.neighbours, asked_for.place.neighbours) << "shared, not copied";
  EXPECT_EQ(request.decoding.mode, engine::Mode::diffusion);
  EXPECT_EQ(request.decoding.threshold, 0.5F);
  EXPECT_EQ(request.decoding.max_tokens, 7);
  EXPECT_TRUE(request.holes.front().stops_at_newline);
  EXPECT_EQ(request.decoding.alternatives, 3);
  EXPECT_EQ(request.decoding.gate, asked_for.decoding.gate);
  EXPECT_EQ(request.decoding.seed, 9U);
  EXPECT_GE(request.deadline(), before + std::chrono::hours(1));
  EXPECT_LT(request.deadline(), engine::Clock::time_point::max());
}

TEST(Completer, DropsAlternativesThatTrimmingMadeAlike) {
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(
      test::script_of({fill_of({set_token("x", 0.9F)}), fill_of({set_token("x ", 0.5F)}),
                       fill_of({set_token("y", 0.2F)})}),
      asked);
  CompletionRequest request = request_at("a = ", 4);
  request.decoding.alternatives = 3;
  const auto completion = Completer(engine).complete(request);
  ASSERT_TRUE(completion.has_value());
  ASSERT_EQ(completion->candidates.size(), 2U);
  EXPECT_EQ(completion->candidates[0].text, "x");
  EXPECT_EQ(completion->candidates[1].text, "y");
}

TEST(Completer, SaysWhatBecameOfWhatTheModelWroteFirst) {
  const auto written = [](engine::Fill fill, std::string_view behind) {
    test::FakeEngine engine(test::script_of({std::move(fill)}), std::make_shared<test::Asked>());
    CompletionRequest request = request_at("a = " + std::string(behind), 4);
    request.place.language = grammar::language_by_name("python");
    return std::string(to_string(*Completer(engine).complete(request)->written));
  };
  engine::Fill fill = fill_of({set_token("b", 0.9F)});
  EXPECT_EQ(written(fill, "\n"), "straight");
  fill.repaired = true;
  EXPECT_EQ(written(fill, "\n"), "repaired");
  fill.cut = true;
  EXPECT_EQ(written(fill, "\n"), "cut");
  EXPECT_EQ(written(fill_of({}), "\n"), "nothing");
  EXPECT_EQ(written(fill_of({set_token("(b", 0.9F)}), "\n"), "withheld");
}

/// A completion of Python at the cursor, the engine answering with one token.
Completion completion_of(const std::string& marked, const std::string& fill, float confidence,
                         bool gate, std::optional<float> draft_confidence = std::nullopt) {
  const auto asked = std::make_shared<test::Asked>();
  test::Script script = test::script_of({fill_of({set_token(fill, confidence)})});
  script.draft_confidence = draft_confidence.value_or(0.0F);
  test::FakeEngine engine(script, asked);
  const grammar::CursorText source = grammar::parse_cursor(marked);
  CompletionRequest request = request_at(source.text, source.cursor);
  request.place.language = grammar::language_by_name("python");
  request.decoding.gate = gate;
  request.count_errors = true;
  request.drafts = draft_confidence.has_value();
  request.decoding.alternatives = 3;
  const auto completion = Completer(engine).complete(request);
  EXPECT_TRUE(completion.has_value());
  return completion.value_or(Completion{});
}

TEST(Completer, CountsTheErrorsBeforeAndAfter) {
  const Completion good = completion_of("if ^:\n    pass\n", "f(2)", 0.9F, false);
  EXPECT_GT(good.errors_before, 0);
  EXPECT_EQ(good.errors_baseline, 0);
  EXPECT_EQ(good.errors_after, 0);
  ASSERT_EQ(good.candidates.size(), 1U);
  EXPECT_EQ(good.candidates[0].text, "f(2)");
}

TEST(Completer, ShowsNothingThatBreaksTheFile) {
  const Completion bad = completion_of("if ^:\n    pass\n", "f(2))", 0.9F, false);
  EXPECT_TRUE(bad.candidates.empty());
  EXPECT_EQ(bad.silence, Silence{SilenceReason::unparsable});
  EXPECT_EQ(bad.errors_after, bad.errors_before) << "the hole stays as it is";
}

TEST(Completer, ShowsNothingThatItDoesNotBelieve) {
  const Completion believed = completion_of("if ^:\n    pass\n", "f(2)", 0.9F, true);
  EXPECT_EQ(believed.candidates.size(), 1U);
  EXPECT_EQ(believed.silence, std::nullopt);
  const Completion improbable = completion_of("if ^:\n    pass\n", "f(2)", 0.001F, true);
  EXPECT_TRUE(improbable.candidates.empty());
  EXPECT_EQ(improbable.silence->reason, SilenceReason::improbable);
  const Completion empty = completion_of("x = 1^\n", "", 0.9F, true);
  EXPECT_TRUE(empty.candidates.empty());
  EXPECT_EQ(empty.silence, Silence{SilenceReason::nothing_written});
}

TEST(Completer, TheFileIsAModelOfItself) {
  const std::string file =
      "def first(a):\n    checked = validate(a, strict=True)\n    return checked\n\n"
      "def second(a):\n    checked = ^\n    return checked\n";
  const Completion found = completion_of(file, "a", 0.01F, false, 0.9F);
  ASSERT_GE(found.candidates.size(), 1U);
  EXPECT_EQ(found.candidates[0].text, "validate(a, strict=True)");
  EXPECT_EQ(found.candidates[0].evidence.origin, Origin::draft);
}

std::string repeated(std::string_view piece, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += piece;
  return text;
}

/// What no person writes: it is completed, or not, and the completer lives on.
TEST(Completer, TakesAnyText) {
  const std::string texts[] = {
      repeated("(", 100'000),          repeated("x = [", 50'000),
      repeated("a", 100'000),          repeated("a b ", 25'000),
      repeated("\n", 100'000),         repeated(std::string_view("\0\n", 2), 50'000),
      repeated("\xFF\xC0(", 10'000),   repeated("\xF0\x9F\x98\x80", 10'000),
      repeated("\r", 10'000) + "\r\n", "\xEF\xBB\xBF" + repeated("\"\"\"", 30'000),
      repeated("if x:\n\t", 20'000),
  };
  test::FakeEngine engine(test::script_of({fill_of({set_token("x", 1.0F)})}),
                          std::make_shared<test::Asked>());
  for (const char* language : {"python", "cpp", ""}) {
    for (const std::string& text : texts) {
      const std::size_t cursor = text.size() / 2;
      CompletionRequest request = request_at(text, cursor);
      request.place.language = grammar::language_by_name(language);
      request.place.neighbours =
          std::make_shared<const std::vector<std::string>>(1, text.substr(0, 24'000));
      const auto completion = Completer(engine).complete(request);
      ASSERT_TRUE(completion.has_value()) << language << ' ' << text.substr(0, 8);
      EXPECT_LE(completion->hole.range.begin, cursor);
      EXPECT_GE(completion->hole.range.end, cursor);
      EXPECT_LE(completion->hole.range.end, text.size());
    }
  }
}

TEST(Completer, RefusesACursorOutsideOfTheText) {
  test::FakeEngine engine({}, std::make_shared<test::Asked>());
  const auto completion = Completer(engine).complete(request_at("ab", 3));
  ASSERT_FALSE(completion.has_value());
  EXPECT_EQ(completion.error().code, engine::ErrorCode::bad_argument);
}

}  // namespace
}  // namespace inpaint::lsp
