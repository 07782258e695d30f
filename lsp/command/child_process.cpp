#include "lsp/command/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace inpaint::lsp {
namespace {

/// Starts `words` with the given standard output; -1 where that fails.
pid_t spawn(const std::vector<std::string>& words, int out, bool own_group) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (out >= 0) {
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
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

}  // namespace

std::optional<ChildOutcome> run_child(const std::vector<std::string>& words) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  const pid_t process = spawn(words, ends[1], /*own_group=*/false);
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
  outcome.milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (process < 0) return std::nullopt;
  return outcome;
}

BackgroundChild::BackgroundChild(const std::vector<std::string>& words)
    : process_(spawn(words, /*out=*/-1, /*own_group=*/true)) {}

BackgroundChild::~BackgroundChild() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);
  wait_for(process_);
}

}  // namespace inpaint::lsp
