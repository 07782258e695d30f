#include "lsp/bench/bench_start_rows.h"

#include <chrono>
#include <expected>
#include <string>
#include <vector>

#include "lsp/bench/child_process.h"
#include "lsp/protocol/frame_reader.h"
#include "lsp/protocol/message.h"

namespace inpaint::lsp {
namespace {

using Clock = BenchSampler::Clock;
using engine::milliseconds_since;

/// Longer than any start; only a server that hangs reaches it.
constexpr std::chrono::seconds kPatience{20};

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

/// What the server says first; why it says nothing.
std::expected<Json, std::string> first_message(PipedChild& server) {
  FrameReader frames;
  while (true) {
    if (const auto frame = frames.next()) {
      if (!*frame) return std::unexpected(frame->error().error.message);
      return Json::parse(**frame, nullptr, /*allow_exceptions=*/false);
    }
    const std::string bytes = server.read(kPatience);
    if (bytes.empty()) return std::unexpected("the server ended, or said nothing");
    frames.feed(bytes);
  }
}

/// From before the program is started until its answer is here.
std::expected<double, std::string> time_initialize(const std::string& program) {
  const Json params = {
      {"processId", nullptr},
      {"rootUri", nullptr},
      {"capabilities", {{"textDocument", {{"inlineCompletion", Json::object()}}}}}};
  const std::string question = to_frame(to_text(to_request(1, "initialize", params)));
  const auto start = Clock::now();
  PipedChild server({program, "serve", "--stdio"});
  if (!server.running()) return std::unexpected("the program could not be started");
  server.write(question);  // a server that takes nothing says nothing
  const auto answer = first_message(server);
  const double milliseconds = milliseconds_since(start);
  if (!answer) return std::unexpected(answer.error());
  if (!answer->is_object() || !answer->contains("result"))
    return std::unexpected("the answer is no result");
  server.write(to_frame(to_text(to_request(2, "shutdown", nullptr))) +
               to_frame(to_text(to_notification("exit", nullptr))));
  if (server.end(kPatience) != 0) return std::unexpected("the server did not end in good order");
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
      else series->note = milliseconds.error();
      return milliseconds.has_value();
    });
  }

  Series* opened = sampler.row("program start, library and model opened", "ms", std::nullopt);
  if (opened) opened->note = "inpaint doctor, from its start to its end";
  time_program(sampler, opened, {"doctor", "--json", "--model", subject.model.string()});
}

}  // namespace inpaint::lsp
