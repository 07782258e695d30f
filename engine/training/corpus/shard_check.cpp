#include "engine/training/corpus/shard_check.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "engine/base/file_handle.h"
#include "engine/training/corpus/keep_list.h"
#include "engine/training/corpus/shard.h"
#include "grammar/base/ascii.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxProblems = 100;
constexpr std::string_view kValidation = "valid.shard";

/// In lower case, its parts between slashes: "go:github.com/Labstack/echo" has four.
std::string in_parts(std::string_view name) {
  std::string parts = grammar::lowered(name);
  std::ranges::replace(parts, ':', '/');
  return parts;
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

/// Two 64-bit hashes of a text: equal texts are told from different ones for certain enough.
std::pair<std::uint64_t, std::uint64_t> text_hash(std::string_view text) {
  std::uint64_t a = 0xcbf29ce484222325ULL, b = text.size();
  for (char c : text) {
    a = (a ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    b = (b + static_cast<unsigned char>(c)) * 0x9e3779b97f4a7c15ULL;
    b ^= b >> 29;
  }
  return {a, b};
}

/// What is known of the shards that have been read so far.
class Check {
 public:
  explicit Check(const NeverTrain& never) : never_(never) {}
  void add(const fs::path& path);
  ShardReport report;

 private:
  void problem(std::string text) {
    if (report.problems.size() < kMaxProblems) report.problems.push_back(std::move(text));
  }
  void check_entry(const ShardEntry& entry, std::string_view text, const std::string& shard);

  const NeverTrain& never_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> texts_;
  std::unordered_map<std::string, bool> validates_;  // package -> it is in valid.shard
};

void Check::add(const fs::path& path) {
  const std::string name = path.filename().string();
  Result<Shard> shard = Shard::open(path);
  if (!shard) return problem(to_string(shard.error()));
  Result<ShardTexts> texts = shard->read_texts();
  if (!texts) return problem(to_string(texts.error()));
  ++report.shards;
  report.documents += shard->entries().size();
  report.text_bytes += shard->text_bytes();
  report.packed_bytes += shard->file_bytes();
  for (const ShardEntry& entry : shard->entries())
    check_entry(entry, std::string_view(*texts).substr(entry.begin, entry.bytes), name);
}

void Check::check_entry(const ShardEntry& entry, std::string_view text, const std::string& shard) {
  report.language_bytes[entry.language] += entry.bytes;
  const std::string where = fmt::format("{}: {} {}", shard, entry.package, entry.path);
  if (!texts_.insert(text_hash(text)).second) problem(where + ": the same text is there before");
  if (entry.package.empty()) return;
  if (entry.licence.empty()) problem(where + ": no licence");
  if (const std::string name = never_.match(entry.package, entry.path); !name.empty())
    problem(where + ": on the never-train list as " + name);
  const bool valid = shard == kValidation;
  const auto [at, fresh] = validates_.emplace(package_name(entry.package), valid);
  if (!fresh && at->second != valid) problem(where + ": the package is on both sides");
}

}  // namespace

NeverTrain::NeverTrain(std::span<const std::string> names) {
  for (const std::string& name : names) last_parts_.emplace(last_part(in_parts(name)));
}

Result<NeverTrain> NeverTrain::load(const fs::path& list) {
  Result<std::string> text = read_whole_file(list, 1 << 20);
  if (!text) return std::unexpected(text.error());
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    std::string name = text->substr(begin, end - begin);
    if (name.ends_with('\r')) name.pop_back();
    if (!name.empty() && !name.starts_with('#')) names.push_back(std::move(name));
    begin = end + 1;
  }
  return NeverTrain(names);
}

std::string NeverTrain::match(std::string_view package, std::string_view path) const {
  std::string name = in_parts(package_name(std::string(package)));
  // "go:github.com/labstack/echo/v4": the version of a module is no name.
  for (std::string_view last = last_part(name);
       last.size() > 1 && last[0] == 'v' &&
       last.find_first_not_of("0123456789", 1) == std::string_view::npos &&
       last.size() < name.size();
       last = last_part(name))
    name.resize(name.size() - last.size() - 1);
  std::string last(last_part(name));
  std::ranges::replace(last, '_', '-');
  if (last_parts_.contains(last)) return last;
  const std::string folders = in_parts(path);
  for (std::size_t begin = 0, slash; (slash = folders.find('/', begin)) != std::string::npos;
       begin = slash + 1) {
    const std::string_view folder = std::string_view(folders).substr(begin, slash - begin);
    if (last_parts_.contains(folder)) return std::string(folder);
  }
  return {};
}

Result<ShardReport> verify_shards(const fs::path& folder, const NeverTrain& never) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return failure(ErrorCode::file_not_found, folder.string(), "there is no such folder",
                   "name a folder with shards");
  std::vector<fs::path> paths;
  for (fs::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error))
    if (each->path().extension() == ".shard") paths.push_back(each->path());
  if (error) return failure(ErrorCode::io_failed, folder.string(), error.message());
  if (paths.empty())
    return failure(ErrorCode::bad_data, folder.string(), "no shard in it",
                   "pack one with `inpaint shards pack`");
  std::ranges::sort(paths);
  Check check(never);
  for (const fs::path& path : paths) check.add(path);
  return std::move(check.report);
}

}  // namespace inpaint::engine
