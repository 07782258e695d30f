// In which language a document is written, and under which path it is shown to the model.
//
// The client's languageId comes first: the user may have chosen it by hand. What it does not tell,
// the name of the file does.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "grammar/tree/language_set.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

/// What people and editors call a language: its name in any case ("Python"), the protocol's
/// identifier ("typescriptreact"), or an ending of its files ("py", ".py"). Null for anything else.
const grammar::Language* language_named(std::string_view name,
                                        const grammar::LanguageSet& languages = {});

/// Null where there is no grammar for it.
const grammar::Language* language_of(const Document& document,
                                     const grammar::LanguageSet& languages = {});

/// Relative to the workspace folder that holds it, else the name alone. `language` may be null.
std::string model_path_of(const Document& document, std::span<const std::filesystem::path> folders,
                          const grammar::Language* language);

}  // namespace inpaint::lsp
