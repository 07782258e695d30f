#include "engine/model_search.h"

#include <system_error>
#include <vector>

#include "engine/base/environment.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

bool holds_a_model(const fs::path& folder) {
  std::error_code unknown;
  return fs::exists(folder / "config.json", unknown);
}

/// The folder, where one of its files was named.
fs::path folder_of(const fs::path& named) {
  std::error_code unknown;
  return fs::is_regular_file(named, unknown) ? named.parent_path() : named;
}

}  // namespace

Result<fs::path> find_model(const std::optional<std::string>& named, const PathRoots& roots,
                            const fs::path& program) {
  std::optional<std::string> chosen = named ? named : environment("INPAINT_MODEL");
  const bool at_hand = chosen == kEmbeddedModel && !roots.working_folder.empty() &&
                       holds_a_model(roots.working_folder / *chosen);
  if (chosen == kEmbeddedModel && !at_hand) chosen.reset();
  std::vector<fs::path> places;
  if (chosen) {
    const Result<fs::path> path = absolute_path(*chosen, roots);
    if (!path) return std::unexpected(path.error());
    places = {folder_of(*path)};
  } else {
    if (!program.empty())
      places.push_back(program.parent_path().parent_path() / "share/inpaint/mini");
    places.push_back(fs::path(INPAINT_SOURCE_DIR) / "engine/mini");
  }
  std::string tried;
  for (const fs::path& place : places) {
    if (holds_a_model(place)) return place;
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  return failure(ErrorCode::file_not_found, "model", "no config.json in " + tried,
                 "name a model folder with --model or INPAINT_MODEL");
}

}  // namespace inpaint::engine
