#include "lsp/command/source_location.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "tests/grammar/cursor_text.h"

namespace inpaint::lsp {
namespace {

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

struct ParseCase {
  const char* argument;
  SourceLocation expect;
};

const ParseCase kLocations[] = {
    {"a.py:3:12", {"a.py", 3, 12}},
    {"dir with space/a.py:1:1", {"dir with space/a.py", 1, 1}},
    {"C:\\src\\a.c:7:2", {"C:\\src\\a.c", 7, 2}},
    {"a:b:c:4:5", {"a:b:c", 4, 5}},
    {"a.py:1:2:3", {"a.py:1", 2, 3}},
    {"::1:2", {":", 1, 2}},
    {"a:007:1", {"a", 7, 1}},
    {"a:0:0", {"a", 0, 0}},  // well-formed; that there is no such place is said later
    {"a:99999999999999999999:1", {"a", kMost, 1}},
};

TEST(SourceLocation, ReadsFromTheRight) {
  for (const ParseCase& c : kLocations) {
    const auto location = parse_location(c.argument);
    ASSERT_TRUE(location.has_value()) << c.argument;
    EXPECT_EQ(*location, c.expect) << c.argument;
  }
}

TEST(SourceLocation, RefusesWhatNamesNoPlace) {
  for (const char* argument : {"", "a", "a:1", "a:1:", "a::1", ":1:2", "1:2", "a:-1:2", "a:+1:2",
                               "a:1:2x", "a:x:2", "a: 1:2", "a:1.5:2", "a:0x1:2", "a:1:2 "}) {
    const auto location = parse_location(argument);
    ASSERT_FALSE(location.has_value()) << argument;
    EXPECT_EQ(location.error().code, engine::ErrorCode::bad_argument);
    EXPECT_EQ(location.error().what, argument);
    EXPECT_FALSE(location.error().remedy.empty());
  }
}

struct PlaceCase {
  const char* name;
  const char* text;  // ^ is the place
  std::size_t line;
  std::size_t column;
};

const PlaceCase kPlaces[] = {
    {"the first of all", "^ab\ncd", 1, 1},
    {"behind the last character of a line", "ab^\ncd", 1, 3},
    {"the end of the file", "ab\ncd^", 2, 3},
    {"the empty line after the last line end", "ab\n^", 2, 1},
    {"an empty file", "^", 1, 1},
    {"a tab is one character", "\t\tx^", 1, 4},
    {"so is an astral one", "\"😀\"^", 1, 4},
    {"and a combining mark", "e\u0301^x", 1, 3},
    {"wide characters", "日本^語", 1, 3},
    {"a family of emoji is several", "👨‍👩‍👧^", 1, 6},
    {"CRLF: the end is before the carriage return", "ab^\r\ncd\r\n", 1, 3},
    {"CRLF: the second line", "ab\r\nc^d\r\n", 2, 2},
    {"CRLF: the last, empty line", "ab\r\n^", 2, 1},
    {"a byte order mark is no column", "\xEF\xBB\xBF^ab", 1, 1},
    {"behind it columns count from 1",
     "\xEF\xBB\xBF"
     "a^b",
     1, 2},
    {"a lone carriage return is a character", "a\r^b", 1, 3},
};

TEST(SourceLocation, FindsTheByte) {
  for (const PlaceCase& c : kPlaces) {
    const grammar::CursorText source = grammar::parse_cursor(c.text);
    const auto byte = find_byte(source.text, {"f", c.line, c.column});
    ASSERT_TRUE(byte.has_value()) << c.name;
    EXPECT_EQ(*byte, source.cursor) << c.name;
  }
}

struct MissCase {
  const char* text;
  std::size_t line;
  std::size_t column;
  const char* message;
};

const MissCase kMisses[] = {
    {"a\nb", 3, 1,
     "f: there is no line 3, it has lines 1 to 2: give a line of the file, counted from 1"},
    {"a\nb", 0, 1,
     "f: there is no line 0, it has lines 1 to 2: give a line of the file, counted from 1"},
    {"", 2, 1,
     "f: there is no line 2, it has only line 1: give a line of the file, counted from 1"},
    {"ab\n", 1, 4,
     "f:1: there is no column 4, it has columns 1 to 3: "
     "give a column of the line, counted in characters from 1"},
    {"ab\r\n", 1, 4,
     "f:1: there is no column 4, it has columns 1 to 3: "
     "give a column of the line, counted in characters from 1"},
    {"ab\n", 2, 2,
     "f:2: there is no column 2, it has only column 1: "
     "give a column of the line, counted in characters from 1"},
    {"ab", 1, 0,
     "f:1: there is no column 0, it has columns 1 to 3: "
     "give a column of the line, counted in characters from 1"},
    {"😀", 1, 3,
     "f:1: there is no column 3, it has columns 1 to 2: "
     "give a column of the line, counted in characters from 1"},
};

TEST(SourceLocation, SaysWhatExistsInsteadOfClamping) {
  for (const MissCase& c : kMisses) {
    const auto byte = find_byte(c.text, {"f", c.line, c.column});
    ASSERT_FALSE(byte.has_value()) << c.message;
    EXPECT_EQ(engine::to_string(byte.error()), c.message);
  }
  EXPECT_FALSE(find_byte("ab", {"f", kMost, 1}).has_value());
  EXPECT_FALSE(find_byte("ab", {"f", 1, kMost}).has_value());
}

}  // namespace
}  // namespace inpaint::lsp
