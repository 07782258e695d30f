#include "lsp/protocol/json_repair.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>

#include "engine/base/utf8.h"

namespace inpaint::lsp {
namespace {

constexpr std::size_t kEscapeLength = 6;  // \uXXXX

/// The UTF-16 unit of an escape `\uXXXX` at the beginning of `text`.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < kEscapeLength || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* const end = text.data() + kEscapeLength;
  const auto [stopped, error] = std::from_chars(text.data() + 2, end, unit, 16);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return unit;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// How many bytes at the beginning of `text`, which begins with no character, count as one piece.
std::size_t bad_piece(std::string_view text) {
  // A lead byte and the continuation bytes that could still have led to a character.
  for (std::size_t length = std::min<std::size_t>(3, text.size()); length > 1; --length) {
    std::string whole(text.substr(0, length));
    const bool continues = std::all_of(whole.begin() + 1, whole.end(), engine::is_continuation);
    if (!continues) continue;
    for (std::size_t missing = 1; missing + length <= 4; ++missing) {
      if (engine::character_length(whole + std::string(missing, '\x80')) == length + missing ||
          engine::character_length(whole + std::string(missing, '\xBF')) == length + missing) {
        return length;
      }
    }
  }
  return 1;
}

}  // namespace

std::string repair_utf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  while (!text.empty()) {
    const std::size_t valid = engine::valid_utf8_prefix(text);
    repaired.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) break;
    repaired += "\xEF\xBF\xBD";
    text.remove_prefix(bad_piece(text));
  }
  return repaired;
}

std::string repair_json(std::string_view text) {
  const std::string valid = repair_utf8(text);
  const std::string_view rest = valid;
  std::string repaired;
  repaired.reserve(valid.size());
  for (std::size_t i = 0; i < rest.size();) {
    if (rest[i] != '\\') {
      const std::size_t next = std::min(rest.find('\\', i), rest.size());
      repaired.append(rest.substr(i, next - i));
      i = next;
      continue;
    }
    const auto unit = escaped_unit(rest.substr(i));
    if (!unit) {  // another escape: its second character is no begin of one
      repaired.append(rest.substr(i, 2));
      i += std::min<std::size_t>(2, rest.size() - i);
      continue;
    }
    const auto next = escaped_unit(rest.substr(i + kEscapeLength));
    if (is_high(*unit) && next && is_low(*next)) {
      repaired.append(rest.substr(i, 2 * kEscapeLength));
      i += 2 * kEscapeLength;
      continue;
    }
    repaired.append(is_high(*unit) || is_low(*unit) ? "\\ufffd" : rest.substr(i, kEscapeLength));
    i += kEscapeLength;
  }
  return repaired;
}

}  // namespace inpaint::lsp
