// Opens the part of Inpaint that can download, when a person has asked for a file.
//
// Nothing but `inpaint models` and its tests includes this.
//
// Errors: unavailable (no library at any place, one of another version, one that cannot be linked).
// Thread rule: any thread.
#pragma once

#include <filesystem>

#include "engine/base/error.h"
#include "lsp/download/download.h"

namespace inpaint::lsp {

/// Of the installation or build that `program` (a file) is of. It stays loaded.
engine::Result<const DownloadEntry*> open_downloader(const std::filesystem::path& program);

}  // namespace inpaint::lsp
