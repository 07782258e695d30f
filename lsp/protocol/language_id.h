// One name for each language, of the several that clients and people give it.
//
// Source: Language Server Protocol 3.17, "TextDocumentItem", whose identifiers the normal form has;
// the other names are what Emacs, Neovim and people say.
#pragma once

#include <string>
#include <string_view>

namespace inpaint::lsp {

/// In lower case, and by the protocol's name where there is one: "C++" and "cpp" are one language.
std::string normal_language_id(std::string_view name);

}  // namespace inpaint::lsp
