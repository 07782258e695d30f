#include "lsp/terminal/terminal.h"

#include <cstdlib>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

namespace inpaint::lsp {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

Screen describe_screen(int file_descriptor) {
  Screen screen;
  screen.is_terminal = isatty(file_descriptor) == 1;
  if (!screen.is_terminal) return screen;
  winsize size{};
  if (ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    screen.columns = size.ws_col;
  const std::string_view terminal = environment("TERM");
  screen.wants_color = environment("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb";
  return screen;
}

}  // namespace inpaint::lsp
