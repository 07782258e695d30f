#include "engine/base/utf8_runs.h"

#include <cstdint>
#include <cstring>

namespace inpaint::engine {
namespace {

// Length of the character at the front, 0 when it is not valid. `text` is not empty.
std::size_t character_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  auto continues = [&](std::size_t i, unsigned least = 0x80, unsigned most = 0xBF) {
    return i < text.size() && byte(i) >= least && byte(i) <= most;
  };
  unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return continues(1) ? 2 : 0;
  if (first < 0xF0) {
    unsigned least = first == 0xE0 ? 0xA0 : 0x80;  // below: overlong
    unsigned most = first == 0xED ? 0x9F : 0xBF;   // above: surrogates
    return continues(1, least, most) && continues(2) ? 3 : 0;
  }
  if (first > 0xF4) return 0;
  unsigned least = first == 0xF0 ? 0x90 : 0x80;
  unsigned most = first == 0xF4 ? 0x8F : 0xBF;
  return continues(1, least, most) && continues(2) && continues(3) ? 4 : 0;
}

}  // namespace

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

}  // namespace inpaint::engine
