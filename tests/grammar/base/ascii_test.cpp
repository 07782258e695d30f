#include "grammar/base/ascii.h"

#include <limits>

#include <gtest/gtest.h>

namespace inpaint::grammar {
namespace {

constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";

TEST(Ascii, OfAllBytesThe26CapitalsAloneHaveALowerCase) {
  for (int byte = std::numeric_limits<char>::min(); byte <= std::numeric_limits<char>::max();
       ++byte) {
    const char c = static_cast<char>(byte);
    const std::size_t at = kCapitals.find(c);
    const bool is_capital = at != std::string_view::npos;
    EXPECT_EQ(to_lower(c), is_capital ? kSmall[at] : c) << byte;
    EXPECT_EQ(is_upper(c), is_capital) << byte;
    EXPECT_EQ(is_lower(c), kSmall.contains(c)) << byte;
    EXPECT_EQ(is_letter(c), is_capital || kSmall.contains(c)) << byte;
  }
}

TEST(Ascii, WhatIsNoLetterOfItStaysInALoweredText) {
  EXPECT_EQ(lowered(""), "");
  EXPECT_EQ(lowered("Content-Length_[@`{]"), "content-length_[@`{]");
  EXPECT_EQ(lowered("ÄRGER über İO"), "Ärger über İo");
}

struct AlikeCase {
  const char* name;
  std::string_view a, b;
  bool expect;
};

const AlikeCase kAlike[] = {
    {"the same", "utf-8", "utf-8", true},
    {"another case on one side", "UTF-8", "utf-8", true},
    {"another case on the other", "python", "Python", true},
    {"empty ones", "", "", true},
    {"a longer one", "utf-8", "utf-80", false},
    {"another letter", "utf-8", "utg-8", false},
    {"signs as far apart as cases are", "@[", "`{", false},
    {"cases beyond ASCII", "Ä", "ä", false},
};

TEST(Ascii, TextsAreAlikeButForTheCaseOfItsLetters) {
  for (const AlikeCase& c : kAlike) EXPECT_EQ(alike_in_lower_case(c.a, c.b), c.expect) << c.name;
}

}  // namespace
}  // namespace inpaint::grammar
