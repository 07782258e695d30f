// What the program knows of the screen it writes to, and the few sequences it uses there.
//
// Source: ECMA-48 (SGR, cursor up, erase); the cursor's visibility is DEC private mode 25, which
//         every terminal in use knows.
#pragma once

#include <optional>
#include <string_view>

namespace inpaint::lsp {

enum class ColorWhen { automatic, always, never };

/// One output stream. Values only: a test describes any screen it likes.
struct Screen {
  bool is_terminal = false;
  int columns = 80;          // of a terminal
  bool wants_color = false;  // a terminal whose user has not said no (NO_COLOR, TERM=dumb)
};

inline bool use_color(ColorWhen when, const Screen& screen) {
  return when == ColorWhen::always || (when == ColorWhen::automatic && screen.wants_color);
}

/// Asks the system about a file descriptor, and the environment about colours (no-color.org).
Screen describe_screen(int file_descriptor);

inline constexpr std::string_view kHideCursor = "\x1b[?25l";
inline constexpr std::string_view kShowCursor = "\x1b[?25h";
inline constexpr std::string_view kEraseBelow = "\x1b[J";
inline constexpr std::string_view kEraseLine = "\x1b[K";  // from the cursor on
inline constexpr std::string_view kResetStyle = "\x1b[0m";

}  // namespace inpaint::lsp
