#include "lsp/models/model_shelf.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "lsp/models/catalogue.h"
#include "lsp/models/model_choice.h"
#include "lsp/models/model_store.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::Result;

/// Without the file that names them the models that are here still have their names.
Catalogue catalogue_of(const fs::path& program) {
  const auto folder = catalogue_folder(program);
  if (!folder) return {};
  return Catalogue::load(*folder / kCatalogueFile).value_or(Catalogue());
}

}  // namespace

ModelFolders model_folders(const fs::path& data, const fs::path& cache, const fs::path& config) {
  const auto models_in = [](const fs::path& folder) {
    return folder.empty() ? fs::path() : folder / "models";
  };
  return {.own = models_in(data), .set_up = models_in(cache), .config = config};
}

engine::ModelShelf model_shelf(const ModelFolders& folders, const fs::path& program) {
  return {.chosen = [config = folders.config] { return chosen_model(config); },
          .find = [folders, program](const std::string& name) -> Result<std::optional<fs::path>> {
            const Catalogue catalogue = catalogue_of(program);
            const ModelStore store(folders.own, folders.set_up, catalogue);
            if (const auto model = store.find(name)) return model->path;
            const KnownModel* const known = catalogue.find(name);
            if (!known) return std::nullopt;
            const auto damaged = store.find_damaged(*known);
            return engine::failure(engine::ErrorCode::file_not_found,
                                   damaged ? damaged->path.string() : name,
                                   damaged ? fmt::format("has {} bytes and should have {}",
                                                         damaged->bytes, known->bytes)
                                           : "it is not here",
                                   "fetch it with `inpaint models get " + name + "`");
          },
          .default_model = [folders, program]() -> std::optional<engine::FoundModel> {
            const Catalogue catalogue = catalogue_of(program);
            const auto model = ModelStore(folders.own, folders.set_up, catalogue).default_model();
            if (!model) return std::nullopt;
            return engine::FoundModel{.path = model->path, .default_name = model->name};
          }};
}

}  // namespace inpaint::lsp
