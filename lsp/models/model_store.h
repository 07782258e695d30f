// Where models lie that are known by a name: fetched ones, and those that a person has added.
//
// The first folder is the user's own (inpaint/models in their data folder); others are looked through
// only, such as the one in the cache, where the project's set-up puts files. A model is NAME.gguf, the
// file of a model of the catalogue, or a folder with a config.json. What a person adds is a link: a
// model is not copied, and removing it removes the link.
//
// Errors: bad_argument (no name, no model, a name that is taken), file_not_found, io_failed,
//         unavailable (there is no home to keep models in).
// Thread rule: any thread, but no two that change it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "lsp/models/catalogue.h"

namespace inpaint::lsp {

struct StoredModel {
  std::string name;
  std::filesystem::path path;  // in the store
  bool is_link = false;        // somebody else's files
  std::uint64_t bytes = 0;     // of all its files
  bool is_damaged = false;     // of another size than the catalogue says
};

class ModelStore {
 public:
  /// `catalogue` outlives the store. An empty folder is one that is not there.
  ModelStore(const std::filesystem::path& own, const std::filesystem::path& set_up,
             const Catalogue& catalogue);

  /// A file of the catalogue counts when it has the size that it should have.
  std::optional<StoredModel> find(std::string_view name) const;
  /// What find() does not count: cut short, or something else under its name.
  std::optional<StoredModel> find_damaged(const KnownModel& known) const;
  /// The catalogue's default, where it is here, damaged or not: it is what a person has fetched, and who
  /// opens it says what is wrong.
  std::optional<StoredModel> default_model() const;
  /// By name.
  std::vector<StoredModel> all() const;

  /// The file that a known model gets, in the user's own folder, which is made.
  engine::Result<std::filesystem::path> place_for(const KnownModel& model) const;
  /// `path` is absolute: a .gguf file or a folder with a config.json.
  engine::Result<StoredModel> add(std::string_view name, const std::filesystem::path& path) const;
  /// The model, or what an interrupted download has left of it.
  engine::Result<std::filesystem::path> remove(std::string_view name) const;

 private:
  engine::Result<void> make_own_folder() const;
  std::string name_of(const std::filesystem::path& entry) const;

  std::filesystem::path own_;
  std::vector<std::filesystem::path> folders_;
  const Catalogue& catalogue_;
};

/// The size of a file, or of the files of a folder.
std::uint64_t bytes_of_model(const std::filesystem::path& model);

/// The name that a model gets where a person gives none: that of its file or folder.
std::string name_from_path(const std::filesystem::path& path);

}  // namespace inpaint::lsp
