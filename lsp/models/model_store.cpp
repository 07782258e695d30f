#include "lsp/models/model_store.h"

#include <algorithm>
#include <map>
#include <system_error>

#include "engine/model_search.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;
using engine::failure;
using engine::Result;

constexpr std::string_view kEnding = ".gguf";
constexpr const char* kPart = ".part";  // as lsp/download names it

std::uint64_t size_of(const fs::path& file) {
  std::error_code unknown;
  const auto bytes = fs::file_size(file, unknown);
  return unknown ? 0 : bytes;
}

StoredModel stored(std::string name, const fs::path& path) {
  std::error_code unknown;
  return {.name = std::move(name),
          .path = path,
          .is_link = fs::is_symlink(path, unknown),
          .bytes = bytes_of_model(path)};
}

std::unexpected<engine::Error> cannot(const char* doing, const fs::path& path,
                                      const std::error_code& failed) {
  return failure(ErrorCode::io_failed, path.string(),
                 std::string("cannot ") + doing + ", " + failed.message(),
                 "see who may write there, and whether the disk is full");
}

}  // namespace

std::uint64_t bytes_of_model(const fs::path& model) {
  std::error_code unknown;
  if (!fs::is_directory(model, unknown)) return size_of(model);
  std::uint64_t sum = 0;
  fs::directory_iterator entry(model, unknown);
  for (; !unknown && entry != fs::directory_iterator(); entry.increment(unknown))
    if (std::error_code gone; entry->is_regular_file(gone)) sum += size_of(entry->path());
  return sum;
}

std::string name_from_path(const fs::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(kEnding)) name.resize(name.size() - kEnding.size());
  return name;
}

ModelStore::ModelStore(const fs::path& own, const fs::path& set_up, const Catalogue& catalogue)
    : own_(own), catalogue_(catalogue) {
  for (const fs::path& folder : {own, set_up})
    if (!folder.empty()) folders_.push_back(folder);
}

std::string ModelStore::name_of(const fs::path& entry) const {
  const auto known =
      std::ranges::find(catalogue_.models(), entry.filename().string(), &KnownModel::file);
  return known == catalogue_.models().end() ? name_from_path(entry) : known->name;
}

std::optional<StoredModel> ModelStore::find(std::string_view name) const {
  if (!is_model_name(name)) return std::nullopt;
  const KnownModel* const known = catalogue_.find(name);
  for (const fs::path& folder : folders_) {
    if (known && size_of(folder / known->file) == known->bytes)
      return stored(std::string(name), folder / known->file);
    for (const fs::path& place : {folder / (std::string(name) + ".gguf"), folder / name})
      if (engine::holds_a_model(place) && name_of(place) == name)
        return stored(std::string(name), place);
  }
  return std::nullopt;
}

std::optional<StoredModel> ModelStore::find_damaged(const KnownModel& known) const {
  for (const fs::path& folder : folders_) {
    const fs::path file = folder / known.file;
    std::error_code unknown;
    if (!fs::is_regular_file(file, unknown) || size_of(file) == known.bytes) continue;
    StoredModel model = stored(known.name, file);
    model.is_damaged = true;
    return model;
  }
  return std::nullopt;
}

std::optional<StoredModel> ModelStore::default_model() const {
  const KnownModel* const known = catalogue_.default_model();
  if (!known) return std::nullopt;
  const auto found = find(known->name);
  return found ? found : find_damaged(*known);
}

std::vector<StoredModel> ModelStore::all() const {
  std::map<std::string, StoredModel> found;
  for (const fs::path& folder : folders_) {
    std::error_code failed;
    fs::directory_iterator entry(folder, failed);
    for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
      const std::string name = name_of(entry->path());
      if (!engine::holds_a_model(entry->path()) || found.contains(name)) continue;
      // Once more by name: of two files of a name one counts, and one of another size does not.
      if (auto model = find(name)) found.emplace(name, std::move(*model));
    }
  }
  std::vector<StoredModel> models;
  models.reserve(found.size());
  for (auto& [name, model] : found) models.push_back(std::move(model));
  return models;
}

Result<void> ModelStore::make_own_folder() const {
  if (own_.empty())
    return failure(ErrorCode::unavailable, "models", "there is no home to keep them in",
                   "set HOME or XDG_DATA_HOME");
  std::error_code failed;
  fs::create_directories(own_, failed);
  if (failed) return cannot("make the folder", own_, failed);
  return {};
}

Result<fs::path> ModelStore::place_for(const KnownModel& model) const {
  if (const auto made = make_own_folder(); !made) return std::unexpected(made.error());
  return own_ / model.file;
}

Result<StoredModel> ModelStore::add(std::string_view name, const fs::path& path) const {
  if (!is_model_name(name) || name == engine::kEmbeddedModel)
    return failure(ErrorCode::bad_argument, std::string(name), "this cannot name a model",
                   "give it a name of letters, digits, '.', '-' and '_' with --name");
  if (!engine::holds_a_model(path))
    return failure(ErrorCode::file_not_found, path.string(),
                   "it is neither a .gguf file nor a folder with a config.json",
                   "name one that is");
  if (catalogue_.find(name) || find(name))
    return failure(ErrorCode::bad_argument, std::string(name), "this name is taken",
                   "give it another one with --name, or remove that model first");
  if (const auto made = make_own_folder(); !made) return std::unexpected(made.error());
  std::error_code failed;
  const bool is_folder = fs::is_directory(path, failed);
  const fs::path link = own_ / (std::string(name) + (is_folder ? "" : ".gguf"));
  // A link whose model has gone keeps no name busy.
  if (fs::is_symlink(link, failed)) fs::remove(link, failed);
  failed.clear();
  if (is_folder) fs::create_directory_symlink(path, link, failed);
  else fs::create_symlink(path, link, failed);
  if (failed) return cannot("link the model", link, failed);
  return stored(std::string(name), link);
}

Result<fs::path> ModelStore::remove(std::string_view name) const {
  std::vector<fs::path> places;
  if (const auto model = find(name)) places.push_back(model->path);
  if (const KnownModel* const known = catalogue_.find(name); known && !own_.empty())
    places.push_back(own_ / (known->file + kPart));
  std::optional<fs::path> removed;
  for (const fs::path& place : places) {
    std::error_code failed;
    const bool is_link = fs::is_symlink(place, failed);
    if (!is_link && fs::is_directory(place, failed))
      return failure(ErrorCode::bad_argument, place.string(),
                     "it is a folder that `inpaint models` has not made", "remove it yourself");
    failed.clear();
    const bool was_there = fs::remove(place, failed);
    if (failed) return cannot("remove it", place, failed);
    if (was_there && !removed) removed = place;
  }
  if (removed) return *removed;
  return failure(ErrorCode::file_not_found, std::string(name), "no such model is here",
                 "`inpaint models list` names those that are");
}

}  // namespace inpaint::lsp
