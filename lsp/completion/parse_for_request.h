// The syntax tree of a place's text, where the place does not come with one.
//
// A person waits for the answer, so the parse is given up after 50 ms, and the request is then
// answered like one of a text without a grammar. From an older tree of the text (Place::older_tree)
// only what has changed since is parsed.
//
// Errors: null, where there is no language or the time is over.   Thread rule: any thread.
#pragma once

#include <memory>

#include "grammar/tree/syntax_tree.h"
#include "lsp/completion/place.h"

namespace inpaint::lsp {

std::shared_ptr<const grammar::SyntaxTree> parse_for_request(const Place& place);

}  // namespace inpaint::lsp
