#include "grammar/base/text_lines.h"

#include <gtest/gtest.h>

namespace inpaint::grammar {
namespace {

struct LineCase {
  const char* name;
  std::string_view text;
  std::size_t byte;
  Line expect;
};

const LineCase kLines[] = {
    {"an empty text", "", 0, {0, 0, 0}},
    {"the only line", "abc", 1, {0, 3, 3}},
    {"its end", "abc", 3, {0, 3, 3}},
    {"the first of two", "ab\ncd", 2, {0, 2, 3}},
    {"the second", "ab\ncd", 3, {3, 5, 5}},
    {"the empty one after the last line end", "ab\n", 3, {3, 3, 3}},
    {"an empty one in between", "a\n\nb", 2, {2, 2, 3}},
    {"without the carriage return", "ab\r\ncd", 1, {0, 2, 4}},
    {"only a line end", "\r\n", 0, {0, 0, 2}},
    {"a carriage return of the line above", "\r\nb", 2, {2, 3, 3}},
    {"a lone carriage return is text", "a\rb", 0, {0, 3, 3}},
    {"behind a byte order mark",
     "\xEF\xBB\xBF"
     "ab\n",
     3,
     {3, 5, 6}},
    {"inside of a byte order mark",
     "\xEF\xBB\xBF"
     "ab\n",
     0,
     {3, 5, 6}},
};

TEST(TextLines, FindsTheLineOfAByte) {
  for (const LineCase& c : kLines) EXPECT_EQ(line_at(c.text, c.byte), c.expect) << c.name;
}

TEST(TextLines, CountsTheEmptyLineAtTheEnd) {
  EXPECT_EQ(count_lines(""), 1U);
  EXPECT_EQ(count_lines("a"), 1U);
  EXPECT_EQ(count_lines("a\n"), 2U);
  EXPECT_EQ(count_lines("a\r\nb\n\n"), 4U);
}

}  // namespace
}  // namespace inpaint::grammar
