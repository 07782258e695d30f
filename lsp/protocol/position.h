// The one place that turns byte offsets into lines and characters, and back.
//
// An editor counts lines from 0, and characters in the units of the encoding that was agreed on: of
// UTF-16 (always understood), of UTF-8 or of UTF-32. Whatever an editor sends is a place: beyond
// the last line is the end of the text, beyond the end of a line is its end, inside of a character
// or of a surrogate pair is its begin. A line ends at "\n", "\r\n" or a lone "\r", and no position
// lies between the two characters of "\r\n".
//
// Units:  bytes of well-formed UTF-8; lines and characters as the protocol counts them.
// Cost:   a position O(log lines + length of the line); an edit O(edited lines + lines behind it).
// Source: Language Server Protocol 3.17, "Position" and "PositionEncodingKind".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {

using grammar::ByteRange;

enum class PositionEncoding : std::uint8_t { utf8, utf16, utf32 };

std::string_view to_string(PositionEncoding encoding);
/// In any case; nothing where it is none of the three.
std::optional<PositionEncoding> position_encoding(std::string_view name);

struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

struct Range {
  Position start;
  Position end;  // exclusive
  friend bool operator==(const Range&, const Range&) = default;
};

/// Nothing where the value has not the form of a position; numbers out of bounds are clamped.
std::optional<Position> position_from(const Json& value);
std::optional<Range> range_from(const Json& value);
Json to_json(const Position& position);
Json to_json(const Range& range);

/// A byte, and whether the position that it comes from was inside of a surrogate pair.
struct PlaceInText {
  std::size_t byte = 0;
  bool cuts_pair = false;
};

/// Where the lines of one text begin. The text itself is its owner's, and is handed in each time.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text = {});

  std::size_t n_lines() const { return starts_.size(); }
  /// Of line `line`, without its line end.
  ByteRange line(std::string_view text, std::size_t line) const;
  std::size_t line_of(std::size_t byte) const;

  PlaceInText place(std::string_view text, Position position, PositionEncoding encoding) const;
  std::size_t byte(std::string_view text, Position position, PositionEncoding encoding) const {
    return place(text, position, encoding).byte;
  }
  Position position(std::string_view text, std::size_t byte, PositionEncoding encoding) const;

  /// That of an empty text. Does not throw.
  void clear() { starts_.resize(1); }

  /// `text` is the new one, in which `old_range` became [old_range.begin, new_end).
  void update(std::string_view text, ByteRange old_range, std::size_t new_end);

  friend bool operator==(const LineIndex&, const LineIndex&) = default;

 private:
  std::vector<std::size_t> starts_;  // the first is 0
};

}  // namespace inpaint::lsp
