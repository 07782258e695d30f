// What the command line can ask for, as values: one struct per subcommand, one field per option.
// The trainer's options are its own struct.
//
// The words of the options and their explanations are in command_line.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/engine.h"
#include "engine/training/train_options.h"
#include "lsp/command/terminal.h"

namespace inpaint::lsp {

struct CompleteOptions {
  std::string location;  // FILE:LINE:COLUMN
  std::vector<std::string> snippets;
  std::optional<std::string> model;
  std::optional<std::string> language;  // else by the file's name
  engine::Mode mode = engine::Mode::lossless;
  engine::Device device = engine::Device::cpu;
  float threshold = 0.9F;
  int max_tokens = 64;
  int alternatives = 1;
  std::uint64_t seed = 0;
  std::optional<std::chrono::milliseconds> deadline;
  ColorWhen color = ColorWhen::automatic;
  bool json = false;
  bool watch = false;
};

struct ServeOptions {
  std::optional<std::string> model;
  std::optional<std::string> log;  // a file; else the error stream
  std::optional<std::int64_t> client_process;
  engine::Mode mode = engine::Mode::lossless;
  engine::Device device = engine::Device::cpu;
};

struct DoctorOptions {
  std::optional<std::string> model;
  engine::Device device = engine::Device::cpu;
  bool json = false;
};

struct BenchOptions {
  std::optional<std::string> model;
  std::optional<std::string> file;  // whose text is typed into
  std::string rows;                 // only those whose name holds it; empty: all
  bool quick = false;
  bool busy = true;  // once more with a compiler running beside
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

/// Text that answers the arguments alone: help or version.
struct PrintText {
  std::string text;
};

using Command =
    std::variant<PrintText, CompleteOptions, ServeOptions, DoctorOptions, engine::TrainOptions,
                 BenchOptions, ShardsPackOptions, ShardsVerifyOptions>;

}  // namespace inpaint::lsp
