// What every question about a document tells the engine besides the place: its path and language as the
// model should see them, its neighbours, and what the user has set.
//
// Thread rule: session strand only.
#pragma once

#include <filesystem>
#include <span>

#include "lsp/client/settings.h"
#include "lsp/completion/completer.h"
#include "lsp/document/documents.h"

namespace inpaint::lsp {

/// Without text, tree, cursor and alternatives.
CompletionRequest request_about(const Document& document, const Documents& documents,
                                const Settings& settings,
                                std::span<const std::filesystem::path> folders);

}  // namespace inpaint::lsp
