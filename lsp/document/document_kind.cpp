#include "lsp/document/document_kind.h"

#include <string_view>
#include <utility>

#include "lsp/document/model_path.h"
#include "lsp/protocol/language_id.h"

namespace inpaint::lsp {
namespace {

/// Identifiers that differ from the names of our grammars.
constexpr std::pair<std::string_view, std::string_view> kGrammars[] = {
    {"javascriptreact", "javascript"}, {"typescriptreact", "tsx"}};

}  // namespace

const grammar::Language* language_of(const Document& document,
                                     const grammar::LanguageSet& languages) {
  std::string name = normal_language_id(document.language_id());
  for (const auto& [theirs, ours] : kGrammars) {
    if (theirs == name) name = ours;
  }
  const std::string path = document.uri().path().string();
  const grammar::Language* by_path = languages.for_path(path, document.text());
  // "typescript" is also what some clients call TSX.
  if (name == "typescript" && by_path != nullptr && by_path->name == "tsx") return by_path;
  if (const grammar::Language* by_name = languages.by_name(name)) return by_name;
  // One that a user has added is called as the user calls it.
  if (const grammar::Language* own = languages.by_name(document.language_id())) return own;
  return by_path;
}

std::string model_path_of(const Document& document, std::span<const std::filesystem::path> folders,
                          const grammar::Language* language) {
  const std::filesystem::path path = document.uri().path();
  // The innermost folder: its path is the shortest.
  std::string shortest = path_for_model(path, "/", language);
  if (!path.is_absolute() || folders.empty()) {
    return path_for_model(path.filename(), "/", language);
  }
  bool found = false;
  for (const std::filesystem::path& folder : folders) {
    const std::filesystem::path relative = path.lexically_normal().lexically_relative(folder);
    if (relative.empty() || *relative.begin() == "..") continue;
    std::string shown = path_for_model(path, folder, language);
    if (!found || shown.size() < shortest.size()) shortest = std::move(shown);
    found = true;
  }
  return found ? shortest : path_for_model(path.filename(), "/", language);
}

}  // namespace inpaint::lsp
