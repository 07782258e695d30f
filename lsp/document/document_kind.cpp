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

const grammar::Language* by_identifier(std::string_view identifier,
                                       const grammar::LanguageSet& languages) {
  std::string name = normal_language_id(identifier);
  for (const auto& [theirs, ours] : kGrammars) {
    if (theirs == name) name = ours;
  }
  if (const grammar::Language* language = languages.by_name(name)) return language;
  return languages.by_name(identifier);  // one that a user has added is called as the user calls it
}

}  // namespace

const grammar::Language* language_named(std::string_view name,
                                        const grammar::LanguageSet& languages) {
  if (const grammar::Language* language = by_identifier(name, languages)) return language;
  if (name.find('/') != std::string_view::npos) return nullptr;
  return languages.for_path((name.starts_with('.') ? "a" : "a.") + std::string(name));
}

const grammar::Language* language_of(const Document& document,
                                     const grammar::LanguageSet& languages) {
  const grammar::Language* by_path = languages.for_path(document.file().path, document.text());
  const grammar::Language* by_name = by_identifier(document.language_id(), languages);
  // "typescript" is also what some clients call TSX.
  const bool is_tsx = by_path != nullptr && by_path->name == "tsx";
  if (by_name == nullptr || (by_name->name == "typescript" && is_tsx)) return by_path;
  return by_name;
}

std::string model_path_of(const Document& document, std::span<const std::filesystem::path> folders,
                          const grammar::Language* language) {
  const std::filesystem::path path = document.file().path;
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
