#include "engine/training/corpus/source_files.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "engine/base/file_handle.h"
#include "engine/base/secret_files.h"
#include "engine/base/utf8.h"
#include "grammar/base/ascii.h"

namespace inpaint::engine {
namespace {

namespace fs = std::filesystem;

struct Extension {
  std::string_view suffix, language;
};
constexpr auto kExtensions = std::to_array<Extension>({
    {".py", "python"},
    {".c", "c"},
    {".h", "c"},
    {".cc", "cpp"},
    {".cpp", "cpp"},
    {".cxx", "cpp"},
    {".hpp", "cpp"},
    {".hh", "cpp"},
    {".hxx", "cpp"},
    {".ipp", "cpp"},
    {".inl", "cpp"},
    {".cu", "cpp"},
    {".cuh", "cpp"},
    {".js", "javascript"},
    {".mjs", "javascript"},
    {".cjs", "javascript"},
    {".jsx", "javascript"},
    {".ts", "typescript"},
    {".tsx", "typescript"},
    {".mts", "typescript"},
    {".cts", "typescript"},
    {".rs", "rust"},
    {".go", "go"},
    {".java", "java"},
});
constexpr auto kForeign = std::to_array<std::string_view>(
    {"node_modules", "bower_components", "vendor", "third_party", "build", "out", "dist", "target",
     "__pycache__", "site-packages", "venv", "cmake-build-debug", "cmake-build-release"});

/// A word that C has not, at the begin of a word.
bool only_cpp(std::string_view text) {
  for (std::string_view word : {"namespace ", "template <", "template<", "constexpr ", "std::",
                                "public:", "private:", "protected:", "virtual ", "nullptr"})
    if (text.find(word) != std::string_view::npos) return true;
  return false;
}

}  // namespace

std::string_view source_language(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] != '.') return {};
  const std::string suffix = grammar::lowered(path.substr(dot));
  for (const Extension& extension : kExtensions)
    if (extension.suffix == suffix) return extension.language;
  return {};
}

bool is_foreign_folder(std::string_view folder_name) {
  const std::string name = grammar::lowered(folder_name);
  return name.starts_with(".") || std::ranges::find(kForeign, name) != kForeign.end();
}

Result<std::vector<SourceFile>> find_source_files(const fs::path& folder,
                                                  LanguageOfPath language_of) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return failure(ErrorCode::file_not_found, folder.string(), "there is no such folder",
                   "name a folder with source files or shards");
  std::vector<SourceFile> files;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied,
                                        error);
  if (error) return failure(ErrorCode::io_failed, folder.string(), error.message());
  for (const fs::recursive_directory_iterator end; walk != end; walk.increment(error)) {
    std::error_code ignored;  // a file that vanishes meanwhile is left out
    const fs::file_status status = walk->symlink_status(ignored);
    const std::string name = walk->path().filename().string();
    if (fs::is_directory(status)) {
      if (is_foreign_folder(name)) walk.disable_recursion_pending();
      continue;
    }
    if (!fs::is_regular_file(status) || name.starts_with(".")) continue;
    const std::string_view language = language_of(name);
    if (language.empty()) continue;
    const std::uintmax_t bytes = walk->file_size(ignored);
    if (ignored || bytes == 0 || bytes > kMaxSourceBytes) continue;
    const std::string path = walk->path().lexically_relative(folder).generic_string();
    if (valid_utf8_prefix(path) != path.size()) continue;
    if (secrecy_of_path(path) != Secrecy::open) continue;
    files.push_back({path, std::string(language), static_cast<std::uint32_t>(bytes)});
  }
  if (error) return failure(ErrorCode::io_failed, folder.string(), error.message());
  std::ranges::sort(files, {}, &SourceFile::path);
  return files;
}

std::optional<std::string> read_source_text(const fs::path& path, std::uint64_t max_bytes) {
  Result<std::string> text = read_whole_file(path, max_bytes);
  if (!text || text->find('\0') != std::string::npos || valid_utf8_prefix(*text) != text->size())
    return std::nullopt;
  return std::move(*text);
}

std::optional<std::string> read_own_text(const fs::path& path) {
  std::optional<std::string> text = read_source_text(path);
  if (text && secrecy_of_text(*text, path.string()) != Secrecy::open) return std::nullopt;
  return text;
}

std::string_view refine_language(std::string_view language, std::string_view path,
                                 std::string_view text) {
  if (language == "c" && path.ends_with(".h") && only_cpp(text)) return "cpp";
  return language;
}

}  // namespace inpaint::engine
