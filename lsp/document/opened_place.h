// How badly a document parsed before the place that is being edited was opened.
//
// Half of a statement breaks the file, and the fill that ends it must mend it: what the fill is
// measured against (grammar/check/promise.h) is a version in which the place was whole. So the edits of one
// place are taken together: they belong to one burst for as long as each is within two lines of the
// others, and nothing was saved in between. The count of the version before the burst is what counts.
// Once a version parses no worse than that one, the place is whole again, and the next edit begins
// another burst.
//
// The count is the only measure there is then, and one that no fill can reach silences the place. So
// it is left unknown in doubt:
//   * where the tree of the version before was not known;
//   * where that version had an error within two lines of the place: it may not have been whole, and
//     bytes under ERROR nodes grow with what is typed inside of them;
//   * where lines were taken away: what they held may be needed elsewhere;
//   * while the burst spans several lines: a block that was opened in one line and is still open is
//     not for a fill in the next to close.
// Away from the burst the place at the cursor is as it is in the newest version, and that is counted.
//
// Units:  bytes of the document's text, lines as its line index counts them.
// Cost:   O(1) in a tree without errors, else a walk to the errors.
// Thread rule: session strand only.
#pragma once

#include <cstddef>
#include <optional>

#include "grammar/base/text_edit.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

class OpenedPlace {
 public:
  /// `document` as it is after the edit; `before`, the tree of the text before it, or null.
  void on_edit(const Document& document, const grammar::TextEdit& edit,
               const grammar::SyntaxTree* before);
  /// `tree` of the document as it is, or null.
  void on_tree(const Document& document, const grammar::SyntaxTree* tree);
  /// The next edit begins a burst, wherever it is.
  void forget();

  std::optional<grammar::ErrorCount> errors_before(const Document& document, std::size_t cursor,
                                                   const grammar::SyntaxTree* tree) const;

 private:
  std::optional<ByteRange> burst_;             // what it has written, in the document as it is
  std::optional<grammar::ErrorCount> errors_;  // of the version before it
};

}  // namespace inpaint::lsp
