#include "engine/model_search.h"

#include <system_error>
#include <utility>
#include <vector>

#include "engine/base/environment.h"
#include "engine/base/shipped_places.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRemedy =
    "name a model folder with --model or INPAINT_MODEL; `inpaint models list` names what is here";
constexpr const char* kChooseAnother = "choose another with `inpaint models use`";

bool is_word(const std::string& named) {
  return named.find('/') == std::string::npos && !named.starts_with('~');
}

/// The folder, where one of its files was named; a .gguf file is a model by itself.
fs::path model_of(const fs::path& named) {
  std::error_code unknown;
  const bool is_part = fs::is_regular_file(named, unknown) && named.extension() != ".gguf";
  return is_part ? named.parent_path() : named;
}

Result<fs::path> first_model(const std::vector<fs::path>& places, const char* remedy) {
  std::string tried;
  for (const fs::path& place : places) {
    if (holds_a_model(place)) return place;
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  return failure(ErrorCode::file_not_found, "model", "no config.json in " + tried, remedy);
}

Result<FoundModel> found_at(Result<fs::path> path) {
  if (!path) return std::unexpected(std::move(path.error()));
  return FoundModel{.path = std::move(*path)};
}

/// Nothing where the shelf knows no such name.
Result<std::optional<fs::path>> on_shelf(const std::string& named, const ModelShelf& shelf) {
  if (!shelf.find || !is_word(named)) return std::nullopt;
  return shelf.find(named);
}

/// What was chosen for good.
Result<fs::path> chosen_model(const std::string& model, const fs::path& program,
                              const ModelShelf& shelf) {
  if (model == kEmbeddedModel) return embedded_model(program);
  auto found = on_shelf(model, shelf);
  if (!found) return std::unexpected(std::move(found.error()));
  if (*found) return **found;
  if (!fs::path(model).is_absolute())
    return failure(ErrorCode::file_not_found, model, "it was chosen, and is not here",
                   kChooseAnother);
  return first_model({model_of(model)}, kChooseAnother);
}

/// Where none was named.
Result<FoundModel> usual_model(const fs::path& program, const ModelShelf& shelf) {
  const auto chosen = shelf.chosen ? shelf.chosen() : Result<std::optional<std::string>>();
  if (!chosen) return std::unexpected(chosen.error());
  if (*chosen) return found_at(chosen_model(**chosen, program, shelf));
  const auto usual = shelf.default_model ? shelf.default_model() : std::nullopt;
  return usual ? *usual : found_at(embedded_model(program));
}

Result<fs::path> named_model(const std::string& named, const PathRoots& roots,
                             const fs::path& program, const ModelShelf& shelf) {
  if (named == kEmbeddedModel) {
    const bool at_hand =
        !roots.working_folder.empty() && holds_a_model(roots.working_folder / named);
    return at_hand ? roots.working_folder / named : embedded_model(program);
  }
  auto found = on_shelf(named, shelf);
  if (!found) return std::unexpected(std::move(found.error()));
  if (*found) return **found;
  const Result<fs::path> path = absolute_path(named, roots);
  if (!path) return std::unexpected(path.error());
  return first_model({model_of(*path)}, kRemedy);
}

}  // namespace

bool holds_a_model(const fs::path& place) {
  std::error_code unknown;
  if (place.extension() == ".gguf" && fs::is_regular_file(place, unknown)) return true;
  return fs::exists(place / "config.json", unknown);
}

Result<fs::path> embedded_model(const fs::path& program) {
  return first_model(shipped_places(program, "mini", fs::path(INPAINT_SOURCE_DIR) / "engine/mini"),
                     kRemedy);
}

Result<FoundModel> find_model(const std::optional<std::string>& named, const PathRoots& roots,
                              const fs::path& program, const ModelShelf& shelf) {
  const std::optional<std::string> given = named ? named : environment("INPAINT_MODEL");
  if (!given) return usual_model(program, shelf);
  return found_at(named_model(*given, roots, program, shelf));
}

}  // namespace inpaint::engine
