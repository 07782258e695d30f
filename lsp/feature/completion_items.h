// Fills as the items of `textDocument/completion`: entries of the client's list.
//
// Clients without ghost text have only this, and each reads an item in its own way:
//   VS Code          honours the text edit and insertTextMode;
//   Neovim's core    takes only the begin of the range, and only the first line of a plain text; a
//                    snippet it expands whole, putting the current line's indentation before every
//                    further line. It is told by having snippets and no InsertReplaceEdit;
//   Emacs' eglot     honours the text edit, and shows the label, which must begin with the symbol at
//                    the cursor and be of one line.
// So the edit begins at the symbol before the cursor, the label is its first line, and the whole
// fill stands in the documentation.
//
// Source: Language Server Protocol 3.18, "Completion Request"; the behaviour of the clients is
// tested with them.
#pragma once

#include <cstddef>

#include "lsp/client/client_capabilities.h"
#include "lsp/document/document.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

/// A CompletionList, always incomplete: more may be ready at the next key.
Json to_completion_list(const Document& document, std::size_t cursor, const Fills& fills,
                        const ClientCapabilities& client);

/// One without items: not ready, or nothing to be said.
Json empty_completion_list();

}  // namespace inpaint::lsp
