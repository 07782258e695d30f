#include "engine/training/corpus/pack_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "engine/training/corpus/document_order.h"

namespace inpaint::engine {
namespace {

using Files = std::vector<const KeptFile*>;
using Groups = std::map<std::string, Files>;

std::uint64_t hash_name(std::string_view name, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix_seed(seed, hash);
}

std::uint64_t bytes_of(const Files& files) {
  std::uint64_t bytes = 0;
  for (const KeptFile* file : files) bytes += file->bytes;
  return bytes;
}

/// Folders by chance, and the files of each together, so that a shard has files beside a file.
void sort_by_folder(Files& files, std::uint64_t seed) {
  std::ranges::sort(files, {}, [seed](const KeptFile* file) {
    const std::string_view path = file->path;
    const std::size_t slash = path.rfind('/');
    const std::string_view folder = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    return std::tuple(hash_name(folder, seed), folder, path);
  });
}

/// The packages of one language, first those that may be held back: small ones before those that
/// hold more than a fiftieth of the language, which training would miss.
std::vector<std::string> packages_in_order(const Groups& packages, std::uint64_t total,
                                           std::uint64_t seed) {
  std::vector<std::tuple<bool, std::uint64_t, std::string>> keyed;
  for (const auto& [name, files] : packages)
    keyed.emplace_back(bytes_of(files) > total / 50, hash_name(name, seed), name);
  std::ranges::sort(keyed);
  std::vector<std::string> names;
  names.reserve(keyed.size());
  for (const auto& [large, hash, name] : keyed) names.push_back(name);
  return names;
}

/// Takes files of one language up to `share` bytes; one package gives at most half of it, so that
/// at least two projects speak for the language.
void hold_back(const Files& files, std::uint64_t share, std::uint64_t seed,
               std::set<std::string>& held, Files& valid) {
  Groups packages;
  for (const KeptFile* file : files) packages[package_name(file->package)].push_back(file);
  if (packages.size() < 3) return;  // training would lose the language
  std::uint64_t taken = 0;
  const std::vector<std::string> names = packages_in_order(packages, bytes_of(files), seed);
  for (std::size_t i = 0; i + 1 < names.size() && taken + share / 20 < share; ++i) {
    Files own = packages[names[i]];
    held.insert(names[i]);
    sort_by_folder(own, seed);
    std::uint64_t of_package = 0;
    for (const KeptFile* file : own) {
      if (of_package + file->bytes > (share + 1) / 2 || taken + file->bytes > share) continue;
      of_package += file->bytes;
      taken += file->bytes;
      valid.push_back(file);
    }
  }
}

/// The next file is always one of the language that is furthest behind, measured by its own total.
Files interleave(Groups& languages, std::uint64_t bytes_per_language, std::uint64_t seed) {
  struct Lane {
    Files files;
    std::uint64_t total = 0, passed = 0;
    std::size_t next = 0;
    double progress() const {
      return static_cast<double>(passed) / static_cast<double>(std::max<std::uint64_t>(total, 1));
    }
  };
  std::vector<Lane> lanes;
  for (auto& [language, files] : languages) {
    sort_by_folder(files, seed);
    Lane& lane = lanes.emplace_back();
    for (const KeptFile* file : files) {
      if (bytes_per_language > 0 && lane.total >= bytes_per_language) break;
      lane.files.push_back(file);
      lane.total += file->bytes;
    }
  }
  Files all;
  for (;;) {
    Lane* behind = nullptr;
    for (Lane& lane : lanes)
      if (lane.next < lane.files.size() && (!behind || lane.progress() < behind->progress()))
        behind = &lane;
    if (!behind) return all;
    const KeptFile* file = behind->files[behind->next++];
    behind->passed += file->bytes;
    all.push_back(file);
  }
}

Groups by_language(std::span<const KeptFile> files, const std::set<std::string>& without) {
  Groups groups;
  for (const KeptFile& file : files)
    if (!without.contains(package_name(file.package))) groups[file.language].push_back(&file);
  return groups;
}

}  // namespace

PackPlan plan_pack(std::span<const KeptFile> files, std::uint64_t bytes_per_language,
                   std::uint64_t valid_bytes, std::uint64_t seed) {
  PackPlan plan;
  std::set<std::string> held;
  if (valid_bytes > 0) {
    const Groups languages = by_language(files, {});
    for (const auto& [language, own] : languages)
      hold_back(own, valid_bytes / languages.size(), seed, held, plan.valid);
  }
  // A package of several languages is held back in all of them.
  Groups languages = by_language(files, held);
  plan.train = interleave(languages, bytes_per_language, seed);
  return plan;
}

}  // namespace inpaint::engine
