#include "engine/base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace inpaint::engine {
namespace {

/// The bytes that may follow a lead byte: how many, and the range of the first of them.
struct Tail {
  std::size_t length = 0;  // 0: the byte leads nothing
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

Tail tail_of(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};  // below: overlong
  if (lead == 0xED) return {2, 0x80, 0x9F};  // above: surrogates
  if (lead >= 0xE1 && lead <= 0xEF) return {2};
  if (lead == 0xF0) return {3, 0x90, 0xBF};  // below: overlong
  if (lead == 0xF4) return {3, 0x80, 0x8F};  // above: past U+10FFFF
  if (lead >= 0xF1 && lead <= 0xF3) return {3};
  return {};
}

}  // namespace

std::size_t character_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const Tail tail = tail_of(byte(0));
  if (tail.length == 0 || text.size() <= tail.length) return 0;
  if (byte(1) < tail.low || byte(1) > tail.high) return 0;
  for (std::size_t i = 2; i <= tail.length; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  return tail.length + 1;
}

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080ULL) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    std::size_t length = character_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::size_t invalid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && character_length(text.substr(at)) == 0) ++at;
  return at;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 1) return lead;
  // A lead byte of n bytes keeps its lowest 7 - n bits.
  char32_t value = lead & (0x7FU >> character.size());
  for (char byte : character.substr(1))
    value = (value << 6U) | (static_cast<std::uint8_t>(byte) & 0x3FU);
  return value;
}

}  // namespace inpaint::engine
