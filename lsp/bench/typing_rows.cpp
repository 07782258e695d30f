#include "lsp/bench/typing_rows.h"

#include <string>
#include <utility>

namespace inpaint::lsp {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<BenchRow> typing_rows(const Replay& replay) {
  std::vector<double> all = replay.known;
  all.insert(all.end(), replay.first.begin(), replay.first.end());
  const auto one = [](std::string what, std::string unit, double value, std::string note) {
    return BenchRow{std::move(what), std::move(unit), {}, figures_of({value}), {}, std::move(note)};
  };
  const std::string of_keys = "of " + std::to_string(replay.keys) + " keys";
  return {
      {"key to ghost text, place known", "ms", 180.0, figures_of(replay.known), {}, {}},
      {"key to ghost text, over all", "ms", 280.0, figures_of(all), {}, {}},
      {"key to ghost text, after a leap", "ms", {}, figures_of(replay.first), {}, {}},
      one("keys answered before the next one", "%", share(replay.answered, replay.keys), of_keys),
      one("keys that show something", "%", share(replay.shown, replay.keys), of_keys),
      one("of these at once", "%", share(replay.at_once, replay.shown),
          "within 5 ms: an answer before has foreseen them"),
      one("new lines answered at once", "%", share(replay.lines_at_once, replay.lines),
          "of " + std::to_string(replay.lines) + "; also that nothing is to be shown"),
      one("text that was accepted and not typed", "%", share(replay.saved_bytes, replay.bytes),
          std::to_string(replay.accepted) +
              " times; what is shown is taken where all of it is right"),
      one("processor time for 1,000 keys", "s",
          replay.keys == 0 ? 0.0
                           : replay.processor_seconds * 1e3 / static_cast<double>(replay.keys),
          "the server's, start and model included")};
}

}  // namespace inpaint::lsp
