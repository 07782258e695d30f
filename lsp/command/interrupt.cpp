#include "lsp/command/interrupt.h"

#include <string_view>
#include <system_error>

#include <unistd.h>

#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

Interrupt::Interrupt(int screen) : screen_(screen) {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  try {
    thread_ = std::thread([this] { wait(); });
  } catch (const std::system_error&) {
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }
}

Interrupt::~Interrupt() {
  if (!thread_.joinable()) return;
  leaving_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);  // for this thread alone: it is the one to wake
  thread_.join();
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
}

void Interrupt::wait() {
  while (true) {
    int signal = 0;
    if (sigwait(&signals_, &signal) != 0) continue;
    if (leaving_) return;
    if (working_ && source_.request_stop()) continue;
    // Nobody will clean up any more. The cursor may be hidden.
    if (isatty(screen_) == 1) {
      [[maybe_unused]] const ssize_t written =
          write(screen_, kShowCursor.data(), kShowCursor.size());
    }
    _exit(128 + signal);
  }
}

}  // namespace inpaint::lsp
