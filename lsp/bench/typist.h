// Somebody who writes a part of a real file again, key by key, as people do.
//
// Some stretches of whole lines are taken out of a file, and typed one after the other where they were: at
// the pace of a person, who looks at what is suggested, closes brackets that the editor has opened by
// itself, mistypes now and then and takes it back, thinks at the ends of lines, and leaps to another place.
// What is shown is accepted where the whole of it is what the file says.
//
// Units:  bytes of UTF-8, a key is a character.   Thread rule: one thread.
// Deterministic: the same file, seed and suggestions give the same keys and pauses on every machine.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"

namespace inpaint::lsp {

/// A change of the text, and where the cursor stands behind it.
struct Keystroke {
  enum class Kind : std::uint8_t { types, closes, enters, mistypes, deletes, leaps };
  Kind kind = Kind::types;
  grammar::ByteRange
      replaced;  // of the text before; empty, with an empty text: the cursor alone moves
  std::string text;
  std::size_t cursor = 0;
};

class Typist {
 public:
  struct Habits {
    std::size_t stretches = 6;           // of a file
    std::size_t lines_of_stretch = 8;    // at most
    double mistakes = 0.015;             // of the letters
    std::chrono::milliseconds key{130};  // median of the pauses between the letters of a word
  };

  Typist(std::string file, std::uint64_t seed, Habits habits);
  Typist(std::string file, std::uint64_t seed) : Typist(std::move(file), seed, Habits()) {}

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }

  /// Before the next key.
  std::chrono::milliseconds pause();
  /// Already applied to text(); nothing once all is written.
  std::optional<Keystroke> next();

  /// How much typing a suggestion, which puts `text` in the place of `replaced`, would save: bytes of the
  /// file; 0 where the file says something else.
  std::size_t worth(grammar::ByteRange replaced, std::string_view text) const;
  /// Applies a suggestion that is worth something; the cursor stands behind it.
  void accept(grammar::ByteRange replaced, std::string_view text);
  /// How long it takes to see that a suggestion is right.
  std::chrono::milliseconds reaction();

 private:
  struct Stretch {
    std::size_t begin = 0;  // in the file
    std::string text;
  };
  Keystroke applied(Keystroke key);
  Keystroke typed(std::string_view character);
  std::chrono::milliseconds pause_before(char next);
  std::size_t draw(std::size_t n);
  double draw_unit();

  Habits habits_;
  std::mt19937_64 random_;
  std::vector<Stretch> stretches_;  // that are to come, the next one last
  std::string text_;
  std::size_t cursor_ = 0;
  std::string rest_;       // of the stretch, behind the cursor
  std::string closers_;    // that the editor has put behind the cursor, the next one first
  std::size_t end_ = 0;    // bytes of the text behind the stretch
  std::size_t wrong_ = 0;  // bytes that were mistyped and are to be taken back
  bool at_begin_ = true;
};

}  // namespace inpaint::lsp
