#include "engine/training/corpus/pack.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/atomic_file.h"
#include "engine/training/corpus/pack_plan.h"
#include "engine/training/corpus/shard.h"
#include "engine/training/corpus/source_files.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastRatio = 4;  // bytes of text a packed byte; what packs worse is halved

Result<std::vector<KeptFile>> list_files(const fs::path& from) {
  std::error_code error;
  if (fs::exists(from / "keep.jsonl", error)) return read_keep_list(from / "keep.jsonl");
  Result<std::vector<SourceFile>> found = find_source_files(from);
  if (!found) return std::unexpected(found.error());
  std::vector<KeptFile> files;
  for (const SourceFile& file : *found)
    files.push_back({file.path, file.language, "", "", file.bytes});
  return files;
}

/// Writes one shard after the other and counts.
class Packer {
 public:
  Packer(fs::path from, fs::path to, const PackOptions& options, const PackProgress& progress)
      : from_(std::move(from)), to_(std::move(to)), options_(options), progress_(progress) {}

  std::vector<Document> read(std::vector<const KeptFile*> files);
  /// A shard of these documents, or several when they pack worse than expected.
  Result<void> write(std::span<const Document> documents);
  Result<void> write_valid(std::span<const Document> documents);
  /// Shards of an earlier run, with numbers above ours.
  Result<void> remove_older();

  PackReport report;

 private:
  Result<void> save(const std::string& name, const std::string& packed,
                    std::span<const Document> documents);

  fs::path from_, to_;
  const PackOptions& options_;
  const PackProgress& progress_;
};

std::vector<Document> Packer::read(std::vector<const KeptFile*> files) {
  std::ranges::sort(files, {}, [](const KeptFile* file) {
    return std::tuple(std::string_view(file->language), std::string_view(file->package),
                      std::string_view(file->path));
  });
  std::vector<Document> documents;
  for (const KeptFile* file : files) {
    const fs::path path = from_ / file->path;
    std::optional<std::string> text =
        file->package.empty() ? read_own_text(path) : read_source_text(path, kMaxListedBytes);
    if (!text || text->empty()) {
      ++report.unreadable;
      continue;
    }
    const std::string language(refine_language(file->language, file->path, *text));
    documents.push_back({file->package.empty() ? language : file->language, file->package,
                         file->path_in_package(), file->licence, std::move(*text)});
  }
  return documents;
}

Result<void> Packer::write(std::span<const Document> documents) {
  if (documents.empty()) return {};
  Result<std::string> packed = pack_shard(documents, options_.level);
  if (!packed) return std::unexpected(packed.error());
  if (packed->size() > options_.max_shard_bytes && documents.size() > 1) {
    // Every second document, so that both halves stay balanced samples.
    std::vector<Document> halves[2];
    for (std::size_t i = 0; i < documents.size(); ++i) halves[i % 2].push_back(documents[i]);
    for (const std::vector<Document>& half : halves)
      if (Result<void> written = write(half); !written) return written;
    return {};
  }
  const std::string name = fmt::format("train-{:04}.shard", report.shards);
  if (Result<void> saved = save(name, *packed, documents); !saved) return saved;
  ++report.shards;
  report.documents += documents.size();
  report.packed_bytes += packed->size();
  for (const Document& document : documents) report.text_bytes += document.text.size();
  return {};
}

Result<void> Packer::write_valid(std::span<const Document> documents) {
  if (documents.empty()) return {};
  Result<std::string> packed = pack_shard(documents, options_.level);
  if (!packed) return std::unexpected(packed.error());
  report.valid_documents = documents.size();
  for (const Document& document : documents) report.valid_text_bytes += document.text.size();
  return save("valid.shard", *packed, documents);
}

Result<void> Packer::save(const std::string& name, const std::string& packed,
                          std::span<const Document> documents) {
  if (Result<void> written = write_file_atomically(to_ / name, packed); !written) return written;
  std::uint64_t bytes = 0;
  for (const Document& document : documents) bytes += document.text.size();
  if (progress_)
    progress_(fmt::format("{}: {} documents, {:.1f} MB in {:.1f} MB", name, documents.size(),
                          static_cast<double>(bytes) / 1e6,
                          static_cast<double>(packed.size()) / 1e6));
  return {};
}

Result<void> Packer::remove_older() {
  std::error_code error;
  std::vector<fs::path> older;
  for (fs::directory_iterator each(to_, error), end; !error && each != end; each.increment(error)) {
    const std::string name = each->path().filename().string();
    if (name.starts_with("train-") && name.ends_with(".shard") &&
        name >= fmt::format("train-{:04}.shard", report.shards))
      older.push_back(each->path());
  }
  for (const fs::path& path : older)
    if (!error) fs::remove(path, error);
  if (error) return failure(ErrorCode::io_failed, to_.string(), error.message());
  return {};
}

}  // namespace

Result<PackReport> pack_corpus(const fs::path& from, const fs::path& to, const PackOptions& options,
                               const PackProgress& progress) {
  Result<std::vector<KeptFile>> files = list_files(from);
  if (!files) return std::unexpected(files.error());
  const PackPlan plan =
      plan_pack(*files, options.bytes_per_language, options.valid_bytes, options.seed);
  if (plan.train.empty())
    return failure(ErrorCode::bad_data, from.string(), "nothing in it to pack",
                   "name a folder with keep.jsonl or source files");
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return failure(ErrorCode::io_failed, to.string(), error.message());

  Packer packer(from, to, options, progress);
  if (Result<void> written = packer.write_valid(packer.read(plan.valid)); !written)
    return std::unexpected(written.error());
  const std::uint64_t budget = options.max_shard_bytes * kLeastRatio;
  for (std::size_t begin = 0; begin < plan.train.size();) {
    std::size_t end = begin;
    for (std::uint64_t bytes = 0; end < plan.train.size(); ++end) {
      bytes += plan.train[end]->bytes;
      if (bytes > budget && end > begin) break;
    }
    const std::vector<Document> documents =
        packer.read({plan.train.begin() + static_cast<std::ptrdiff_t>(begin),
                     plan.train.begin() + static_cast<std::ptrdiff_t>(end)});
    if (Result<void> written = packer.write(documents); !written)
      return std::unexpected(written.error());
    begin = end;
  }
  if (packer.report.shards == 0)
    return failure(ErrorCode::bad_data, from.string(), "none of its files can be read",
                   "run the fetcher again");
  if (Result<void> removed = packer.remove_older(); !removed)
    return std::unexpected(removed.error());
  return packer.report;
}

}  // namespace inpaint::engine
