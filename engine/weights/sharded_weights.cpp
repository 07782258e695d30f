#include "engine/weights/sharded_weights.h"

#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "engine/base/strict_json.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIndexName = "model.safetensors.index.json";
constexpr const char* kEnding = ".safetensors";
constexpr std::size_t kMaxIndexBytes = 64 << 20;
constexpr std::size_t kMaxIndexValues = 2'000'000;
constexpr std::size_t kMaxFiles = 1'000;  // each stays open; more would be refused by the system
constexpr const char* kRemedy = "fetch the model folder again";

// A plain name: no folder, no "..", no empty or hidden name, nothing that the system reads otherwise.
bool is_plain_name(std::string_view name) {
  return name.size() > std::string_view(kEnding).size() && name.size() <= 255 &&
         name.ends_with(kEnding) && name.front() != '.' &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

Result<fs::path> find_single_file(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (is_plain_name(it->path().filename().string())) found.push_back(it->path());
  }
  if (error) {
    bool missing =
        error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    return failure(missing ? ErrorCode::file_not_found : ErrorCode::io_failed, folder.string(),
                   error.message(), "name a folder with config.json and *.safetensors");
  }
  if (found.empty()) {
    return failure(ErrorCode::file_not_found, folder.string(), "no *.safetensors in this folder",
                   "name a folder with config.json and *.safetensors");
  }
  if (found.size() > 1) {
    return failure(ErrorCode::bad_weights, folder.string(),
                   fmt::format("{} *.safetensors files and no {}", found.size(), kIndexName),
                   kRemedy);
  }
  return found.front();
}

}  // namespace

Result<std::map<std::string, std::string>> parse_weight_index(std::string_view json,
                                                              std::string_view name) {
  auto bad = [&](std::string why) {
    return failure(ErrorCode::bad_weights, std::string(name), std::move(why), kRemedy);
  };
  JsonLimits limits{.max_bytes = kMaxIndexBytes, .max_values = kMaxIndexValues, .max_depth = 8};
  auto index = parse_strict_json(json, limits, ErrorCode::bad_weights, name);
  if (!index) return std::unexpected(index.error());
  if (!index->is_object()) return bad("not a JSON object");
  auto map = index->find("weight_map");
  if (map == index->end() || !map->is_object()) return bad("weight_map is missing");
  std::map<std::string, std::string> files;
  std::set<std::string_view> distinct;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string() || !is_plain_name(file.get_ref<const std::string&>())) {
      return bad(fmt::format("weight_map places {} in {}, which is no *.safetensors of this folder",
                             tensor, file.dump()));
    }
    distinct.insert(file.get_ref<const std::string&>());
    if (distinct.size() > kMaxFiles) {
      return bad(fmt::format("weight_map names more than {} files", kMaxFiles));
    }
    files.emplace(tensor, file.get<std::string>());
  }
  if (files.empty()) return bad("weight_map is empty");
  return files;
}

Result<ShardedWeights> ShardedWeights::open(const fs::path& folder) {
  ShardedWeights weights;
  auto text = read_whole_file(folder / kIndexName, kMaxIndexBytes);
  if (!text && text.error().code != ErrorCode::file_not_found) {
    return std::unexpected(text.error());
  }
  if (!text) {
    auto path = find_single_file(folder);
    if (!path) return std::unexpected(path.error());
    auto file = SafetensorsFile::open(*path);
    if (!file) return std::unexpected(file.error());
    auto kept = std::make_shared<const SafetensorsFile>(std::move(*file));
    for (const TensorEntry& entry : kept->tensors()) {
      weights.by_name_.emplace(entry.name, Location{kept.get(), &entry});
    }
    weights.files_.push_back(std::move(kept));
    return weights;
  }

  const std::string index_name = (folder / kIndexName).string();
  auto map = parse_weight_index(*text, index_name);
  if (!map) return std::unexpected(map.error());
  std::map<std::string, const SafetensorsFile*, std::less<>> opened;
  for (const auto& [tensor, file_name] : *map) {
    const SafetensorsFile*& file = opened[file_name];
    if (file == nullptr) {
      auto fresh = SafetensorsFile::open(folder / file_name);
      if (!fresh) return std::unexpected(fresh.error());
      weights.files_.push_back(std::make_shared<const SafetensorsFile>(std::move(*fresh)));
      file = weights.files_.back().get();
    }
    const TensorEntry* entry = file->find(tensor);
    if (entry == nullptr) {
      return failure(ErrorCode::bad_weights, index_name,
                     fmt::format("tensor {} is not in {}", tensor, file_name), kRemedy);
    }
    weights.by_name_.emplace(tensor, Location{file, entry});
  }
  // A tensor that the index does not mention would be silently ignored, or be a second version of
  // one that it does.
  for (const auto& file : weights.files_) {
    for (const TensorEntry& entry : file->tensors()) {
      auto known = weights.by_name_.find(entry.name);
      if (known == weights.by_name_.end() || known->second.entry != &entry) {
        return failure(ErrorCode::bad_weights, index_name,
                       fmt::format("tensor {} of {} is not there by the index", entry.name,
                                   file->path().filename().string()),
                       kRemedy);
      }
    }
  }
  return weights;
}

std::optional<ShardedWeights::Location> ShardedWeights::find(std::string_view name) const {
  auto place = by_name_.find(name);
  if (place == by_name_.end()) return std::nullopt;
  return place->second;
}

std::vector<std::string> ShardedWeights::names() const {
  std::vector<std::string> names;
  names.reserve(by_name_.size());
  for (const auto& [name, location] : by_name_) names.push_back(name);
  return names;
}

Result<void> ShardedWeights::read(std::string_view name, std::span<std::byte> out) const {
  auto location = find(name);
  if (!location) {
    return failure(ErrorCode::bad_weights,
                   files_.empty() ? std::string("weights") : files_.front()->path().string(),
                   fmt::format("there is no tensor {}", name), kRemedy);
  }
  return location->file->read(*location->entry, out);
}

}  // namespace inpaint::engine
