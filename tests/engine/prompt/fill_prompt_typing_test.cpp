// What stays of a prompt while a person types and moves about, and what a huge text costs.

#include <gtest/gtest.h>

#include "engine/base/utf8.h"
#include "engine/prompt/fill_prompt.h"
#include "tests/engine/prompt/prompt_fixture.h"

namespace inpaint::engine {
namespace {

using FillPromptTypingTest = PromptTest;

/// An editor with one cursor that closes brackets by itself.
struct Typist {
  std::string text;
  std::size_t cursor = 0;

  void type(char key) {
    if (cursor < text.size() && text[cursor] == key && (key == ')' || key == ']')) {
      ++cursor;
      return;
    }
    text.insert(cursor++, 1, key);
    if (key == '(') text.insert(cursor, 1, ')');
    if (key == '[') text.insert(cursor, 1, ']');
  }
  FillRequest request() const {
    return {.path = "a.py", .text = text, .holes = {{.range = {cursor, cursor}}}};
  }
};

std::string lines(int n) {
  std::string text;
  for (int i = 0; i < n; ++i)
    text += "    value_" + std::to_string(i) + " = compute(first, " + std::to_string(i * 7) + ")\n";
  return text;
}

TEST_F(FillPromptTypingTest, TypingReusesWhatStandsBeforeTheCursor) {
  struct Case {
    const char* name;
    int above, below;  // lines
  };
  const Case cases[] = {{"all of it fits", 4, 4},
                        {"far text gives way to what is typed", 8, 200},
                        {"text above takes what is free", 200, 5},
                        {"both are cut", 200, 200},
                        {"nothing above", 0, 200},
                        {"nothing below", 200, 0}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Typist typist{lines(c.above), lines(c.above).size()};
    typist.text += "\n" + lines(c.below);
    std::optional<std::size_t> anchor;
    std::vector<TokenId> last;
    std::size_t total = 0, reused = 0, moves = 0, keys = 0;
    for (int line = 0; line < 6; ++line)
      for (const char key : std::string("    result = combine(value_3, [first, 17], other(x))\n")) {
        typist.type(key);
        FillRequest request = typist.request();
        request.snippets = {{"b.py", lines(40)}};
        const Prompt laid = prompt(request, 512, anchor);
        anchor = laid.anchor_from_end;
        ++keys;
        if (!last.empty()) {
          const auto shared =
              static_cast<std::size_t>(std::ranges::mismatch(last, laid.tokens).in1 - last.begin());
          const auto stable =
              static_cast<std::size_t>(std::ranges::find(last, special_.near) - last.begin());
          // A key may join the last word of what was there.
          if (shared + 3 < stable) ++moves;
          total += laid.tokens.size();
          reused += shared;
        }
        last = laid.tokens;
      }
    EXPECT_LE(moves, 4U) << "the window moved at " << moves << " of " << keys << " keys";
    EXPECT_GT(static_cast<double>(reused), 0.85 * static_cast<double>(total));
  }
}

TEST_F(FillPromptTypingTest, ABracketThatClosesBehindTheCursorMovesNothingInFront) {
  for (const int above : {3, 9, 30, 200}) {
    Typist typist{lines(above), lines(above).size()};
    typist.text += "\n" + lines(200);
    for (const char key : std::string("x = f")) typist.type(key);
    const Prompt open = prompt(typist.request());
    typist.type('(');
    const Prompt closed = prompt(typist.request(), 512, open.anchor_from_end);
    EXPECT_EQ(open.anchor_from_end, closed.anchor_from_end);
    EXPECT_EQ(far(open), far(closed)) << above;
    EXPECT_EQ(before(open) + "(", before(closed)) << above;
    EXPECT_EQ(")" + near(open), near(closed));
  }
}

TEST_F(FillPromptTypingTest, AnAnchorStaysWhileTheCursorMovesAboveIt) {
  Typist typist{lines(20), 0};
  typist.cursor = lines(10).size() + 4;
  const Prompt first = prompt(typist.request());
  typist.cursor = lines(9).size() + 4;
  const Prompt above = prompt(typist.request(), 512, first.anchor_from_end);
  EXPECT_EQ(above.anchor_from_end, first.anchor_from_end);
  EXPECT_EQ(far(above), far(first));
  typist.cursor = lines(15).size() + 4;
  const Prompt under = prompt(typist.request(), 512, first.anchor_from_end);
  EXPECT_LT(under.anchor_from_end, first.anchor_from_end) << "the old anchor is above the hole";
  typist.cursor = 0;
  const Prompt top = prompt(typist.request(), 512, first.anchor_from_end);
  EXPECT_GT(top.anchor_from_end, first.anchor_from_end) << "the old anchor is too far away";
}

TEST_F(FillPromptTypingTest, AnAnchorThatAnEditBelowMovedOffItsBorderIsSetAnew) {
  Typist typist{lines(20), lines(10).size() + 4};
  const Prompt first = prompt(typist.request());
  for (const std::size_t inserted : {1, 5, 17, 30}) {
    Typist edited = typist;
    edited.text.insert(lines(18).size(), std::string(inserted, '#'));
    const Prompt later = prompt(edited.request(), 512, first.anchor_from_end);
    EXPECT_EQ(edited.text[edited.text.size() - later.anchor_from_end], '\n') << inserted;
    EXPECT_EQ(near(later), near(first));
  }
  Typist shorter = typist;
  shorter.text.resize(typist.cursor + 1);
  EXPECT_EQ(prompt(shorter.request(), 512, first.anchor_from_end).anchor_from_end, 0U);
}

TEST_F(FillPromptTypingTest, NearIsShortWhereverTheAnchorWas) {
  Typist typist{lines(40), lines(10).size()};
  std::optional<std::size_t> anchor;
  for (int up = 10; up >= 0; --up) {
    typist.cursor = lines(up).size();
    const Prompt laid = prompt(typist.request(), 512, anchor);
    anchor = laid.anchor_from_end;
    const auto n_near = laid.tokens.end() - std::ranges::find(laid.tokens, special_.near) - 1;
    EXPECT_LE(n_near, kInpaint1.max_near_tokens);
    EXPECT_GT(n_near, 0);
  }
}

TEST_F(FillPromptTypingTest, OfAHugeTextOnlyTheNeighbourhoodIsRead) {
  const std::string block = lines(100);
  std::string huge;
  while (huge.size() < 5'000'000) huge += block;
  Typist typist{huge, huge.size() / 2};
  const Prompt laid = prompt(typist.request());
  EXPECT_LE(laid.tokens.size(), 512U);
  EXPECT_GT(laid.tokens.size(), 300U);
  // Everything further away than 16 KiB can change and makes no difference.
  for (std::size_t i = 0; i < huge.size(); ++i)
    if (i + 16384 < typist.cursor || i > typist.cursor + 16384) typist.text[i] = '\xFF';
  EXPECT_EQ(prompt(typist.request()).tokens, laid.tokens);
}

TEST_F(FillPromptTypingTest, AHugeLineIsShownAroundTheHole) {
  std::string line;
  while (line.size() < 5'000'000) line += "item,\xC3\xA9;";
  Typist typist{line, line.size() / 2 / 8 * 8};
  const Prompt laid = prompt(typist.request());
  EXPECT_GT(before(laid).size(), 300U) << "although no line border is in reach";
  EXPECT_TRUE(before(laid).ends_with("item,\xC3\xA9;"));
  EXPECT_TRUE(near(laid).starts_with("item,\xC3\xA9;"));
  EXPECT_GT(far(laid).size(), 100U);
  for (std::size_t shift = 0; shift < 8; ++shift) {  // the cuts fall on every byte of the pattern
    Typist moved{line, typist.cursor};
    moved.text.insert(moved.cursor, std::string(shift, 'x'));
    const Prompt cut = prompt(moved.request(), 2048);
    EXPECT_EQ(valid_utf8_prefix(near(cut)), near(cut).size()) << "a character was cut, " << shift;
    // At its end the budget cuts between tokens, which may be parts of a character.
    EXPECT_GE(valid_utf8_prefix(far(cut)) + 3, far(cut).size()) << shift;
  }
}

TEST_F(FillPromptTypingTest, TheStartOfTheWindowMovesInSteps) {
  Typist typist{lines(100), lines(100).size()};
  std::vector<std::string> starts;
  for (int line = 0; line < 60; ++line) {
    for (const char key : std::string("    x = y + 1\n")) typist.type(key);
    std::string start = before(prompt(typist.request())).substr(0, 40);
    if (starts.empty() || starts.back() != start) starts.push_back(start);
  }
  EXPECT_GT(starts.size(), 1U);
  EXPECT_LE(starts.size(), 60U * 8 / 128 + 3) << "about one step in 128 tokens";
}

TEST_F(FillPromptTypingTest, AHoleThatReachesBeyondTheWindowIsNotShown) {
  FillRequest request = marked_request("a^\n" + lines(20));
  request.holes.push_back({.range = {request.text.size(), 0}});
  request.text += std::string(20000, 'Q');
  request.holes.back().range.end = request.text.size();
  EXPECT_EQ(text(prompt(request, 1024)).find('Q'), std::string::npos);
}

}  // namespace
}  // namespace inpaint::engine
