// Fills as the items of `textDocument/inlineCompletion`: ghost text.
//
// The text is always a plain string with a range of its own: Neovim ignores the range of snippets
// and is wrong about items without one. An empty range is what clients show best, so as little as
// possible is replaced. Where something is, and the new text does not begin with it, `filterText`
// does.
//
// Source: Language Server Protocol 3.18, "Inline Completion Request".
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lsp/document/document.h"
#include "lsp/worker/type_through_cache.h"

namespace inpaint::lsp {

/// What is chosen in the client's completion list meanwhile, which it shows as if it were typed.
struct SelectedItem {
  ByteRange range;  // of the document
  std::string text;
};

/// The place that is asked about once the selected item stands in the text.
struct InlinePlace {
  std::string text;
  std::size_t cursor = 0;
};

InlinePlace place_with(const SelectedItem& selected, std::string_view text);

/// An InlineCompletionList. `fills` are of the document's text at `cursor`; with `selected` of the
/// text that place_with() made, and the items then begin with the selected text, in its range.
Json to_inline_items(const Document& document, std::size_t cursor, const Fills& fills,
                     const std::optional<SelectedItem>& selected = std::nullopt);

}  // namespace inpaint::lsp
