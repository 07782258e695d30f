// Wires the real things together: streams, screens, ctrl-C and the engine's library. Nothing here
// decides anything; all that can be tested lives in program.h.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <unistd.h>

#include "engine/base/folders.h"
#include "engine/library.h"
#include "engine/model_search.h"
#include "grammar/tree/language.h"
#include "lsp/command/descriptor_buffer.h"
#include "lsp/command/interrupt.h"
#include "lsp/command/program.h"
#include "lsp/command/standard_streams.h"
#include "lsp/models/model_shelf.h"

namespace {

namespace engine = inpaint::engine;
namespace grammar = inpaint::grammar;
namespace lsp = inpaint::lsp;

std::vector<std::string> grammar_names() {
  std::vector<std::string> names;
  for (const grammar::Language& language : grammar::languages()) names.emplace_back(language.name);
  return names;
}

/// One line of the terminal that `in` is; nothing where it is none.
std::optional<std::string> ask(const std::string& question, int in) {
  if (::isatty(in) != 1) return std::nullopt;
  std::cerr << question << std::flush;
  std::string line;
  for (char c = 0; ::read(in, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

int run(const std::vector<std::string>& arguments) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f) is a write that fails
  const lsp::StandardStreams streams;
  lsp::DescriptorBuffer out_buffer(streams.out());
  std::ostream out(&out_buffer);
  lsp::Interrupt interrupt(streams.out());

  const auto program_file = engine::program_file();
  const engine::PathRoots roots{engine::working_folder(), engine::home_folder()};
  // From here on every path is absolute. MKL, within torch, ends the process when it looks for its
  // own file while the working folder is gone; and a server keeps no folder busy that others want
  // to remove.
  [[maybe_unused]] const int left = ::chdir("/");

  const engine::ModelShelf shelf = lsp::model_shelf(
      lsp::model_folders(engine::data_folder(), engine::cache_folder(), engine::config_folder()),
      program_file);
  const auto open_library = [&](engine::Device device) {
    return engine::Library::open(device, program_file, roots);
  };
  lsp::Program program{
      .out = out,
      .err = std::cerr,
      .out_screen = lsp::describe_screen(streams.out()),
      .err_screen = lsp::describe_screen(STDERR_FILENO),
      .working_folder = roots.working_folder,
      .home_folder = roots.home,
      .cache_folder = engine::cache_folder().string(),
      .state_folder = engine::state_folder(),
      .config_folder = engine::config_folder(),
      .data_folder = engine::data_folder(),
      .stop = interrupt.token(),
      .program_file = program_file,
      .find_model =
          [&](const std::optional<std::string>& named) {
            return engine::find_model(named, roots, program_file, shelf);
          },
      .open_engine = [&](const engine::EngineOptions& options)
          -> engine::Result<std::unique_ptr<engine::Engine>> {
        const auto library = open_library(options.device);
        if (!library) return std::unexpected(library.error());
        auto loaded = library->load(options);
        interrupt.begin_work();
        return loaded;
      },
      .check_engine = [&](engine::Device device) -> engine::Result<void> {
        const auto library = open_library(device);
        if (!library) return std::unexpected(library.error());
        return {};
      },
      .languages = grammar_names,
      .train = [&](const engine::TrainOptions& options, const std::stop_token& stop,
                   const engine::TrainLog& log) -> engine::Result<engine::TrainReport> {
        const auto library = open_library(options.device);
        if (!library) return std::unexpected(library.error());
        interrupt.begin_work();
        return library->train(options, stop, log);
      },
      .server_in = streams.in(),
      .server_out = streams.out(),
      .abandon =
          [](int exit_code) {
            std::cerr.flush();
            std::_Exit(exit_code);
          },
      .begin_work = [&] { interrupt.begin_work(); },
      .ask = [&](const std::string& question) { return ask(question, streams.in()); },
      .embedded_model = [&] { return engine::embedded_model(program_file); },
  };
  return lsp::run_program(arguments, program);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  } catch (const std::exception& error) {  // before run_program() could: nothing is set up yet
    std::cerr << "inpaint: start: " << error.what() << ": free some memory and try again\n";
    return lsp::kFailed;
  }
}
