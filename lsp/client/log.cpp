#include "lsp/client/log.h"

#include <chrono>
#include <string>
#include <tuple>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/guarded.h"

namespace inpaint::lsp {
namespace {

/// 100 such lines still fit into a pipe that nobody reads.
constexpr std::size_t kLongestLine = 500;

}  // namespace

void Log::write(std::string_view line) noexcept {
  // Whoever reports a failure must not fail by that.
  std::ignore = engine::guarded("log", [&] {
    const std::lock_guard lock(mutex_);
    if (left_ == 0) return;
    --left_;
    std::string shown(line.substr(0, kLongestLine));
    for (char& c : shown) {
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    // In UTC: the local zone is read from the environment, which another thread may be changing.
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto since = now.time_since_epoch() % std::chrono::days(1);
    stream_ << fmt::format("{:%H:%M:%S}Z inpaint: {}\n", since, shown);
    if (left_ == 0) stream_ << "inpaint: further lines are left out; name a file with --log\n";
    stream_.flush();
  });
}

}  // namespace inpaint::lsp
