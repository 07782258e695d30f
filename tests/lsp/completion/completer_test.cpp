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

struct CandidateCase {
  const char* name;
  std::string fill;
  HoleKind kind;
  const char* expect;
  std::size_t n_tokens;  // of the fill's bytes, one token each, how many remain
};

const CandidateCase kCandidates[] = {
    {"kept as it is", "a b", HoleKind::line, "a b", 3},
    {"white space at the end of a line goes", "a \t", HoleKind::line, "a", 1},
    {"in the middle of a line it stays", "a, ", HoleKind::middle, "a, ", 3},
    {"a second line goes", "a\nb", HoleKind::line, "a", 1},
    {"so does one after a carriage return", "a\r\nb", HoleKind::middle, "a", 1},
    {"a cut character goes", "ab\xE2\x82", HoleKind::line, "ab", 2},
    {"all behind a broken character goes",
     "a\xFF"
     "b",
     HoleKind::line, "a", 1},
    {"a whole character of several tokens stays", "\xE2\x82\xAC", HoleKind::line, "\xE2\x82\xAC",
     3},
    {"nothing is nothing", "", HoleKind::line, "", 0},
    {"only white space is nothing", "  ", HoleKind::line, "", 0},
};

TEST(Candidate, MayBeShown) {
  for (const CandidateCase& c : kCandidates) {
    std::vector<engine::SpanToken> tokens;
    for (char byte : c.fill) tokens.push_back(set_token(std::string(1, byte), 0.5F));
    const Candidate candidate = to_candidate(fill_of(tokens), {{0, 0}, c.kind, true});
    EXPECT_EQ(candidate.text, c.expect) << c.name;
    EXPECT_EQ(candidate.tokens.size(), c.n_tokens) << c.name;
  }
}

CompletionRequest request_at(std::string text, std::size_t cursor) {
  CompletionRequest request;
  request.text = std::move(text);
  request.cursor = cursor;
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
  asked_for.path = "a.py";
  asked_for.snippets = {{"b.py", "y"}};
  asked_for.mode = engine::Mode::diffusion;
  asked_for.threshold = 0.5F;
  asked_for.max_tokens = 7;
  asked_for.alternatives = 3;
  asked_for.seed = 9;
  asked_for.deadline = std::chrono::hours(1);
  const auto completion = Completer(engine).complete(asked_for);
  ASSERT_TRUE(completion.has_value());
  const engine::FillRequest& request = asked->requests.front();
  EXPECT_EQ(request.path, "a.py");
  ASSERT_EQ(request.snippets.size(), 1U);
  EXPECT_EQ(request.snippets[0].text, "y");
  EXPECT_EQ(request.mode, engine::Mode::diffusion);
  EXPECT_EQ(request.threshold, 0.5F);
  EXPECT_EQ(request.holes.front().max_tokens, 7);
  EXPECT_TRUE(request.holes.front().stops_at_newline);
  EXPECT_EQ(request.alternatives, 3);
  EXPECT_EQ(request.seed, 9U);
  EXPECT_GE(request.deadline, before + std::chrono::hours(1));
  EXPECT_LT(request.deadline, engine::Clock::time_point::max());
}

TEST(Completer, DropsAlternativesThatTrimmingMadeAlike) {
  const auto asked = std::make_shared<test::Asked>();
  test::FakeEngine engine(
      test::script_of({fill_of({set_token("x", 0.9F)}), fill_of({set_token("x ", 0.5F)}),
                       fill_of({set_token("y", 0.2F)})}),
      asked);
  const auto completion = Completer(engine).complete(request_at("a = ", 4));
  ASSERT_TRUE(completion.has_value());
  ASSERT_EQ(completion->candidates.size(), 2U);
  EXPECT_EQ(completion->candidates[0].text, "x");
  EXPECT_EQ(completion->candidates[1].text, "y");
}

TEST(Completer, RefusesACursorOutsideOfTheText) {
  test::FakeEngine engine({}, std::make_shared<test::Asked>());
  const auto completion = Completer(engine).complete(request_at("ab", 3));
  ASSERT_FALSE(completion.has_value());
  EXPECT_EQ(completion.error().code, engine::ErrorCode::bad_argument);
}

}  // namespace
}  // namespace inpaint::lsp
