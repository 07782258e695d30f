#include "lsp/terminal/progress_bar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace inpaint::lsp {
namespace {

constexpr int kBarWidth = 20;
constexpr auto kBetween = std::chrono::milliseconds(100);
constexpr double kMega = 1e6;

std::string minutes(double seconds) {
  constexpr double kLongest = 99.0 * 3600.0;
  const auto whole = static_cast<std::int64_t>(std::min(std::ceil(seconds), kLongest));
  return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

double share(const Progress& progress) {
  if (progress.total == 0) return 0.0;
  const double ratio = static_cast<double>(progress.done) / static_cast<double>(progress.total);
  return std::clamp(ratio, 0.0, 1.0);
}

}  // namespace

std::string progress_line(const std::string& name, const Progress& progress, int columns) {
  const double ratio = share(progress);
  const auto filled = static_cast<std::size_t>(ratio * kBarWidth);
  const double left = static_cast<double>(progress.total - std::min(progress.done, progress.total));
  std::array<std::string, 4> parts = {
      fmt::format(" [{}{}] {:3.0f} %", std::string(filled, '#'),
                  std::string(kBarWidth - filled, '.'), std::floor(ratio * 100.0)),
      fmt::format("  {:.0f} of {:.0f} MB", static_cast<double>(progress.done) / kMega,
                  static_cast<double>(progress.total) / kMega),
      "", ""};
  if (progress.bytes_per_second > 0.0) {
    parts[2] = fmt::format("  {:.1f} MB/s", progress.bytes_per_second / kMega);
    parts[3] = "  " + minutes(left / progress.bytes_per_second);
  }
  std::string line = name;
  for (const std::string& part : parts) {
    if (line.size() + part.size() >= static_cast<std::size_t>(std::max(columns, 0))) break;
    line += part;
  }
  return line;
}

ProgressBar::ProgressBar(std::ostream& out, const Screen& screen, std::string name)
    : out_(out), screen_(screen), name_(std::move(name)) {}

ProgressBar::~ProgressBar() {
  if (screen_.is_terminal && shown_) out_ << std::endl;
}

void ProgressBar::show(std::uint64_t done, std::uint64_t resumed, std::uint64_t total,
                       Clock::time_point now) {
  if (!begun_) begun_ = now;
  const std::chrono::duration<double> seconds = now - *begun_;
  Progress progress{.done = done, .total = total};
  if (seconds.count() > 1.0 && done > resumed)
    progress.bytes_per_second = static_cast<double>(done - resumed) / seconds.count();
  if (screen_.is_terminal) {
    if (shown_ && done < total && now - *shown_ < kBetween) return;
    out_ << '\r' << progress_line(name_, progress, screen_.columns) << kEraseLine << std::flush;
  } else {
    constexpr int kTenths = 10;
    const int tenths = static_cast<int>(share(progress) * kTenths);
    if (tenths <= shown_tenths_) return;
    shown_tenths_ = tenths;
    constexpr int kWide = 200;
    out_ << progress_line(name_, progress, kWide) << std::endl;
  }
  shown_ = now;
}

}  // namespace inpaint::lsp
