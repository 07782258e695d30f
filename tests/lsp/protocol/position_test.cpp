#include "lsp/protocol/position.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

using enum PositionEncoding;

/// A place in a text, the slow way: characters one after the other, as the protocol describes them.
struct Reference {
  Position position;
  bool in_line_end = false;
};

Reference reference_of(std::string_view text, std::size_t byte, PositionEncoding encoding) {
  Reference found;
  for (std::size_t at = 0; at < byte;) {
    const std::size_t length = engine::character_length(text.substr(at));
    if (at + length > byte) break;
    const bool before_newline = text.substr(at).starts_with("\r\n");
    if (text[at] == '\n' || (text[at] == '\r' && !before_newline)) {
      found.position = {found.position.line + 1, 0};
    } else if (!before_newline) {
      const std::size_t units = encoding == utf8                   ? length
                                : encoding == utf16 && length == 4 ? 2
                                                                   : 1;
      found.position.character += static_cast<std::uint32_t>(units);
    }
    at += length;
    found.in_line_end = before_newline && at == byte;
  }
  return found;
}

const char* const kEmoji = "\xF0\x9F\x98\x80";  // 4 bytes, 2 units of UTF-16
const char* const kAcute = "e\xCC\x81";         // e and a combining acute: two characters
const char* const kEuro = "\xE2\x82\xAC";       // 3 bytes, 1 unit

std::string random_text(std::mt19937& random, std::size_t length) {
  const std::vector<std::string> pieces = {"a",  "b ",   "\n",   "\r\n", "\r",
                                           "\t", kEmoji, kAcute, kEuro};
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += pieces[random() % pieces.size()];
  return text;
}

struct PlaceCase {
  const char* name;
  std::string text;
  Position position;
  PositionEncoding encoding;
  std::size_t byte;
};

const PlaceCase kPlaces[] = {
    {"the beginning", "ab\ncd", {0, 0}, utf16, 0},
    {"inside", "ab\ncd", {1, 1}, utf16, 4},
    {"beyond the line", "ab\ncd", {0, 9}, utf16, 2},
    {"beyond the text", "ab\ncd", {7, 0}, utf16, 5},
    {"beyond a line that ends with two characters", "ab\r\ncd", {0, 9}, utf16, 2},
    {"behind a lone carriage return", "ab\rcd", {1, 1}, utf16, 4},
    {"the last line is empty", "ab\n", {1, 5}, utf16, 3},
    {"an empty text", "", {0, 3}, utf16, 0},
    {"behind an astral character", std::string(kEmoji) + "x", {0, 2}, utf16, 4},
    {"inside of a surrogate pair", std::string(kEmoji) + "x", {0, 1}, utf16, 0},
    {"astral in UTF-32", std::string(kEmoji) + "x", {0, 1}, utf32, 4},
    {"astral in UTF-8", std::string(kEmoji) + "x", {0, 4}, utf8, 4},
    {"inside of a character in UTF-8", std::string(kEmoji) + "x", {0, 3}, utf8, 0},
    {"between a letter and its accent", std::string(kAcute) + "x", {0, 1}, utf16, 1},
    {"behind the accent", std::string(kAcute) + "x", {0, 2}, utf16, 3},
};

TEST(LineIndex, Places) {
  for (const PlaceCase& c : kPlaces) {
    EXPECT_EQ(LineIndex(c.text).byte(c.text, c.position, c.encoding), c.byte) << c.name;
  }
}

TEST(LineIndex, SaysThatAPairWasCut) {
  const std::string text = std::string(kEmoji) + "x";
  const LineIndex lines(text);
  EXPECT_TRUE(lines.place(text, {0, 1}, utf16).cuts_pair);
  EXPECT_FALSE(lines.place(text, {0, 2}, utf16).cuts_pair);
  EXPECT_FALSE(lines.place(text, {0, 3}, utf8).cuts_pair);
}

TEST(LineIndex, AgreesWithCountingCharacterByCharacter) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    const std::string text = random_text(random, random() % 40);
    const LineIndex lines(text);
    for (const PositionEncoding encoding : {utf8, utf16, utf32}) {
      for (std::size_t byte = 0; byte <= text.size(); ++byte) {
        const Reference expected = reference_of(text, byte, encoding);
        const Position position = lines.position(text, byte, encoding);
        ASSERT_EQ(position, expected.position) << byte << " of " << text;
        const bool border = byte == text.size() || !engine::is_continuation(text[byte]);
        if (border && !expected.in_line_end) {
          ASSERT_EQ(lines.byte(text, position, encoding), byte) << "of " << text;
        }
      }
    }
  }
}

TEST(LineIndex, FollowsEditsAsIfItWereMadeAnew) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::string text = random_text(random, random() % 30);
    LineIndex lines(text);
    for (int edit = 0; edit < 20; ++edit) {
      // Any bytes: an edit may also part a line end.
      ByteRange range{random() % (text.size() + 1), 0};
      range.end = range.begin + random() % (text.size() - range.begin + 1);
      if (random() % 2 == 0) range.end = range.begin + std::min<std::size_t>(range.size(), 2);
      const std::string piece = random_text(random, random() % 4);
      const std::string before = text;
      text.replace(range.begin, range.size(), piece);
      lines.update(text, range, range.begin + piece.size());
      ASSERT_EQ(lines, LineIndex(text))
          << "[" << range.begin << ", " << range.end << ") of " << ::testing::PrintToString(before)
          << " became " << ::testing::PrintToString(piece);
    }
  }
}

TEST(Position, IsReadFromJsonAndClamped) {
  EXPECT_EQ(position_from(Json::parse(R"({"line":1,"character":2})")), (Position{1, 2}));
  EXPECT_EQ(position_from(Json::parse(R"({"line":-1,"character":-2.5})")), (Position{0, 0}));
  EXPECT_EQ(position_from(Json::parse(R"({"line":1e300,"character":18446744073709551615})")),
            (Position{0x7FFFFFFF, 0x7FFFFFFF}));
  for (const char* bad : {"{}", "[]", "null", R"({"line":"1","character":2})", R"({"line":1})"}) {
    EXPECT_EQ(position_from(Json::parse(bad)), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace inpaint::lsp
