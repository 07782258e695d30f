// What the other open documents lend to the one that is being completed.
//
// People open files together because they belong together, and what one of them says is often said
// again in another. So the texts of those that were changed or opened last, in the same language,
// go along with a question; drafts and copy hints are looked for in them
// (engine/prompt/copy_hint.h). Only what the editor has open is looked at, never the disk, and no
// file that may hold secrets, source code included (engine/base/secret_files.h).
//
// Thread rule: session strand only.
#pragma once

#include <cstddef>

#include "engine/engine.h"
#include "lsp/client/settings.h"
#include "lsp/document/documents.h"

namespace inpaint::lsp {

inline constexpr std::size_t kMostNeighbours = 4;
/// Of a longer text the part around its newest change, or its beginning.
inline constexpr std::size_t kNeighbourBytes = 24UL * 1024;

/// Newest first. Not the document itself, nor files where the settings ask for silence.
engine::SharedTexts neighbours_of(const Document& document, const Documents& documents,
                                  const Settings& settings);

}  // namespace inpaint::lsp
