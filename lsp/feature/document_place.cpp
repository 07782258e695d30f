#include "lsp/feature/document_place.h"

#include "lsp/document/document_kind.h"
#include "lsp/feature/neighbours.h"

namespace inpaint::lsp {

Place place_in(const Document& document, std::size_t cursor, const Documents& documents,
               const Settings& settings, std::span<const std::filesystem::path> folders) {
  const ParsedDocument& parsed = documents.parsed(document.uri());
  Place place;
  place.language = parsed.language();
  place.path = model_path_of(document, folders, place.language);
  place.text = document.snapshot();
  place.cursor = cursor;
  place.tree = parsed.tree_copy();
  if (!place.tree) place.older_tree = parsed.older_copy();
  place.errors_before_opening = documents.errors_before(document.uri(), cursor);
  place.neighbours = neighbours_of(document, documents, settings);
  return place;
}

}  // namespace inpaint::lsp
