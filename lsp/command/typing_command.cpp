#include "lsp/command/typing_command.h"

#include <filesystem>
#include <string>
#include <vector>

#include "lsp/bench/bench_report.h"
#include "lsp/bench/source_commit.h"
#include "lsp/bench/typing_replay.h"
#include "lsp/command/progress_line.h"
#include "lsp/command/source_file.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

/// Of the source tree, in as many languages, none of them long.
constexpr const char* kOwnFiles[] = {"lsp/terminal/text_canvas.cpp", "tests/quality/plot.py",
                                     "editors/vscode/src/extension.ts",
                                     "editors/neovim/lua/inpaint/suggestion.lua"};

engine::Result<std::vector<ReplayedFile>> read_files(const std::vector<std::string>& named) {
  std::vector<fs::path> paths(named.begin(), named.end());
  if (named.empty())
    for (const char* const own : kOwnFiles) paths.push_back(fs::path(INPAINT_SOURCE_DIR) / own);
  std::vector<ReplayedFile> files;
  for (const fs::path& path : paths) {
    auto text = read_source_file(path);
    if (!text) {
      engine::Error error = text.error();
      if (named.empty()) error.remedy = "name any source file with --file";
      return std::unexpected(std::move(error));
    }
    files.push_back({fs::absolute(path).string(), std::move(*text)});
  }
  return files;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<BenchRow> rows_of(const Replay& replay) {
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
      one("text that was accepted and not typed", "%", share(replay.saved_bytes, replay.bytes),
          std::to_string(replay.accepted) +
              " times; what is shown is taken where all of it is right"),
      one("processor time for 1,000 keys", "s",
          replay.keys == 0 ? 0.0
                           : replay.processor_seconds * 1e3 / static_cast<double>(replay.keys),
          "the server's, start and model included")};
}

}  // namespace

int typing_command(const TypingOptions& options, Program& program) {
  BenchReport found;
  found.machine = machine_facts();
  const auto model = program.find_model(options.model.folder);
  if (!model) return report(program, model.error());
  auto files = read_files(options.files);
  if (!files) return report(program, files.error());
  if (program.begin_work) program.begin_work();

  ReplayOptions replay{.server = {program.program_file.string(), "serve", "--stdio", "--model",
                                  model->path.string()},
                       .files = std::move(*files),
                       .keys = options.keys,
                       .seed = options.seed,
                       .speed = options.speed,
                       .stop = program.stop,
                       .on_key = {}};
  if (!options.model.adapter.empty())
    replay.server.insert(replay.server.end(), {"--adapter", options.model.adapter});
  ProgressLine progress(program.err, program.err_screen);
  progress.write("opening the model");
  replay.on_key = [&](std::size_t keys) {
    progress.write(std::to_string(keys) + " of " + std::to_string(options.keys) + " keys");
  };
  const auto typed = replay_typing(replay);
  progress.write("");
  if (!typed) return report(program, typed.error());

  found.engine.model_path = model->path.string();
  found.file = fs::path(replay.files.front().path).filename().string();
  found.commit = source_commit();
  found.complete = typed->complete;
  found.rows = rows_of(*typed);
  program.err << to_table(found);
  program.out << to_json(found);
  return found.complete ? kSuccess : kInterrupted;
}

}  // namespace inpaint::lsp
