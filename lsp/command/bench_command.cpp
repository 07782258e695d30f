#include "lsp/command/bench_command.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "lsp/bench/bench_report.h"
#include "lsp/bench/bench_rows.h"
#include "lsp/bench/compiler_load.h"
#include "lsp/bench/source_commit.h"
#include "lsp/bench/typing_rows.h"
#include "lsp/command/progress_line.h"
#include "lsp/command/source_file.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

struct BenchText {
  fs::path file;
  std::vector<std::string> lines;
  std::size_t n_whole_lines = 0;  // up to the first end of a file behind kBenchLines
};

void append_lines(std::vector<std::string>& lines, const std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    begin = end + 1;
  }
}

/// The file, and its neighbours of the same kind in the order of their names until there is enough.
engine::Result<BenchText> read_text(const fs::path& file, std::size_t enough_bytes) {
  const auto first = read_source_file(file);
  if (!first) return std::unexpected(first.error());
  BenchText text{file, {}, 0};
  append_lines(text.lines, *first);
  text.n_whole_lines = text.lines.size();
  std::size_t bytes = first->size();
  std::vector<fs::path> neighbours;
  std::error_code failed;
  for (fs::directory_iterator at(file.parent_path(), failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() == file.extension() && at->path().filename() != file.filename())
      neighbours.push_back(at->path());
  }
  std::ranges::sort(neighbours);
  for (const fs::path& neighbour : neighbours) {
    if (bytes >= enough_bytes && text.lines.size() >= kBenchLines) break;
    const auto more = read_source_file(neighbour);
    if (!more) continue;
    const bool whole_enough = text.lines.size() >= kBenchLines;
    append_lines(text.lines, *more);
    bytes += more->size();
    if (!whole_enough) text.n_whole_lines = text.lines.size();
  }
  return text;
}

std::vector<BenchRow> merge(std::vector<Series> idle, const std::vector<Series>& busy) {
  std::vector<BenchRow> rows;
  for (Series& series : idle) {
    BenchRow row{series.what, series.unit,           series.budget, figures_of(series.values),
                 {},          std::move(series.note)};
    const auto same = std::ranges::find(busy, row.what, &Series::what);
    if (same != busy.end()) row.busy = figures_of(same->values);
    rows.push_back(std::move(row));
  }
  return rows;
}

void add_memory(std::vector<BenchRow>& rows, const BenchOptions& options, const char* what,
                double mib) {
  if (!options.rows.empty() && std::string(what).find(options.rows) == std::string::npos) return;
  rows.push_back({what, "MiB", {}, figures_of({mib}), {}, {}});
}

/// Files of the source tree stand in where a person named none; a program that was moved has no such tree.
template <typename Text>
engine::Result<Text> or_name_one(engine::Result<Text> text, bool is_named) {
  if (!text && !is_named) text.error().remedy = "name any source file with --file";
  return text;
}

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
    auto text = or_name_one(read_source_file(path), !named.empty());
    if (!text) return std::unexpected(text.error());
    files.push_back({path.string(), std::move(*text)});
  }
  return files;
}

}  // namespace

int bench_command(const BenchOptions& options, Program& program) {
  BenchReport found;
  found.machine = machine_facts();
  ProgressLine progress(program.err, program.err_screen);
  progress.write("opening the model");
  const auto engine = program.open_model(options.model);
  if (!engine) return report(program, engine.error());
  const double loaded_mib = process_memory().resident_mib;
  found.engine = (*engine)->info();

  const fs::path file = options.file
                            ? fs::path(*options.file)
                            : fs::path(INPAINT_SOURCE_DIR) / "lsp/terminal/text_canvas.cpp";
  const auto enough = static_cast<std::size_t>(std::max(found.engine.context_budget, 0)) * 8;
  const auto text = or_name_one(read_text(file, enough), options.file.has_value());
  if (!text) return report(program, text.error());
  found.file = text->file.filename().string();
  found.commit = source_commit();

  BenchSubject subject{.engine = **engine,
                       .program = program.program_file,
                       .model = found.engine.model_path,
                       .path = text->file.filename().string(),
                       .lines = text->lines,
                       .n_whole_lines = text->n_whole_lines,
                       .run = "",
                       .filter = options.rows,
                       .stop = program.stop,
                       .on_row = {}};
  const auto begin = [&](const char* run) {
    subject.run = run;
    subject.on_row = [&progress, run](const std::string& what) {
      progress.write(std::string(run) + ": " + what);
    };
  };
  const BenchAmount amount = options.quick ? BenchAmount{4, 0.3} : BenchAmount{40, 4.0};
  begin("idle");
  std::vector<Series> idle = measure(subject, amount);

  std::vector<Series> busy;
  const auto compiler = options.busy ? find_compiler() : std::nullopt;
  if (compiler && !program.stop.stop_requested()) {
    CompilerLoad load(*compiler, std::max(found.machine.threads, 1U));
    progress.write("busy: the compiler starts");
    if (load.wait_until_started(program.stop)) {
      found.compiler = compiler->version;
      begin("busy");
      busy = measure(subject, amount);
    }
  }
  found.rows = merge(std::move(idle), busy);
  add_memory(found.rows, options, "memory resident after load", loaded_mib);
  add_memory(found.rows, options, "memory resident at most", process_memory().peak_mib);
  found.complete = !program.stop.stop_requested();

  progress.write("");
  program.err << to_table(found);
  program.out << to_json(found);
  return found.complete ? kSuccess : kInterrupted;
}

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
                       .foresight = options.foresight,
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
  found.rows = typing_rows(*typed);
  program.err << to_table(found);
  program.out << to_json(found);
  return found.complete ? kSuccess : kInterrupted;
}

}  // namespace inpaint::lsp
