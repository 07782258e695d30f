// Other programs, run and waited for, or left running beside us and ended with all they started.
//
// A child begins with no signal blocked, whatever this process blocks. Nothing goes through a shell,
// except where the caller names one.
//
// Source: POSIX.1-2017, posix_spawn and process groups.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace inpaint::lsp {

struct ChildOutcome {
  int exit_code = -1;  // -1: ended by a signal
  std::string out;     // what it wrote to its standard output
  double milliseconds = 0.0;
};

/// Runs `words` (the program, looked up in PATH, and its arguments) to its end; its error stream
/// goes nowhere. Nothing where there is no such program.
std::optional<ChildOutcome> run_child(const std::vector<std::string>& words);

/// A program in a process group of its own, ended by the destructor together with its children.
class BackgroundChild {
 public:
  explicit BackgroundChild(const std::vector<std::string>& words);
  ~BackgroundChild();
  BackgroundChild(const BackgroundChild&) = delete;
  BackgroundChild& operator=(const BackgroundChild&) = delete;

  bool running() const { return process_ > 0; }

 private:
  pid_t process_ = -1;
};

}  // namespace inpaint::lsp
