#include "lsp/bench/bench_text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct PlacesCase {
  const char* name;
  std::string text;
  std::vector<std::string> lines;  // that may be typed, without their indentation
};

TEST(BenchPlaces, AreLinesLongEnoughToBeTyped) {
  const std::string line = "a line of twenty-four by";
  ASSERT_EQ(line.size(), 24U);
  const PlacesCase cases[] = {
      {"none in an empty text", "", {}},
      {"a long one", line + "\n", {line}},
      {"without a line end", line, {line}},
      {"its indentation is not typed", "\t  " + line + "\n", {line}},
      {"nor does it make the line longer", "          " + line.substr(1) + "\n", {}},
      {"only what a key types", line + "\xC3\xA9\n", {}},
      {"in order", line + "1\n\nshort\n  " + line + "2\n", {line + "1", line + "2"}},
  };
  for (const PlacesCase& c : cases) {
    std::vector<std::string> found;
    for (const BenchPlace& place : bench_places(c.text))
      found.push_back(c.text.substr(place.begin, place.end - place.begin));
    EXPECT_EQ(found, c.lines) << c.name;
  }
}

TEST(Typing, WritesOneLineAfterTheOther) {
  const std::string text = "ab\ncdef\nghi\n";
  const std::vector<BenchPlace> places = {{0, 2}, {3, 7}, {8, 11}};
  Typing typing(text, places);
  EXPECT_EQ(typing.text(), "ab\n\nghi\n") << "the one in the middle first";
  EXPECT_EQ(typing.rest(), "cdef");
  ASSERT_TRUE(typing.type(3));
  EXPECT_EQ(typing.text(), "ab\ncde\nghi\n");
  EXPECT_EQ(typing.cursor(), 6U);
  EXPECT_EQ(typing.rest(), "f");
  EXPECT_FALSE(typing.type(1)) << "nothing would be left to complete";
  EXPECT_EQ(typing.text(), "ab\ncdef\n\n");
  EXPECT_FALSE(typing.type(3));
  EXPECT_EQ(typing.text(), "\ncdef\nghi\n") << "from the last to the first";
}

TEST(Lines, AreJoinedWithTheirEnds) {
  EXPECT_EQ(join_lines({}), "");
  EXPECT_EQ(join_lines(std::vector<std::string>{"a", "", "b"}), "a\n\nb\n");
}

}  // namespace
}  // namespace inpaint::lsp
