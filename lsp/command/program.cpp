#include "lsp/command/program.h"

#include <string>
#include <type_traits>

#include "engine/base/guarded.h"
#include "engine/model_kind.h"
#include "lsp/command/bench_command.h"
#include "lsp/command/cases_command.h"
#include "lsp/command/command_line.h"
#include "lsp/command/complete_command.h"
#include "lsp/command/doctor_command.h"
#include "lsp/command/eval_command.h"
#include "lsp/command/models_command.h"
#include "lsp/command/path_options.h"
#include "lsp/command/rewrite_command.h"
#include "lsp/command/serve_command.h"
#include "lsp/command/shards_command.h"
#include "lsp/command/train_command.h"
#include "lsp/models/substitute.h"
#include "lsp/terminal/fill_view.h"

namespace inpaint::lsp {
namespace {

engine::EngineOptions engine_options(const std::filesystem::path& model,
                                     const ModelOptions& options, const Program& program,
                                     const engine::Loading& loading) {
  return {.model = model.string(),
          .device = options.device,
          .cache_folder = program.cache_folder,
          .prompt_format = options.prompt_format,
          .context_tokens = options.context_tokens,
          .adapter = options.adapter,
          .row_cost = options.row_cost,
          .loading = loading};
}

int run(const Command& command, Program& program) {
  return std::visit(
      [&program](const auto& options) -> int {
        using Options = std::decay_t<decltype(options)>;
        if constexpr (std::is_same_v<Options, PrintText>) {
          program.out << options.text;
          return kSuccess;
        } else if constexpr (std::is_same_v<Options, CompleteOptions>) {
          return complete_command(options, program);
        } else if constexpr (std::is_same_v<Options, RewriteOptions>) {
          return rewrite_command(options, program);
        } else if constexpr (std::is_same_v<Options, ServeOptions>) {
          return serve_command(options, program);
        } else if constexpr (std::is_same_v<Options, DoctorOptions>) {
          return doctor_command(options, program);
        } else if constexpr (std::is_same_v<Options, engine::TrainOptions>) {
          return train_command(options, program);
        } else if constexpr (std::is_same_v<Options, BenchOptions>) {
          return bench_command(options, program);
        } else if constexpr (std::is_same_v<Options, TypingOptions>) {
          return typing_command(options, program);
        } else if constexpr (std::is_same_v<Options, EvalOptions>) {
          return eval_command(options, program);
        } else if constexpr (std::is_same_v<Options, CasesOptions>) {
          return cases_command(options, program);
        } else if constexpr (std::is_same_v<Options, ModelsOptions>) {
          return models_command(options, program);
        } else {
          return shards_command(options, program);
        }
      },
      command);
}

}  // namespace

engine::Result<std::unique_ptr<engine::Engine>>
Program::open_model(const ModelOptions& options, const engine::Loading& loading) const {
  const auto found = find_model(options.folder);
  if (!found) return std::unexpected(found.error());
  auto opened = open_engine(engine_options(found->path, options, *this, loading));
  if (opened || found->default_name.empty()) return opened;
  return std::unexpected(why_not_the_default(found->default_name, std::move(opened.error())));
}

engine::Result<std::unique_ptr<engine::Engine>>
Program::open_stand_in(const ModelOptions& options) const {
  const auto wanted = find_model(options.folder);
  if (!wanted || !engine::is_published(wanted->path) || !embedded_model) return nullptr;
  const auto embedded = embedded_model();
  if (!embedded) return std::unexpected(embedded.error());
  // For the same device: the first engine decides for the process (engine/library.h).
  return open_engine(
      {.model = embedded->string(), .device = options.device, .cache_folder = cache_folder});
}

engine::Result<std::unique_ptr<engine::Engine>>
Program::open_model_or_mini(const ModelOptions& options) const {
  auto opened = open_model(options);
  if (opened || !embedded_model) return opened;
  const auto found = find_model(options.folder);
  if (!found || found->default_name.empty()) return opened;
  const auto mini = embedded_model();
  if (!mini) return opened;
  auto engine = open_engine(engine_options(*mini, options, *this, {}));
  if (!engine) return opened;  // what keeps both from being opened is better said of the first
  return std::make_unique<Substitute>(std::move(*engine), std::move(opened.error()));
}

int report(Program& program, const engine::Error& error, int exit_code) {
  program.err << "inpaint: " << on_one_line(engine::to_string(error)) << std::endl;
  return error.code == engine::ErrorCode::cancelled ? static_cast<int>(kInterrupted) : exit_code;
}

int run_program(const std::vector<std::string>& arguments, Program& program) {
  const auto exit_code = engine::guarded("command", [&]() -> int {
    auto command = parse_command_line(arguments);
    if (!command) return report(program, command.error(), kWrongUse);
    const auto named = make_paths_absolute(*command, {program.working_folder, program.home_folder});
    if (!named) {
      const bool wrong = named.error().code == engine::ErrorCode::bad_argument;
      return report(program, named.error(), wrong ? kWrongUse : kFailed);
    }
    return run(*command, program);
  });
  if (!exit_code) return report(program, exit_code.error());
  program.out.flush();
  if (program.out || *exit_code != kSuccess) return *exit_code;
  return report(program, {engine::ErrorCode::io_failed, "standard output",
                          "not everything could be written", "check the disk or the pipe"});
}

}  // namespace inpaint::lsp
