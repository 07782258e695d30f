// How far a download is, as one line that is written over and over; where nobody watches a screen, as
// a line for every tenth.
//
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

/// One state. Nothing is known of the rest before some of it has come.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  double bytes_per_second = 0.0;
};

/// "name [#####.....]  50 %  245 of 491 MB  12.3 MB/s  0:20 left", within `columns`: what does not fit is
/// left out from the right.
std::string progress_line(const std::string& name, const Progress& progress, int columns);

class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;

  /// `out` outlives it.
  ProgressBar(std::ostream& out, const Screen& screen, std::string name);
  /// Ends the line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` of `total` bytes, of which `resumed` were there at the beginning.
  void show(std::uint64_t done, std::uint64_t resumed, std::uint64_t total, Clock::time_point now);

 private:
  std::ostream& out_;
  Screen screen_;
  std::string name_;
  std::optional<Clock::time_point> begun_;
  std::optional<Clock::time_point> shown_;
  int shown_tenths_ = 0;
};

}  // namespace inpaint::lsp
