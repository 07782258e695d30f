#include "lsp/document/model_path.h"

#include <algorithm>

namespace inpaint::lsp {

std::string path_for_model(const std::filesystem::path& file, const std::filesystem::path& folder,
                           const grammar::Language* language) {
  std::filesystem::path path = file.lexically_normal();
  if (path.is_absolute()) path = path.lexically_relative(folder);
  if (path.empty() || *path.begin() == "..") path = file.filename();
  std::string shown = path.generic_string();
  if (language == nullptr) return shown;
  const bool tells = std::ranges::any_of(
      language->extensions, [&](std::string_view extension) { return shown.ends_with(extension); });
  if (!tells) shown += language->extensions.front();
  return shown;
}

}  // namespace inpaint::lsp
