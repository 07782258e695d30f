// The text that `inpaint bench` types into: where its lines are, and what it is while one is typed.
//
// Units: bytes. Only lines of plain ASCII are typed, so that every byte is a keystroke.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::lsp {

/// Every line with its end.
std::string join_lines(std::span<const std::string> lines);

/// A place in a text at which a line is being written.
struct BenchPlace {
  std::size_t begin = 0;  // of the line's words
  std::size_t end = 0;    // of the line
};

/// The lines that are long enough to be typed.
std::vector<BenchPlace> bench_places(std::string_view text);

/// The text with a line cut off at `cursor`.
std::string text_without(std::string_view text, std::size_t cursor, std::size_t line_end);

/// Somebody who writes the lines of a text anew, one after the other. The line under way ends at the
/// cursor.
class Typing {
 public:
  /// `places` holds one at least; the line in the middle comes first.
  Typing(std::string_view text, std::span<const BenchPlace> places)
      : text_(text), places_(places), at_(places.size() / 2) {}

  /// That many characters further. False where the line is at its end: then the cursor is at the
  /// begin of the next one, and nothing is typed of it.
  bool type(std::size_t characters);

  std::size_t cursor() const { return places_[at_].begin + typed_; }
  /// As far as it is written.
  std::string text() const;
  /// What is still to be typed.
  std::string_view rest() const { return text_.substr(cursor(), places_[at_].end - cursor()); }

 private:
  std::string_view text_;
  std::span<const BenchPlace> places_;
  std::size_t at_;
  std::size_t typed_ = 0;
};

}  // namespace inpaint::lsp
