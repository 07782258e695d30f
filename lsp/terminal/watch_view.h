// Shows the canvas after every forward while a span is denoised.
//
// On a terminal one picture is drawn again and again in its place; elsewhere each forward is a line,
// so that a log or a pipe reads well. The cursor is hidden in between, and shown again whatever
// happens.
//
// Thread rule: one thread; draw() is called in the middle of a fill.
#pragma once

#include <ostream>

#include "engine/engine.h"
#include "lsp/terminal/fill_view.h"
#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

class WatchView {
 public:
  WatchView(std::ostream& out, const Screen& screen, bool color)
      : out_(out), screen_(screen), color_(color) {}
  ~WatchView() { finish(); }
  WatchView(const WatchView&) = delete;
  WatchView& operator=(const WatchView&) = delete;

  void draw(std::string_view text, ByteRange hole, const engine::Step& step);

  /// Takes the picture away, so that the answer stands in its place.
  void finish();

 private:
  void erase();

  std::ostream& out_;
  Screen screen_;
  bool color_;
  int drawn_rows_ = 0;
  bool cursor_hidden_ = false;
};

/// How many rows of a terminal the lines take; an empty line takes one.
int count_rows(const std::vector<DrawnLine>& lines, int columns);

}  // namespace inpaint::lsp
