// What the commands touch outside of themselves: streams, screens and the engine.
//
// main() fills it with the real things, a test with its own; no command opens an engine, asks for a
// terminal or reads the environment by any other way. That also keeps torch out of everything that
// does not fill: `--help` never calls open_engine.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/model_search.h"
#include "engine/train_options.h"
#include "lsp/command/model_options.h"
#include "lsp/terminal/terminal.h"

namespace inpaint::lsp {

/// How the program ends.
enum ExitCode : int {
  kSuccess = 0,
  kFailed = 1,
  kWrongUse = 2,
  kInterrupted = 130,  // 128 + SIGINT, as shells count
};

struct Program {
  std::ostream& out;
  std::ostream& err;
  Screen out_screen;
  Screen err_screen;
  std::filesystem::path working_folder;      // that it was started in; empty: it is gone
  std::filesystem::path home_folder = {};    // of the user; may be empty, as the four below
  std::string cache_folder;                  // what can be made again
  std::filesystem::path state_folder;        // what was made for the user
  std::filesystem::path config_folder = {};  // what they wrote down
  std::filesystem::path data_folder = {};    // what they fetched
  std::stop_token stop;                      // set by ctrl-C
  std::filesystem::path program_file;        // of the program; empty: it is not to be started

  /// The model: what the user named, else what is used where none is named (engine/model_search.h).
  std::function<engine::Result<engine::FoundModel>(std::optional<std::string>)> find_model;
  std::function<engine::Result<std::unique_ptr<engine::Engine>>(const engine::EngineOptions&)>
      open_engine;
  /// Finds the model and opens an engine with it.
  engine::Result<std::unique_ptr<engine::Engine>>
  open_model(const ModelOptions& options, const engine::Loading& loading = {}) const;
  /// The embedded model, where the one that is found is published weights, which take seconds to read;
  /// else null, also where none is found: whoever opens it says why.
  engine::Result<std::unique_ptr<engine::Engine>> open_stand_in(const ModelOptions& options) const;
  /// open_model(), for a command that wants an answer more than it wants it from a certain model: where
  /// the default, which nobody has chosen, cannot be opened, the embedded model is
  /// (EngineInfo::in_place_of).
  engine::Result<std::unique_ptr<engine::Engine>>
  open_model_or_mini(const ModelOptions& options) const;
  /// Whether there is an engine to open at all, for this device.
  std::function<engine::Result<void>(engine::Device)> check_engine;
  /// Names of the grammars that are linked in.
  std::function<std::vector<std::string>()> languages;
  std::function<engine::Result<engine::TrainReport>(const engine::TrainOptions&, std::stop_token,
                                                    const engine::TrainLog&)>
      train;

  // Where `serve` talks to its client; -1: it was closed.
  int server_in = 0;
  int server_out = 1;
  /// Ends the process at once, where reading a model or letting go of it would take long. May be
  /// null.
  std::function<void(int exit_code)> abandon;

  /// From here on ctrl-C sets `stop` instead of ending the program. May be null.
  std::function<void()> begin_work = {};
  /// Asks the person at the terminal; nothing where there is none. May be null.
  std::function<std::optional<std::string>(const std::string& question)> ask = {};

  /// The folder of the model that comes with the program. May be null: there is none.
  std::function<engine::Result<std::filesystem::path>()> embedded_model = {};
};

/// Reads the arguments (without the program's name), runs the command they name, writes what went
/// wrong as one line `inpaint: what: why: remedy` to `err`, and says how to exit. An exception that
/// reaches it is such a failure too.
int run_program(const std::vector<std::string>& arguments, Program& program);

/// The one form of every failure; answers the exit code that belongs to it.
int report(Program& program, const engine::Error& error, int exit_code = kFailed);

}  // namespace inpaint::lsp
