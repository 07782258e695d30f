#include "lsp/terminal/watch_view.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace inpaint::lsp {

int count_rows(const std::vector<DrawnLine>& lines, int columns) {
  int rows = 0;
  for (const DrawnLine& line : lines) rows += std::max(1, (line.width + columns - 1) / columns);
  return rows;
}

void WatchView::draw(std::string_view text, ByteRange hole, const engine::Step& step) {
  std::string title = fmt::format("forward {}", step.forward);
  if (step.alternative > 0) title = fmt::format("alternative {}, {}", step.alternative + 1, title);
  if (!screen_.is_terminal) {
    out_ << title << ": " << draw_tokens(step.tokens, color_) << std::endl;
    return;
  }
  std::vector<DrawnLine> lines =
      draw_fill({.text = text, .hole = hole, .tokens = step.tokens, .color = color_});
  lines.push_back({title, static_cast<int>(title.size())});
  if (!cursor_hidden_) out_ << kHideCursor;
  cursor_hidden_ = true;
  erase();
  for (const DrawnLine& line : lines) out_ << line.text << '\n';
  out_.flush();
  drawn_rows_ = count_rows(lines, screen_.columns);
}

void WatchView::erase() {
  if (drawn_rows_ > 0) out_ << fmt::format("\x1b[{}A\r", drawn_rows_) << kEraseBelow;
  drawn_rows_ = 0;
}

void WatchView::finish() {
  erase();
  if (cursor_hidden_) out_ << kShowCursor << std::flush;
  cursor_hidden_ = false;
}

}  // namespace inpaint::lsp
