#include "lsp/bench/bench_start_rows.h"

#include <string>
#include <vector>

#include "lsp/bench/child_process.h"
#include "lsp/bench/editor_client.h"

namespace inpaint::lsp {
namespace {

using Clock = BenchSampler::Clock;
using engine::milliseconds_since;

void time_program(BenchSampler& sampler, Series* series, std::vector<std::string> words) {
  if (!series) return;
  words.insert(words.begin(), sampler.subject().program.string());
  sampler.repeat([&](std::size_t) {
    const auto outcome = run_child(words);
    if (!outcome || outcome->exit_code != 0) {
      series->note = "the program could not be started, or failed";
      return false;
    }
    series->values.push_back(outcome->milliseconds);
    return true;
  });
}

/// From before the program is started until its answer to `initialize` is here.
engine::Result<double> time_initialize(const std::string& program) {
  const auto start = Clock::now();
  auto client = EditorClient::start({program, "serve", "--stdio"});
  if (!client) return std::unexpected(client.error());
  const double milliseconds = milliseconds_since(start);
  if (const auto left = client->leave(); !left) return std::unexpected(left.error());
  return milliseconds;
}

}  // namespace

void measure_starts(BenchSampler& sampler) {
  const BenchSubject& subject = sampler.subject();
  if (subject.program.empty()) return;
  time_program(sampler, sampler.row("program start to --help", "ms", 50.0), {"--help"});

  if (Series* series = sampler.row("server ready for initialize", "ms", 100.0)) {
    series->note = "inpaint serve --stdio, from its start to its answer over pipes";
    sampler.repeat([&](std::size_t) {
      const auto milliseconds = time_initialize(subject.program.string());
      if (milliseconds) series->values.push_back(*milliseconds);
      else series->note = engine::to_string(milliseconds.error());
      return milliseconds.has_value();
    });
  }

  Series* opened = sampler.row("program start, library and model opened", "ms", std::nullopt);
  if (opened) opened->note = "inpaint doctor, from its start to its end";
  time_program(sampler, opened, {"doctor", "--json", "--model", subject.model.string()});
}

}  // namespace inpaint::lsp
