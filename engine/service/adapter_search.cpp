#include "engine/service/adapter_search.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/base/shipped_places.h"
#include "engine/engine.h"
#include "engine/tokenizer/fingerprint.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

/// Folders with a config.json on the shelf, by name.
std::vector<fs::path> adapters_on(const fs::path& shelf) {
  std::vector<fs::path> folders;
  std::error_code unknown;
  for (fs::directory_iterator at(shelf, unknown); !unknown && at != fs::directory_iterator();
       at.increment(unknown))
    if (fs::exists(at->path() / kAdapterConfigFile, unknown)) folders.push_back(at->path());
  std::ranges::sort(folders);
  return folders;
}

FoundAdapter found_in(const fs::path& folder, MaskAdapter adapter, const AdapterTarget& target) {
  const std::string file = target.model.filename().string();
  adapter.measured = std::ranges::count(adapter.config.measured_on, file) > 0;
  return {std::move(adapter), folder.string(), {}};
}

}  // namespace

std::vector<fs::path> adapter_shelves(const fs::path& program) {
  return shipped_places(program, "adapters", fs::path(INPAINT_SOURCE_DIR) / "engine/adapters");
}

Result<FoundAdapter> find_adapter(const std::string& named, std::span<const fs::path> shelves,
                                  const AdapterTarget& target) {
  if (named == kNoAdapter) return FoundAdapter();
  if (!named.empty()) {
    Result<MaskAdapter> adapter =
        load_mask_adapter(named, target.config, fingerprint(target.tokenizer));
    if (!adapter) return std::unexpected(adapter.error());
    return found_in(named, std::move(*adapter), target);
  }
  FoundAdapter found;
  std::vector<fs::path> folders;
  for (const fs::path& shelf : shelves)
    std::ranges::move(adapters_on(shelf), std::back_inserter(folders));
  const std::string tokens = folders.empty() ? std::string() : fingerprint(target.tokenizer);
  for (const fs::path& folder : folders) {
    Result<MaskAdapter> adapter = load_mask_adapter(folder, target.config, tokens);
    if (adapter) {
      FoundAdapter first = found_in(folder, std::move(*adapter), target);
      first.note = std::move(found.note);
      return first;
    }
    const bool for_another = adapter.error().code == ErrorCode::bad_argument;
    if (!for_another && found.note.empty()) found.note = to_string(adapter.error());
  }
  return found;
}

}  // namespace inpaint::engine
