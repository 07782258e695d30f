#include "lsp/protocol/position.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <limits>

#include "engine/base/utf8.h"
#include "grammar/base/ascii.h"

namespace inpaint::lsp {
namespace {

/// How many units the character counts whose UTF-8 form has `bytes` bytes.
std::size_t units_of(std::size_t bytes, PositionEncoding encoding) {
  switch (encoding) {
    case PositionEncoding::utf8: return bytes;
    case PositionEncoding::utf16: return bytes == 4 ? 2 : 1;
    case PositionEncoding::utf32: break;
  }
  return 1;
}

/// Appends the begins of lines that end within [from, to).
void find_starts(std::string_view text, std::size_t from, std::size_t to,
                 std::vector<std::size_t>& starts) {
  for (std::size_t i = from; i < to; ++i) {
    const bool lone_return = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || lone_return) starts.push_back(i + 1);
  }
}

std::optional<std::uint32_t> unsigned_from(const Json& value) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::int32_t>::max();
  if (value.is_number_unsigned()) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), kMost));
  }
  if (value.is_number_integer()) return 0;  // negative
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    return number > 0 ? static_cast<std::uint32_t>(std::min<double>(number, kMost)) : 0;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(PositionEncoding encoding) {
  switch (encoding) {
    case PositionEncoding::utf8: return "utf-8";
    case PositionEncoding::utf16: return "utf-16";
    case PositionEncoding::utf32: break;
  }
  return "utf-32";
}

std::optional<PositionEncoding> position_encoding(std::string_view name) {
  for (const auto encoding :
       {PositionEncoding::utf8, PositionEncoding::utf16, PositionEncoding::utf32}) {
    if (grammar::alike_in_lower_case(to_string(encoding), name)) return encoding;
  }
  return std::nullopt;
}

std::optional<Position> position_from(const Json& value) {
  if (!value.is_object() || !value.contains("line") || !value.contains("character")) {
    return std::nullopt;
  }
  const auto line = unsigned_from(value["line"]);
  const auto character = unsigned_from(value["character"]);
  if (!line || !character) return std::nullopt;
  return Position{*line, *character};
}

std::optional<Range> range_from(const Json& value) {
  if (!value.is_object() || !value.contains("start") || !value.contains("end")) return std::nullopt;
  const auto start = position_from(value["start"]);
  const auto end = position_from(value["end"]);
  if (!start || !end) return std::nullopt;
  return Range{*start, *end};
}

Json to_json(const Position& position) {
  return {{"line", position.line}, {"character", position.character}};
}

Json to_json(const Range& range) {
  return {{"start", to_json(range.start)}, {"end", to_json(range.end)}};
}

LineIndex::LineIndex(std::string_view text) : starts_{0} {
  find_starts(text, 0, text.size(), starts_);
}

ByteRange LineIndex::line(std::string_view text, std::size_t line) const {
  assert(line < starts_.size());
  const std::size_t begin = starts_[line];
  std::size_t end = line + 1 < starts_.size() ? starts_[line + 1] : text.size();
  if (end > begin && text[end - 1] == '\n') --end;
  if (end > begin && text[end - 1] == '\r') --end;
  return {begin, end};
}

std::size_t LineIndex::line_of(std::size_t byte) const {
  const auto after = std::ranges::upper_bound(starts_, byte);
  return static_cast<std::size_t>(std::distance(starts_.begin(), after)) - 1;
}

PlaceInText LineIndex::place(std::string_view text, Position position,
                             PositionEncoding encoding) const {
  if (position.line >= starts_.size()) return {text.size()};
  const ByteRange inside = line(text, position.line);
  std::size_t byte = inside.begin;
  for (std::size_t left = position.character; left > 0 && byte < inside.end;) {
    const std::size_t length =
        std::max<std::size_t>(engine::character_length(text.substr(byte)), 1);
    const std::size_t units = units_of(length, encoding);
    if (units > left) return {byte, encoding == PositionEncoding::utf16};
    left -= units;
    byte += length;
  }
  return {byte};
}

Position LineIndex::position(std::string_view text, std::size_t byte,
                             PositionEncoding encoding) const {
  assert(byte <= text.size());
  const std::size_t number = line_of(byte);
  const ByteRange inside = line(text, number);
  Position position{static_cast<std::uint32_t>(number), 0};
  // A byte inside of a character belongs to its begin, one inside of a line end to the line's end.
  for (std::size_t at = inside.begin; at < std::min(byte, inside.end);) {
    const std::size_t length = std::max<std::size_t>(engine::character_length(text.substr(at)), 1);
    if (at + length > byte) break;
    position.character += static_cast<std::uint32_t>(units_of(length, encoding));
    at += length;
  }
  return position;
}

void LineIndex::update(std::string_view text, ByteRange old_range, std::size_t new_end) {
  // From the line before the edit, because an edit may part a "\r\n" or join one.
  const std::size_t first = line_of(old_range.begin == 0 ? 0 : old_range.begin - 1);
  const auto kept = std::ranges::upper_bound(starts_, old_range.end);
  const bool to_the_end = kept == starts_.end();
  const auto shifted = [&](std::size_t start) { return start - old_range.end + new_end; };

  std::vector<std::size_t> starts(starts_.begin(),
                                  starts_.begin() + static_cast<std::ptrdiff_t>(first) + 1);
  // The line end right before the first kept line is found again, and puts its begin in.
  find_starts(text, starts.back(), to_the_end ? text.size() : shifted(*kept), starts);
  for (auto start = kept; start != starts_.end(); ++start) {
    if (starts.back() < shifted(*start)) starts.push_back(shifted(*start));
  }
  starts_ = std::move(starts);
}

}  // namespace inpaint::lsp
