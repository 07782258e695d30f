#include "engine/base/utf8_runs.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(Utf8Runs, ValidEndsWhereTheFirstBadCharacterBegins) {
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

}  // namespace
}  // namespace inpaint::engine
