// A place in an open document, as a question about it is asked: with all that is known of the
// document.
//
// Thread rule: session strand only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "lsp/client/settings.h"
#include "lsp/completion/place.h"
#include "lsp/document/documents.h"

namespace inpaint::lsp {

/// The text is the document's own. `settings` say which other documents lend theirs.
Place place_in(const Document& document, std::size_t cursor, const Documents& documents,
               const Settings& settings, std::span<const std::filesystem::path> folders);

}  // namespace inpaint::lsp
