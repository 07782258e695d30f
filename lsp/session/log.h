// Where the server says what went wrong and what it does: a file if the user names one, else the
// error stream, with a limit, since an editor may never read it and must not block us.
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

class Log {
 public:
  /// `stream` outlives the object. After `most_lines` lines it says so and is silent.
  explicit Log(std::ostream& stream, std::size_t most_lines) : stream_(stream), left_(most_lines) {}

  void write(std::string_view line);

 private:
  std::mutex mutex_;
  std::ostream& stream_;
  std::size_t left_;
};

}  // namespace inpaint::lsp
