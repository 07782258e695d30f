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
#include <string_view>
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
  /// `out`: a descriptor for its standard output, which stays the caller's; -1: it goes nowhere.
  explicit BackgroundChild(const std::vector<std::string>& words, int out = -1);
  ~BackgroundChild();
  BackgroundChild(const BackgroundChild&) = delete;
  BackgroundChild& operator=(const BackgroundChild&) = delete;

  bool running() const { return process_ > 0; }

 private:
  pid_t process_ = -1;
};

/// A program that is written to and read from, in a process group of its own; it ends when its output
/// does. One thread.
class PipedChild {
 public:
  explicit PipedChild(const std::vector<std::string>& words);
  /// Ends it at once, if it has not ended.
  ~PipedChild();
  PipedChild(const PipedChild&) = delete;
  PipedChild& operator=(const PipedChild&) = delete;

  bool running() const { return process_ > 0; }
  /// It has closed its output, and all of that has been read.
  bool is_over() const { return output_over_ || !running(); }
  /// False where it does not take it (any more).
  bool write(std::string_view bytes) const;
  /// What it writes next; empty where that is over, or nothing comes within the limit.
  std::string read(std::chrono::milliseconds limit);
  /// Closes its standard input and waits for its end; ends it where the limit is over before.
  /// Its exit code; -1: it was ended by a signal, or never ran.
  int end(std::chrono::milliseconds limit);

 private:
  using Clock = std::chrono::steady_clock;
  std::string read(Clock::time_point until);

  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
  bool output_over_ = false;
};

}  // namespace inpaint::lsp
