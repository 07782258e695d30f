#include "lsp/command/standard_streams.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace inpaint::lsp {
namespace {

/// A copy of the output that no library knows the number of; -1 where there is nothing to copy, and
/// the output itself where there is no room for one more.
int private_output() {
  const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (copy >= 0) return copy;
  return errno == EBADF ? -1 : STDOUT_FILENO;
}

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

void move_to(int from, int to) {
  if (from == to || from < 0) return;
  ::dup2(from, to);
  ::close(from);
}

/// Something that can be read and written and holds nothing.
int nothing() {
  if (const int null = ::open("/dev/null", O_RDWR); null >= 0) return null;
  std::array<int, 2> ends{};  // of a pipe whose writer is gone, where there is no /dev
  if (::pipe(ends.data()) != 0) return -1;
  ::close(ends[1]);
  return ends[0];
}

}  // namespace

StandardStreams::StandardStreams()
    : in_(is_open(STDIN_FILENO) ? STDIN_FILENO : -1), out_(private_output()) {
  if (in_ < 0) move_to(nothing(), STDIN_FILENO);
  if (!is_open(STDERR_FILENO)) move_to(nothing(), STDERR_FILENO);
  if (out_ != STDOUT_FILENO) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

}  // namespace inpaint::lsp
