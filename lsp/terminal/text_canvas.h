// Lines of shaded text, built up from bytes, made harmless for a terminal on the way.
//
// Whatever comes from a file or a model is drawn as what it is: a control character appears as its
// picture (U+2400 and on), a broken character and what turns the direction of text as U+FFFD, so
// that no text can command the terminal. Styles are written only where they change, and end with
// their line.
//
// Source: ECMA-48 for the styles; colours are numbers of xterm's palette of 256.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::lsp {

/// How a cell is coloured. Plain cells are the file's own text, levels say how sure the model was.
enum class Shade { plain, dim, mask, level_0, level_1, level_2, level_3, level_4 };

Shade shade_of(float confidence);

/// A line as it is written, and how many columns of the terminal it takes.
struct DrawnLine {
  std::string text;
  int width = 0;
};

class TextCanvas {
 public:
  /// `open_line` is called at the beginning of each line, to draw what stands in front of it.
  /// Without it the canvas is one line, on which line ends are drawn as ↵.
  TextCanvas(bool color, std::function<void(TextCanvas&)> open_line = {});

  /// Well-formed or not: a byte that belongs to no character is drawn as broken.
  void write(std::string_view text, Shade shade);
  /// A glyph that is known to be harmless, `width` columns wide.
  void put(std::string_view glyph, int width, Shade shade);
  /// The lines so far; the canvas is spent.
  std::vector<DrawnLine> take();

 private:
  void start_line();
  void end_style();
  void write_character(std::string_view character, Shade shade);

  bool color_;
  std::function<void(TextCanvas&)> open_line_;
  std::vector<DrawnLine> lines_;
  Shade shade_ = Shade::plain;
  int first_column_ = 0;  // where the text of a line begins: tabs count from it
};

}  // namespace inpaint::lsp
