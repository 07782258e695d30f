#include "engine/tokenizer/byte_alphabet.h"

#include <array>
#include <cstdint>

namespace inpaint::engine {
namespace {

constexpr bool stands_for_itself(int byte) {
  return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

struct Alphabet {
  std::array<std::uint16_t, 256> character{};  // of a byte
  std::array<std::int16_t, 0x180> byte{};      // of a character, -1 for none
};

constexpr Alphabet make_alphabet() {
  Alphabet alphabet;
  alphabet.byte.fill(-1);
  std::uint16_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    auto character = stands_for_itself(byte) ? static_cast<std::uint16_t>(byte) : next++;
    alphabet.character[byte] = character;
    alphabet.byte[character] = static_cast<std::int16_t>(byte);
  }
  return alphabet;
}

constexpr Alphabet kAlphabet = make_alphabet();

}  // namespace

bool append_bytes_of_stand_ins(std::string_view word, std::string& bytes) {
  for (std::size_t at = 0; at < word.size();) {
    // All stand-ins lie below U+0180: one byte of UTF-8, or two.
    auto first = static_cast<unsigned char>(word[at++]);
    unsigned character = first;
    if (first >= 0x80) {
      if ((first & 0xE0) != 0xC0 || at == word.size()) return false;
      auto second = static_cast<unsigned char>(word[at++]);
      if ((second & 0xC0) != 0x80) return false;
      character = ((first & 0x1FU) << 6) | (second & 0x3FU);
      if (character < 0x80) return false;  // an overlong form
    }
    if (character >= kAlphabet.byte.size() || kAlphabet.byte[character] < 0) return false;
    bytes.push_back(static_cast<char>(kAlphabet.byte[character]));
  }
  return true;
}

std::optional<std::string> bytes_from_stand_ins(std::string_view word) {
  std::string bytes;
  if (!append_bytes_of_stand_ins(word, bytes)) return std::nullopt;
  return bytes;
}

std::string stand_ins_from_bytes(std::string_view bytes) {
  std::string word;
  word.reserve(bytes.size() * 2);
  for (char byte : bytes) {
    unsigned character = kAlphabet.character[static_cast<unsigned char>(byte)];
    if (character < 0x80) {
      word.push_back(static_cast<char>(character));
    } else {
      word.push_back(static_cast<char>(0xC0 | (character >> 6)));
      word.push_back(static_cast<char>(0x80 | (character & 0x3F)));
    }
  }
  return word;
}

}  // namespace inpaint::engine
