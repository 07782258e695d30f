#include "lsp/document/document_kind.h"

#include <string_view>
#include <utility>

#include "lsp/document/model_path.h"
#include "lsp/protocol/uri.h"

namespace inpaint::lsp {
namespace {

/// Identifiers that differ from the names of our grammars, as Language Server Protocol 3.17 lists
/// them in "TextDocumentItem", and what Emacs and Neovim call them.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"javascriptreact", "javascript"}, {"typescriptreact", "tsx"}, {"c++", "cpp"}};

}  // namespace

const grammar::Language* language_of(const Document& document,
                                     const grammar::LanguageSet& languages) {
  std::string_view name = document.language_id();
  for (const auto& [theirs, ours] : kOtherNames) {
    if (theirs == name) name = ours;
  }
  const std::string path = path_of_uri(document.uri()).string();
  const grammar::Language* by_path = languages.for_path(path, document.text());
  // "typescript" is also what some clients call TSX.
  if (name == "typescript" && by_path != nullptr && by_path->name == "tsx") return by_path;
  if (const grammar::Language* by_name = languages.by_name(name)) return by_name;
  return by_path;
}

std::string model_path_of(const Document& document, std::span<const std::filesystem::path> folders,
                          const grammar::Language* language) {
  const std::filesystem::path path = path_of_uri(document.uri());
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
