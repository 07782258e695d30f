// What the command line can ask for, as values: one struct per subcommand, one field per option.
// The trainer's options are its own struct.
//
// The words of the options and their explanations are in command_line.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "engine/train_options.h"
#include "lsp/command/model_options.h"
#include "lsp/evaluation/runner_options.h"
#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

struct CompleteOptions {
  std::string location;  // FILE:LINE:COLUMN
  std::vector<std::string> snippets;
  std::vector<std::string> neighbours;
  ModelOptions model;
  std::optional<std::string> language;              // else by the file's name
  engine::DecodingOptions decoding{.gate = false};  // who asks by hand wants to see what there is
  ColorWhen color = ColorWhen::automatic;
  bool json = false;
  bool watch = false;
  bool why = false;  // as an editor that asks by itself: only what would be shown there, or why not
};

/// Lines from 1, both ends included.
struct LineRange {
  std::size_t first = 1;
  std::size_t last = 1;
  friend bool operator==(const LineRange&, const LineRange&) = default;
};

struct RewriteOptions {
  std::string file;
  std::optional<LineRange> lines;  // else what is marked
  std::vector<LineRange> kept;     // of these
  ModelOptions model;
  std::uint64_t seed = 0;
  bool json = false;
};

struct ServeOptions {
  ModelOptions model;
  std::optional<std::string> log;  // a file; else the error stream
  std::optional<std::int64_t> client_process;
  engine::Mode mode = engine::Mode::lossless;
};

struct DoctorOptions {
  ModelOptions model;
  bool json = false;
};

struct BenchOptions {
  ModelOptions model;
  std::optional<std::string> file;  // whose text is typed into
  std::string rows;                 // only those whose name holds it; empty: all
  bool quick = false;
  bool busy = true;  // once more with a compiler running beside
};

struct TypingOptions {
  ModelOptions model;
  std::vector<std::string> files;  // that are typed into; none: some of Inpaint's own
  std::size_t keys = 300;          // at most
  std::uint64_t seed = 1;
  double speed = 1.0;  // pauses are that much shorter
  bool foresight = true;
};

struct ShardsPackOptions {
  std::string from;
  std::string out;
  int shard_mib = 20;
  std::uint64_t seed = 1;
};

struct ShardsVerifyOptions {
  std::string folder;
  std::optional<std::string> never;  // a list of packages; else the project's own
};

struct EvalOptions {
  std::string cases;
  std::string out;
  std::optional<std::string> summary;  // a file for it, besides the error stream
  ModelOptions model;
  std::size_t limit = 0;  // 0: all cases
  int jobs = 1;
  RunnerOptions runner;
  bool resume = false;
};

struct CasesOptions {
  std::string from;
  std::string out;
  std::optional<std::string> language;  // only this one
  std::vector<std::string> kinds = {"line", "block", "span"};
  std::size_t per_language = 300;
  std::size_t max_context_bytes = 256UL * 1024;
  std::size_t neighbours = 0;  // files of the same package that a case comes with
  int strip = 0;               // leading folders that name the package and not the file
  std::uint64_t seed = 1;
};

struct ModelsOptions {
  enum class Verb { list, get, add, use, remove, check };
  Verb verb = Verb::list;
  std::string model;                     // its name, or a path
  std::optional<std::string> name;       // of what is added; else as its path
  std::optional<std::string> catalogue;  // a file; else the one that comes along
  bool accepts_licence = false;
  bool from_mirror = false;
  bool json = false;
};

/// Text that answers the arguments alone: help or version.
struct PrintText {
  std::string text;
};

using Command =
    std::variant<PrintText, CompleteOptions, DoctorOptions, engine::TrainOptions, BenchOptions,
                 TypingOptions, EvalOptions, CasesOptions, ShardsPackOptions, ShardsVerifyOptions,
                 ServeOptions, RewriteOptions, ModelsOptions>;

}  // namespace inpaint::lsp
