#include "engine/base/utf8.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using std::string_view_literals::operator""sv;

struct PrefixCase {
  const char* name;
  std::string_view text;
  std::size_t valid;
};

const PrefixCase kPrefixes[] = {
    {"nothing", ""sv, 0},
    {"ASCII with a NUL", "a\0b"sv, 3},
    {"two, three and four bytes", "é€😀"sv, 9},
    {"the last code point", "\xF4\x8F\xBF\xBF"sv, 4},
    {"past the last code point", "a\xF4\x90\x80\x80"sv, 1},
    {"a lead byte that never is one", "ab\xF8\x88\x80\x80\x80"sv, 2},
    {"a continuation alone", "a\x80"sv, 1},
    {"an overlong slash", "\xC0\xAF"sv, 0},
    {"an overlong slash of three bytes", "\xE0\x80\xAF"sv, 0},
    {"an overlong character of four", "\xF0\x8F\xBF\xBF"sv, 0},
    {"a surrogate", "x\xED\xA0\x80"sv, 1},
    {"the last code point before the surrogates", "\xED\x9F\xBF"sv, 3},
    {"cut after one of two", "a\xC3"sv, 1},
    {"cut after three of four", "a\xF0\x9F\x98"sv, 1},
    {"a lead byte instead of a continuation", "\xE2\x82\xC3\xA9"sv, 0},
};

TEST(Utf8, FindsTheValidPrefix) {
  for (const PrefixCase& c : kPrefixes) EXPECT_EQ(valid_utf8_prefix(c.text), c.valid) << c.name;
}

TEST(Utf8, ValidEndsWhereTheFirstBadCharacterBegins) {
  struct Case {
    const char* name;
    std::string text;
    std::size_t valid;
    std::size_t invalid_behind;
  };
  const Case cases[] = {
      {"empty", "", 0, 0},
      {"ASCII over several words", "0123456789abcdefXYZ", 19, 0},
      {"all lengths", "a\u00e9\u4e2d\U0001f600", 10, 0},
      {"bad byte behind eight", "01234567\xFFx", 8, 1},
      {"continuation alone", "\x80\x80z", 0, 2},
      {"overlong two", "\xC0\xAFz", 0, 2},
      {"overlong three", "\xE0\x80\x80z", 0, 3},
      {"overlong four", "\xF0\x80\x80\x80z", 0, 4},
      {"surrogate", "a\xED\xA0\x80z", 1, 3},
      {"last before the surrogates", "\xED\x9F\xBF", 3, 0},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80z", 0, 4},
      {"U+10FFFF", "\xF4\x8F\xBF\xBF", 4, 0},
      {"cut", "a\xF0\x9F\x98", 1, 3},
  };
  for (const Case& c : cases) {
    std::size_t valid = valid_utf8_prefix(c.text);
    EXPECT_EQ(valid, c.valid) << c.name;
    EXPECT_EQ(invalid_utf8_prefix(std::string_view(c.text).substr(valid)), c.invalid_behind)
        << c.name;
  }
}

TEST(Utf8, ReadsCodePoints) {
  EXPECT_EQ(code_point("a"), U'a');
  EXPECT_EQ(code_point("é"), U'é');
  EXPECT_EQ(code_point("€"), U'€');
  EXPECT_EQ(code_point("😀"), U'😀');
}

// Every code point, encoded by the rule alone, is one character; every cut of it is none.
TEST(Utf8, AcceptsExactlyTheCodePoints) {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    std::string text;
    if (point < 0x80) {
      text = {static_cast<char>(point)};
    } else if (point < 0x800) {
      text = {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
    } else if (point < 0x10000) {
      text = {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
              static_cast<char>(0x80 | (point & 63))};
    } else {
      text = {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)),
              static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))};
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(character_length(text), surrogate ? 0 : text.size())
        << static_cast<std::uint32_t>(point);
    if (surrogate) continue;
    ASSERT_EQ(code_point(text), point) << static_cast<std::uint32_t>(point);
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      ASSERT_EQ(character_length(std::string_view(text).substr(0, cut)), 0U)
          << static_cast<std::uint32_t>(point);
    }
  }
}

}  // namespace
}  // namespace inpaint::engine
