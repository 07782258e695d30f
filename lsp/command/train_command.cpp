#include "lsp/command/train_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cmath>

#include "engine/model_search.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::Measurement;

/// A folder of the user's own for a model of this data, the same for each call.
fs::path folder_for(const fs::path& data, const fs::path& state_folder) {
  std::error_code failed;
  fs::path whole = fs::weakly_canonical(data, failed);
  if (failed) whole = data.lexically_normal();
  std::string name = whole.filename().string();
  if (name.empty()) name = "root";
  // Two repositories of one name are told apart by where they lie.
  return state_folder / "models" /
         fmt::format("{}-{:08x}", name, static_cast<std::uint32_t>(fs::hash_value(whole)));
}

std::string gain(const engine::TrainReport& report) {
  const Measurement &before = report.before, &after = report.measured;
  return fmt::format(
      "on {} {} kept out of training, in the holes: {:.1f} -> {:.1f} % of the next tokens right, "
      "perplexity {:.1f} -> {:.1f}; of masked tokens {:.1f} -> {:.1f} %\n",
      report.measured_files, report.measured_files == 1 ? "file" : "files",
      100 * before.clean_accuracy, 100 * after.clean_accuracy, std::exp(before.clean_loss),
      std::exp(after.clean_loss), 100 * before.noised_accuracy, 100 * after.noised_accuracy);
}

std::string told_of_model(const engine::TrainReport& trained, const engine::TrainOptions& options) {
  return fmt::format(
      "trained {0} steps, {1} rows, in {2:.0f} s; loss {3:.3f} causal, {4:.3f} masked\n{5}"
      "use it: INPAINT_MODEL={6} or --model {6}\n",
      trained.steps, trained.rows, trained.seconds, trained.measured.clean_loss,
      trained.measured.noised_loss, trained.measured_files > 0 ? gain(trained) : "",
      (options.out / "model").string());
}

std::string told_of_adapter(const engine::TrainReport& trained,
                            const engine::TrainOptions& options) {
  std::string told = fmt::format("trained {} steps, {} rows in all, in {:.0f} s\n", trained.steps,
                                 trained.rows, trained.seconds);
  if (trained.measured_files > 0)
    told += fmt::format("on {} spans kept out of training: {:.2f} -> {:.2f} tokens a forward\n",
                        trained.measured_files, trained.drafts_before, trained.drafts_after);
  return told + fmt::format("use it: --model {} --adapter {}\n", options.adapter->base.string(),
                            (options.out / "model").string());
}

}  // namespace

int train_command(const engine::TrainOptions& asked, Program& program) {
  engine::TrainOptions options = asked;
  if (!options.from.empty()) {
    const auto from = program.find_model(options.from.string());
    if (!from) return report(program, from.error());
    options.from = from->path;
  }
  if (options.adapter) {
    const auto base = program.find_model(options.adapter->base.string());
    if (!base) return report(program, base.error());
    options.adapter->base = base->path;
  }
  if (options.out.empty() && program.state_folder.empty())
    return report(program, {engine::ErrorCode::bad_argument, "--out", "HOME is not set",
                            "name a folder for the model"});
  // A new model reads text in the tokens of the one that comes with the program.
  if (options.from.empty() && options.tokenizer.empty() && !options.adapter) {
    const auto embedded = program.find_model(std::string(engine::kEmbeddedModel));
    if (!embedded)
      return report(program, {engine::ErrorCode::file_not_found, "tokenizer of a new model",
                              embedded.error().why, "name a tokenizer.json with --tokenizer"});
    options.tokenizer = embedded->path / "tokenizer.json";
  }
  if (options.out.empty()) options.out = folder_for(options.data, program.state_folder);
  // Weights and log remember the code that they were made from: they are nobody else's to read.
  const ::mode_t mask = ::umask(0077);
  const auto log = [&program](const std::string& line) { program.out << line << std::endl; };
  const auto trained = program.train(options, program.stop, log);
  ::umask(mask);
  if (!trained) return report(program, trained.error());
  program.out << (options.adapter ? told_of_adapter(*trained, options)
                                  : told_of_model(*trained, options));
  program.out << fmt::format("forget it: rm -r {}\n", options.out.string());
  if (!trained->stopped_early) return kSuccess;
  return report(program, {engine::ErrorCode::cancelled, "train", "stopped, everything is saved",
                          "the same command with --resume goes on"});
}

}  // namespace inpaint::lsp
