// A user's machine for tests of whole commands: files, a model, an engine that answers by a script.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lsp/command/program.h"
#include "tests/lsp/command/fake_engine.h"
#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp::test {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline engine::TrainReport report_of(std::int64_t steps, bool stopped_early) {
  engine::TrainReport report;
  report.steps = steps;
  report.rows = 1000;
  report.stopped_early = stopped_early;
  return report;
}

/// A user's machine: files, a model that may be missing, an engine that answers by a script.
class Machine {
 public:
  Machine() {
    script.fills = {fill_of({set_token("3.14", 0.9F), set_token(" * r", 0.5F)})};
    script.info = {.model_path = "/models/mini",
                   .family = "inpaint_mini",
                   .parameters = 9'400'000,
                   .layers = 6,
                   .hidden = 256,
                   .vocabulary = 16384,
                   .context_budget = 1024,
                   .block_widths = {4, 8, 16},
                   .torch_version = "2.11.0",
                   .number_types = "bf16 from 1 row"};
  }

  Outcome run(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    if (full_disk) out.setstate(std::ios::badbit);
    Program program{
        .out = out,
        .err = err,
        .out_screen = screen,
        .err_screen = err_screen,
        .working_folder = folder.path(),
        .cache_folder = cache_folder,
        .state_folder = "/state",
        .config_folder = config_folder,
        .data_folder = data_folder,
        .stop = stop.get_token(),
        .program_file = {},
        .find_model =
            [this](std::optional<std::string> flag) -> engine::Result<engine::FoundModel> {
          if (search_throws) throw std::runtime_error("too many open files");
          if (!has_model)
            return engine::failure(engine::ErrorCode::file_not_found, "model", "none", "train one");
          if (!flag && !default_model.empty())
            return engine::FoundModel{.path = default_model, .default_name = "larger"};
          return engine::FoundModel{.path = flag.value_or("/models/mini")};
        },
        .open_engine = [this](const engine::EngineOptions& options)
            -> engine::Result<std::unique_ptr<engine::Engine>> {
          asked->opened.push_back(options);
          if (!model_loads || options.model == damaged_model) {
            return engine::failure(engine::ErrorCode::bad_weights, "model.safetensors", "cut short",
                                   "fetch it again");
          }
          return std::make_unique<FakeEngine>(script, asked);
        },
        .check_engine = [this](engine::Device device) -> engine::Result<void> {
          checked_device = device;
          if (!has_engine)
            return engine::failure(engine::ErrorCode::unavailable, "libinpaint_engine.so",
                                   "not there", "build it");
          return {};
        },
        .languages = [this] { return languages; },
        .train = [this](const engine::TrainOptions& options, const std::stop_token&,
                        const engine::TrainLog& log) -> engine::Result<engine::TrainReport> {
          trained = options;
          log("step 1 loss 9.5");
          return train_result;
        },
        .embedded_model = [] { return std::filesystem::path("/models/mini"); },
    };
    Outcome outcome;
    outcome.exit_code = run_program(arguments, program);
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
  }

  TemporaryFolder folder;
  std::string cache_folder = "/cache";
  std::filesystem::path config_folder;
  std::filesystem::path data_folder;
  Script script;
  std::shared_ptr<Asked> asked = std::make_shared<Asked>();
  std::stop_source stop;
  Screen screen;  // of the standard output
  Screen err_screen;
  std::vector<std::string> languages = {"c", "python"};
  engine::TrainOptions trained;
  engine::Result<engine::TrainReport> train_result = report_of(7, false);
  bool has_model = true;
  bool search_throws = false;
  bool model_loads = true;
  std::string default_model;  // what is found where none is named; empty: the embedded one
  std::string damaged_model;  // its path
  bool has_engine = true;
  engine::Device checked_device = engine::Device::cpu;
  bool full_disk = false;
};

}  // namespace inpaint::lsp::test
