#include "engine/tokenizer/byte_alphabet.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(ByteAlphabet, EveryByteComesBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(bytes_from_stand_ins(stand_ins_from_bytes(all)), all);
}

TEST(ByteAlphabet, StandInsAreThoseOfGpt2) {
  EXPECT_EQ(stand_ins_from_bytes(" "), "\u0120");
  EXPECT_EQ(stand_ins_from_bytes("\n"), "\u010A");
  EXPECT_EQ(stand_ins_from_bytes("a~"), "a~");
  EXPECT_EQ(stand_ins_from_bytes("\x7F"), "\u0121");
  EXPECT_EQ(stand_ins_from_bytes("\xAD"), "\u0143");
  EXPECT_EQ(stand_ins_from_bytes("\xFF"), "\u00FF");
}

TEST(ByteAlphabet, OtherCharactersStandForNothing) {
  for (const char* word : {" ", "\n", "\u00AD", "\u0144", "\u4e2d", "\xC3", "\xFF", "\xC1\xA1"}) {
    EXPECT_EQ(bytes_from_stand_ins(word), std::nullopt) << word;
  }
  EXPECT_EQ(bytes_from_stand_ins(std::string_view("\0", 1)), std::nullopt);
  EXPECT_EQ(bytes_from_stand_ins(""), "");
}

}  // namespace
}  // namespace inpaint::engine
