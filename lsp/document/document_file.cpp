#include "lsp/document/document_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace inpaint::lsp {

DocumentFile file_of_path(const std::filesystem::path& path) {
  DocumentFile file{.path = path.generic_string(), .target = path.generic_string()};
  std::error_code unknown;
  const auto real = std::filesystem::weakly_canonical(path, unknown);
  if (!unknown && !real.empty()) file.target = real.generic_string();
  file.secrecy = std::max(engine::secrecy_of_path(file.path), engine::secrecy_of_path(file.target));
  return file;
}

DocumentFile file_of_uri(const Uri& uri) {
  const std::filesystem::path path = uri.path();
  if (uri.is_file() && path.is_absolute()) return file_of_path(path);
  const std::string name = path.generic_string();
  return {name, name, engine::secrecy_of_path(name)};
}

}  // namespace inpaint::lsp
