#include "lsp/bench/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/base/elapsed.h"

namespace inpaint::lsp {
namespace {

/// The standard streams of a child; -1: nothing comes, or goes nowhere.
struct ChildStreams {
  int in = -1;
  int out = -1;
};

/// Starts `words`; -1 where that fails.
pid_t spawn(const std::vector<std::string>& words, ChildStreams streams, bool own_group) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (streams.in >= 0) {
    posix_spawn_file_actions_adddup2(&actions, streams.in, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  if (streams.out >= 0) {
    posix_spawn_file_actions_adddup2(&actions, streams.out, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGMASK | (own_group ? POSIX_SPAWN_SETPGROUP : 0)));

  pid_t process = -1;
  if (::posix_spawnp(&process, pointers[0], &actions, &attributes, pointers.data(), environ) != 0)
    process = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// While it lives a write to a program that has gone fails, and does not end us.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace

std::optional<ChildOutcome> run_child(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  const pid_t process = spawn(words, {.out = ends[1]}, /*own_group=*/false);
  ::close(ends[1]);
  ChildOutcome outcome;
  if (process > 0) {
    std::array<char, 4096> buffer;
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) != 0;) {
      if (got > 0) outcome.out.append(buffer.data(), static_cast<std::size_t>(got));
      else if (errno != EINTR) break;
    }
    outcome.exit_code = wait_for(process);
  }
  ::close(ends[0]);
  outcome.milliseconds = engine::milliseconds_since(start);
  if (process < 0) return std::nullopt;
  return outcome;
}

BackgroundChild::BackgroundChild(const std::vector<std::string>& words, int out)
    : process_(spawn(words, {.out = out}, /*own_group=*/true)) {}

BackgroundChild::~BackgroundChild() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);
  wait_for(process_);
}

PipedChild::PipedChild(const std::vector<std::string>& words) {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  if (::pipe2(in.data(), O_CLOEXEC) != 0) return;
  if (::pipe2(out.data(), O_CLOEXEC) == 0) {
    process_ = spawn(words, {.in = in[0], .out = out[1]}, /*own_group=*/true);
    ::close(out[1]);
  }
  ::close(in[0]);
  to_ = in[1];
  from_ = out[0];
}

PipedChild::~PipedChild() { end(std::chrono::milliseconds{0}); }

bool PipedChild::write(std::string_view bytes) const {
  if (!running()) return false;
  const NoPipeSignal no_signal;
  while (!bytes.empty()) {
    const ssize_t n = ::write(to_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string PipedChild::read(std::chrono::milliseconds limit) { return read(Clock::now() + limit); }

std::string PipedChild::read(Clock::time_point until) {
  while (running() && !output_over_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(until - Clock::now(), Clock::duration::zero()));
    pollfd ready{from_, POLLIN, 0};
    const int n_ready = ::poll(&ready, 1, static_cast<int>(left.count()));
    if (n_ready < 0 && errno == EINTR) continue;
    if (n_ready <= 0) return "";
    std::array<char, 4096> buffer;
    const ssize_t n = ::read(from_, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) return {buffer.data(), static_cast<std::size_t>(n)};
    output_over_ = true;
  }
  return "";
}

int PipedChild::end(std::chrono::milliseconds limit) {
  if (to_ >= 0) ::close(std::exchange(to_, -1));
  int exit_code = -1;
  if (running()) {
    // Its end shows as the end of what it writes; what comes before that is of no interest any more.
    const auto until = Clock::now() + limit;
    while (!output_over_ && !read(until).empty()) {
    }
    if (!output_over_) ::kill(-process_, SIGKILL);
    exit_code = wait_for(std::exchange(process_, -1));
  }
  if (from_ >= 0) ::close(std::exchange(from_, -1));
  return exit_code;
}

}  // namespace inpaint::lsp
