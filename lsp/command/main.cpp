// Wires the real things together: streams, screens, ctrl-C and the engine's library. Nothing here
// decides anything; all that can be tested lives in program.h.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "engine/library.h"
#include "grammar/tree/language.h"
#include "lsp/command/interrupt.h"
#include "lsp/command/program.h"

namespace {

namespace engine = inpaint::engine;
namespace grammar = inpaint::grammar;
namespace lsp = inpaint::lsp;

std::vector<std::string> grammar_names() {
  std::vector<std::string> names;
  for (const grammar::Language& language : grammar::languages()) names.emplace_back(language.name);
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  lsp::Interrupt interrupt;
  std::error_code no_name;
  std::error_code no_folder;  // it may have been deleted; relative paths are then shown as they are
  lsp::Program program{
      .out = std::cout,
      .err = std::cerr,
      .out_screen = lsp::describe_screen(STDOUT_FILENO),
      .err_screen = lsp::describe_screen(STDERR_FILENO),
      .working_folder = std::filesystem::current_path(no_folder),
      .cache_folder = engine::cache_folder().string(),
      .state_folder = engine::state_folder(),
      .config_folder = engine::config_folder(),
      .stop = interrupt.token(),
      .program_file = std::filesystem::read_symlink("/proc/self/exe", no_name),
      .find_model = engine::find_model,
      .open_engine = [&](const engine::EngineOptions& options)
          -> engine::Result<std::unique_ptr<engine::Engine>> {
        const auto library = engine::Library::open(options.device);
        if (!library) return std::unexpected(library.error());
        auto loaded = library->load(options);
        interrupt.begin_work();
        return loaded;
      },
      .check_engine = [](engine::Device device) -> engine::Result<void> {
        const auto library = engine::Library::open(device);
        if (!library) return std::unexpected(library.error());
        return {};
      },
      .languages = grammar_names,
      .train = [&](const engine::TrainOptions& options, const std::stop_token& stop,
                   const engine::TrainLog& log) -> engine::Result<engine::TrainReport> {
        const auto library = engine::Library::open(options.device);
        if (!library) return std::unexpected(library.error());
        interrupt.begin_work();
        return library->train(options, stop, log);
      },
      .abandon =
          [](int exit_code) {
            std::cerr.flush();
            std::_Exit(exit_code);
          },
  };
  return lsp::run_program(std::vector<std::string>(argv + 1, argv + argc), program);
}
