#include "lsp/terminal/text_canvas.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "engine/base/utf8.h"
#include "lsp/terminal/display_width.h"
#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {
namespace {

constexpr int kTabWidth = 4;
constexpr std::string_view kNewlineGlyph = "↵";
constexpr std::string_view kBrokenGlyph = "\xEF\xBF\xBD";  // U+FFFD

std::string_view style_of(Shade shade) {
  switch (shade) {
    case Shade::plain: return kResetStyle;
    case Shade::dim: return "\x1b[0;2m";
    case Shade::mask: return "\x1b[0;38;5;244;48;5;236m";
    case Shade::level_0: return "\x1b[0;38;5;203;48;5;236m";
    case Shade::level_1: return "\x1b[0;38;5;215;48;5;236m";
    case Shade::level_2: return "\x1b[0;38;5;228;48;5;236m";
    case Shade::level_3: return "\x1b[0;38;5;156;48;5;236m";
    case Shade::level_4: return "\x1b[0;38;5;48;48;5;236m";
  }
  return "";
}

/// What is drawn in place of a character that a terminal would obey; nothing for any other.
std::optional<std::string> picture_of(char32_t character) {
  const auto picture = [](char32_t p) {  // all of these take three bytes
    return std::string{static_cast<char>(0xE0 | (p >> 12U)),
                       static_cast<char>(0x80 | ((p >> 6U) & 63U)),
                       static_cast<char>(0x80 | (p & 63U))};
  };
  if (character < 0x20) return picture(0x2400 + character);
  if (character == 0x7F) return picture(0x2421);
  // C1 controls, and what turns the direction of the text behind it.
  const bool turns =
      (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
  if ((character >= 0x80 && character <= 0x9F) || turns) return std::string(kBrokenGlyph);
  return std::nullopt;
}

}  // namespace

Shade shade_of(float confidence) {
  if (confidence < 0.3F) return Shade::level_0;
  if (confidence < 0.5F) return Shade::level_1;
  if (confidence < 0.7F) return Shade::level_2;
  if (confidence < 0.9F) return Shade::level_3;
  return Shade::level_4;
}

TextCanvas::TextCanvas(bool color, std::function<void(TextCanvas&)> open_line)
    : color_(color), open_line_(std::move(open_line)) {
  start_line();
}

void TextCanvas::start_line() {
  end_style();
  lines_.emplace_back();
  if (open_line_) open_line_(*this);
  first_column_ = lines_.back().width;
}

void TextCanvas::end_style() {
  if (color_ && shade_ != Shade::plain) lines_.back().text += kResetStyle;
  shade_ = Shade::plain;
}

void TextCanvas::put(std::string_view glyph, int width, Shade shade) {
  if (color_ && shade != shade_) lines_.back().text += style_of(shade);
  shade_ = shade;
  lines_.back().text += glyph;
  lines_.back().width += width;
}

void TextCanvas::write(std::string_view text, Shade shade) {
  while (!text.empty()) {
    const std::size_t length = engine::character_length(text);
    if (length == 0) {
      put(kBrokenGlyph, 1, shade);
      text.remove_prefix(1);
      continue;
    }
    if (!text.starts_with("\r\n")) write_character(text.substr(0, length), shade);
    text.remove_prefix(length);
  }
}

void TextCanvas::write_character(std::string_view character, Shade shade) {
  if (character == "\n") {
    if (open_line_) {
      start_line();
    } else {
      put(kNewlineGlyph, 1, shade);
    }
    return;
  }
  if (character == "\t") {
    const int column = lines_.back().width - first_column_;
    const int width = open_line_ ? kTabWidth - column % kTabWidth : 1;
    put(std::string(static_cast<std::size_t>(width), ' '), width, shade);
    return;
  }
  const char32_t point = engine::code_point(character);
  if (const auto picture = picture_of(point)) {
    put(*picture, 1, shade);
  } else {
    put(character, display_width(point), shade);
  }
}

std::vector<DrawnLine> TextCanvas::take() {
  end_style();
  return std::move(lines_);
}

}  // namespace inpaint::lsp
