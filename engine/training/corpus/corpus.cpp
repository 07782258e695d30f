#include "engine/training/corpus/corpus.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/training/corpus/document_order.h"
#include "engine/training/corpus/keep_list.h"
#include "engine/training/corpus/neighbourhood.h"
#include "engine/training/corpus/shard.h"
#include "engine/training/corpus/source_files.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDecodedShards = 2;  // the one being read, and one for a second reader
constexpr std::string_view kValidation = "valid.shard";

std::unexpected<Error> nothing(const fs::path& folder) {
  return failure(ErrorCode::bad_data, folder.string(), "nothing in it to train on",
                 "name a folder with source files or shards");
}

}  // namespace

struct Corpus::Source {
  fs::path folder;
  std::vector<std::string> languages;
  std::vector<DrawnDocument> documents;
  std::uint64_t bytes = 0;

  std::vector<Shard> shards;
  std::vector<std::uint32_t> entry_of;  // of a document, within its shard
  std::vector<KeptFile> files;          // of a list or a plain folder
  // Of a plain folder: people go on editing while their repository is trained on, and a file that
  // changes or vanishes must neither end the run nor make it unrepeatable.
  std::vector<std::string> plain_texts;
  std::optional<Neighbourhood> neighbourhood;  // known once all documents are added

  // A mutex and not a strand: the trainer's reader is a plain thread, and so are tests.
  mutable std::mutex mutex;
  mutable std::list<std::pair<std::uint32_t, std::shared_ptr<const ShardTexts>>> decoded;

  void add(const std::string& language, std::uint32_t size, std::uint32_t shard) {
    auto at = std::ranges::find(languages, language);
    if (at == languages.end()) at = languages.insert(at, language);
    documents.push_back({size, static_cast<std::uint16_t>(at - languages.begin()), shard});
    bytes += size;
  }
  Result<void> add_shard(const fs::path& path);
  Result<void> add_list();
  Result<void> add_plain();
  void survey();
  Result<std::shared_ptr<const ShardTexts>> texts(std::uint32_t shard) const;
};

Result<void> Corpus::Source::add_shard(const fs::path& path) {
  Result<Shard> shard = Shard::open(path);
  if (!shard) return std::unexpected(shard.error());
  const auto number = static_cast<std::uint32_t>(shards.size());
  std::uint32_t entry = 0;
  for (const ShardEntry& each : shard->entries()) {
    if (languages.size() == UINT16_MAX)
      return failure(ErrorCode::bad_data, path.string(), "too many languages");
    add(each.language, each.bytes, number);
    entry_of.push_back(entry++);
  }
  shards.push_back(std::move(*shard));
  return {};
}

Result<void> Corpus::Source::add_list() {
  Result<std::vector<KeptFile>> kept = read_keep_list(folder / "keep.jsonl");
  if (!kept) return std::unexpected(kept.error());
  files = std::move(*kept);
  for (const KeptFile& file : files) add(file.language, file.bytes, 0);
  return {};
}

Result<void> Corpus::Source::add_plain() {
  Result<std::vector<SourceFile>> found = find_source_files(folder);
  if (!found) return std::unexpected(found.error());
  for (const SourceFile& file : *found) {
    std::optional<std::string> text = read_own_text(folder / file.path);
    if (!text || text->empty()) continue;
    const std::string language(refine_language(file.language, file.path, *text));
    const auto size = static_cast<std::uint32_t>(text->size());
    files.push_back({file.path, language, "", "", size});
    add(language, size, 0);
    plain_texts.push_back(std::move(*text));
  }
  return {};
}

/// Neighbours are of the same shard, so that none has to be decoded for them.
void Corpus::Source::survey() {
  std::vector<std::string> packages;
  std::vector<Neighbourhood::File> beside;
  packages.reserve(documents.size());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const ShardEntry* entry =
        shards.empty() ? nullptr : &shards[documents[i].shard].entries()[entry_of[i]];
    packages.push_back(
        fmt::format("{}:{}", documents[i].shard, entry ? entry->package : files[i].package));
    beside.push_back({packages.back(), entry ? entry->path : files[i].path});
  }
  neighbourhood.emplace(beside);
}

Result<std::shared_ptr<const ShardTexts>> Corpus::Source::texts(std::uint32_t shard) const {
  const std::lock_guard lock(mutex);
  for (auto at = decoded.begin(); at != decoded.end(); ++at)
    if (at->first == shard) {
      decoded.splice(decoded.begin(), decoded, at);
      return at->second;
    }
  Result<ShardTexts> read = shards[shard].read_texts();
  if (!read) return std::unexpected(read.error());
  auto shared = std::make_shared<const ShardTexts>(std::move(*read));
  decoded.emplace_front(shard, shared);
  if (decoded.size() > kDecodedShards) decoded.pop_back();
  return shared;
}

Corpus::Corpus(std::unique_ptr<Source> source) : source_(std::move(source)) { source_->survey(); }
Corpus::Corpus(Corpus&&) noexcept = default;
Corpus& Corpus::operator=(Corpus&&) noexcept = default;
Corpus::~Corpus() = default;

Result<Corpus> Corpus::open(const fs::path& folder) {
  auto source = std::make_unique<Source>();
  source->folder = folder;
  std::error_code error;
  Result<void> added;
  if (fs::is_regular_file(folder, error)) {
    if (folder.extension() != ".shard")
      return failure(ErrorCode::bad_data, folder.string(), "neither a folder nor a shard",
                     "name a folder with source files or shards");
    added = source->add_shard(folder);
  } else if (!fs::is_directory(folder, error)) {
    return failure(ErrorCode::file_not_found, folder.string(), "there is no such folder",
                   "name a folder with source files or shards");
  } else {
    std::vector<fs::path> shards;
    for (fs::directory_iterator each(folder, error), end; !error && each != end;
         each.increment(error))
      if (each->path().extension() == ".shard" && each->path().filename() != kValidation)
        shards.push_back(each->path());
    if (error) return failure(ErrorCode::io_failed, folder.string(), error.message());
    std::ranges::sort(shards);  // folders have no order of their own
    if (!shards.empty()) {
      for (const fs::path& shard : shards)
        if (added) added = source->add_shard(shard);
    } else {
      added = fs::exists(folder / "keep.jsonl", error) ? source->add_list() : source->add_plain();
    }
  }
  if (!added) return std::unexpected(added.error());
  if (source->documents.empty()) return nothing(folder);
  return Corpus(std::move(source));
}

std::optional<Corpus> Corpus::hold_out(std::uint64_t one_in) {
  if (!source_->shards.empty()) return std::nullopt;
  auto kept = std::make_unique<Source>(), held = std::make_unique<Source>();
  for (std::size_t i = 0; i < size(); ++i) {
    KeptFile& file = source_->files[i];
    std::uint64_t hash = 0;
    const std::string name = file.package.empty() ? file.path : package_name(file.package);
    for (const char byte : name) hash = mix_seed(hash, static_cast<unsigned char>(byte));
    Source& side = hash % one_in == 0 ? *held : *kept;
    side.add(file.language, file.bytes, 0);
    side.files.push_back(file);
    if (!source_->plain_texts.empty()) side.plain_texts.push_back(source_->plain_texts[i]);
  }
  if (kept->documents.empty() || held->documents.empty()) return std::nullopt;
  kept->folder = held->folder = source_->folder;
  kept->survey();
  source_ = std::move(kept);
  return Corpus(std::move(held));
}

std::size_t Corpus::size() const { return source_->documents.size(); }
std::uint64_t Corpus::bytes() const { return source_->bytes; }
const std::string& Corpus::language(std::size_t index) const {
  return source_->languages[source_->documents[index].language];
}
std::uint32_t Corpus::bytes_of(std::size_t index) const { return source_->documents[index].bytes; }

Result<Document> Corpus::document(std::size_t index) const {
  if (index >= size())
    return failure(ErrorCode::bad_argument, source_->folder.string(),
                   fmt::format("document {} of {}", index, size()));
  if (!source_->shards.empty()) {
    const std::uint32_t shard = source_->documents[index].shard;
    Result<std::shared_ptr<const ShardTexts>> texts = source_->texts(shard);
    if (!texts) return std::unexpected(texts.error());
    return Shard::document(source_->shards[shard].entries()[source_->entry_of[index]], **texts);
  }
  const KeptFile& file = source_->files[index];
  if (!source_->plain_texts.empty())
    return Document{file.language, "", file.path, "", source_->plain_texts[index]};
  std::optional<std::string> text = read_source_text(source_->folder / file.path, kMaxListedBytes);
  if (!text)
    return failure(ErrorCode::io_failed, (source_->folder / file.path).string(),
                   "the file has vanished or is no text any more", "start again");
  return Document{file.language, file.package, file.path_in_package(), file.licence,
                  std::move(*text)};
}

Result<std::vector<std::string>> Corpus::neighbours(std::size_t index, std::size_t count) const {
  std::vector<std::string> texts;
  for (const std::size_t neighbour : source_->neighbourhood->of(index, count)) {
    Result<Document> beside = document(neighbour);
    if (!beside) return std::unexpected(beside.error());
    texts.push_back(std::move(beside->text));
  }
  return texts;
}

std::vector<std::size_t> Corpus::order(std::uint64_t seed, int epoch) const {
  return order_documents(source_->documents, seed, epoch);
}

}  // namespace inpaint::engine
