// Under which path a file is shown to the model.
//
// Models are trained on paths as they stand in a repository: relative, and never upwards. The
// ending tells them the language; a file whose name tells nothing ("configure") gets the ending of
// the language that the user names.
#pragma once

#include <filesystem>
#include <string>

#include "grammar/tree/language.h"

namespace inpaint::lsp {

/// `folder` is the one that relative paths are relative to; `language` may be null.
std::string path_for_model(const std::filesystem::path& file, const std::filesystem::path& folder,
                           const grammar::Language* language = nullptr);

}  // namespace inpaint::lsp
