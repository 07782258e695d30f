#include "lsp/command/shards_command.h"

#include <cstdint>
#include <filesystem>

#include <fmt/format.h>

#include "engine/training/corpus/pack.h"
#include "engine/training/corpus/shard_check.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;

double megabytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

/// The list that the user names, else the project's own, while its source tree is there.
engine::Result<engine::NeverTrain> never_list(const std::optional<std::string>& named) {
  if (named) return engine::NeverTrain::load(*named);
  const fs::path ours = fs::path(INPAINT_SOURCE_DIR) / "engine/training/data/never_train.txt";
  std::error_code failed;
  if (!fs::exists(ours, failed)) return engine::NeverTrain();
  return engine::NeverTrain::load(ours);
}

}  // namespace

int shards_command(const ShardsPackOptions& options, Program& program) {
  engine::PackOptions pack;
  pack.max_shard_bytes = static_cast<std::uint64_t>(options.shard_mib) << 20;
  pack.seed = options.seed;
  const auto packed =
      engine::pack_corpus(options.from, options.out, pack, [&program](const std::string& line) {
        program.out << line << std::endl;
      });
  if (!packed) return report(program, packed.error());
  program.out << fmt::format("{} shards: {} documents, {:.1f} MB in {:.1f} MB; held back: {} "
                             "documents, {:.1f} MB\n",
                             packed->shards, packed->documents, megabytes(packed->text_bytes),
                             megabytes(packed->packed_bytes), packed->valid_documents,
                             megabytes(packed->valid_text_bytes));
  if (packed->unreadable > 0)
    program.out << fmt::format("{} listed files are gone or are no text\n", packed->unreadable);
  return kSuccess;
}

int shards_command(const ShardsVerifyOptions& options, Program& program) {
  const auto never = never_list(options.never);
  if (!never) return report(program, never.error());
  const auto checked = engine::verify_shards(options.folder, *never);
  if (!checked) return report(program, checked.error());
  program.out << fmt::format("{} shards: {} documents, {:.1f} MB in {:.1f} MB\n", checked->shards,
                             checked->documents, megabytes(checked->text_bytes),
                             megabytes(checked->packed_bytes));
  for (const auto& [language, bytes] : checked->language_bytes)
    program.out << fmt::format("{:<12} {:8.1f} MB\n", language, megabytes(bytes));
  for (const std::string& problem : checked->problems) {
    report(program, {engine::ErrorCode::bad_data, options.folder, problem,
                     "pack the shards again with inpaint shards pack"});
  }
  return checked->problems.empty() ? kSuccess : kFailed;
}

}  // namespace inpaint::lsp
