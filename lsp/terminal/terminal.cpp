#include "lsp/terminal/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/base/environment.h"

namespace inpaint::lsp {
Screen describe_screen(int file_descriptor) {
  Screen screen;
  screen.is_terminal = isatty(file_descriptor) == 1;
  if (!screen.is_terminal) return screen;
  winsize size{};
  if (ioctl(file_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    screen.columns = size.ws_col;
  const std::string terminal = engine::environment("TERM").value_or("dumb");
  screen.wants_color = !engine::environment("NO_COLOR") && terminal != "dumb";
  return screen;
}

}  // namespace inpaint::lsp
