#include "lsp/command/train_command.h"

#include <fmt/format.h>

namespace inpaint::lsp {

int train_command(const engine::TrainOptions& options, Program& program) {
  const auto log = [&program](const std::string& line) { program.out << line << std::endl; };
  const auto trained = program.train(options, program.stop, log);
  if (!trained) return report(program, trained.error());
  program.out << fmt::format(
      "trained {} steps, {} rows, in {:.0f} s; loss {:.3f} causal, {:.3f} masked\n", trained->steps,
      trained->rows, trained->seconds, trained->measured.clean_loss, trained->measured.noised_loss);
  if (!trained->stopped_early) return kSuccess;
  return report(program, {engine::ErrorCode::cancelled, "train", "stopped, everything is saved",
                          "the same command with --resume goes on"});
}

}  // namespace inpaint::lsp
