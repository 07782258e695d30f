#include "lsp/completion/window.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

constexpr WindowLimits kSmall{.before = 40, .after = 24, .step = 8};

/// Lines "0000\n", "0001\n", ... : five bytes each, each its own number.
std::string numbered_lines(int n) {
  std::string text;
  for (int i = 0; i < n; ++i) {
    const std::string number = std::to_string(i);
    text += std::string(4 - number.size(), '0') + number + "\n";
  }
  return text;
}

TEST(Window, IsTheWholeOfASmallText) {
  EXPECT_EQ(cut_window("a\nb\n", {2, 2}), (ByteRange{0, 4}));
  EXPECT_EQ(cut_window("", {0, 0}), (ByteRange{0, 0}));
}

TEST(Window, LeavesTheByteOrderMarkOut) {
  EXPECT_EQ(cut_window("\xEF\xBB\xBF"
                       "ab",
                       {4, 4}),
            (ByteRange{3, 5}));
}

TEST(Window, CutsAtLineBorders) {
  const std::string text = numbered_lines(100);
  const ByteRange window = cut_window(text, {252, 252}, kSmall);
  EXPECT_EQ(text.substr(window.begin, 5),
            "0044\n");  // 252 - 40 = 212, rounded up to 216, a border at 220
  EXPECT_EQ(text.substr(window.end - 5, 5), "0054\n");  // 500 - 224 = 276 at most
}

TEST(Window, StaysWhileTheCursorMovesWithinAStep) {
  const std::string text = numbered_lines(100);
  const ByteRange window = cut_window(text, {249, 249}, kSmall);
  for (std::size_t byte = 249; byte <= 256; ++byte) {
    EXPECT_EQ(cut_window(text, {byte, byte}, kSmall).begin, window.begin) << byte;
  }
  EXPECT_NE(cut_window(text, {257, 257}, kSmall).begin, window.begin);
}

TEST(Window, StaysWhileTextIsTyped) {
  std::string text = numbered_lines(100);
  const ByteRange window = cut_window(text, {249, 249}, kSmall);
  const std::string after = text.substr(249, window.end - 249);
  text.insert(249, "abc");
  const ByteRange typed = cut_window(text, {252, 252}, kSmall);
  EXPECT_EQ(typed.begin, window.begin);
  EXPECT_EQ(text.substr(252, typed.end - 252), after);
}

TEST(Window, CutsBetweenCharactersWhereThereAreNoLines) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "€";
  for (std::size_t character = 0; character <= 200; ++character) {
    const ByteRange window = cut_window(text, {3 * character, 3 * character}, kSmall);
    EXPECT_EQ(window.begin % 3, 0U);
    EXPECT_EQ(window.end % 3, 0U);
  }
}

TEST(Window, KeepsItsLimitsOnAnyText) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    while (text.size() < random() % 300)
      text += random() % 9 == 0 ? "\n" : random() % 3 == 0 ? "😀" : "x";
    std::size_t hole = random() % (text.size() + 1);
    while (hole < text.size() && engine::is_continuation(text[hole])) ++hole;
    const ByteRange window = cut_window(text, {hole, hole}, kSmall);
    ASSERT_LE(window.begin, hole);
    ASSERT_GE(window.end, hole);
    ASSERT_LE(hole - window.begin, kSmall.before);
    ASSERT_LE(window.end - hole, kSmall.after);
    // A window that was cut still shows something: at least what is left of the last step.
    ASSERT_TRUE(window.begin == 0 || hole - window.begin > kSmall.before - 2 * kSmall.step - 4);
    ASSERT_TRUE(window.end == text.size() ||
                window.end - hole > kSmall.after - 2 * kSmall.step - 4);
    ASSERT_EQ(engine::valid_utf8_prefix(text.substr(window.begin, window.end - window.begin)),
              window.end - window.begin);
  }
}

}  // namespace
}  // namespace inpaint::lsp
