#include "lsp/models/mirror.h"

#include <chrono>
#include <string>
#include <system_error>

#include "lsp/bench/child_process.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;

constexpr const char* kScript = "mirror.py";
/// The script says something every second.
constexpr auto kSilence = std::chrono::seconds(60);
constexpr auto kLastWords = std::chrono::seconds(5);

}  // namespace

engine::Result<void> fetch_from_mirror(const KnownModel& known, const std::filesystem::path& target,
                                       const std::filesystem::path& catalogue, std::ostream& screen,
                                       const std::stop_token& stop) {
  if (!known.has_mirror)
    return failure(ErrorCode::unavailable, known.name, "no package is known to carry it",
                   "get it without --mirror");
  const std::filesystem::path script = catalogue.parent_path() / kScript;
  std::error_code unknown;
  if (!std::filesystem::exists(script, unknown))
    return failure(ErrorCode::unavailable, script.string(), "it is not there",
                   "use the catalogue that comes with Inpaint");
  PipedChild child({"python3", "-B", script.string(), known.name, "--catalogue", catalogue.string(),
                    "--out", target.string()});
  if (!child.running())
    return failure(ErrorCode::unavailable, "python3", "it does not start",
                   "install python3 and python3-pip, or get it without --mirror");
  while (!stop.stop_requested()) {
    const std::string text = child.read(kSilence);
    if (text.empty()) break;
    // A beat alone says that it is still at work.
    for (const char c : text)
      if (c != '\a') screen << c;
    screen << std::flush;
  }
  if (stop.stop_requested())
    return failure(ErrorCode::cancelled, "download", "stopped",
                   "run the same command again: it goes on from what is there");
  if (child.end(kLastWords) == 0) return {};
  return failure(ErrorCode::unavailable, known.name, "the packages did not bring it",
                 "see the lines above");
}

}  // namespace inpaint::lsp
