// Where the server says what went wrong: a file if the user names one, else the error stream.
//
// Editors show the error stream as errors, and may never read it, which would block us: only what
// went wrong goes there, and no more than a limit. A file gets notes of what the server does as
// well.
//
// A line holds methods, numbers, URIs and words of ours, never text of a document.
//
// Thread rule: any thread; a mutex, because the engine's thread reports too and owns no strand.
#pragma once

#include <cstddef>
#include <mutex>
#include <ostream>
#include <string_view>

namespace inpaint::lsp {

struct LogLimits {
  bool notes = false;
  std::size_t lines = 100;  // then it says so and is silent
};

class Log {
 public:
  /// `stream` outlives the object.
  explicit Log(std::ostream& stream, LogLimits limits = {})
      : stream_(stream), notes_(limits.notes), left_(limits.lines) {}

  /// Something went wrong.
  void problem(std::string_view line) noexcept { write(line); }
  /// Something happens.
  void note(std::string_view line) noexcept {
    if (notes_) write(line);
  }

 private:
  void write(std::string_view line) noexcept;

  std::mutex mutex_;
  std::ostream& stream_;
  const bool notes_;
  std::size_t left_;
};

}  // namespace inpaint::lsp
