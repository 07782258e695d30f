// Whether a cursor stands in a body that nothing has been written in yet.
//
// Only there is a fill of several lines what people expect; anywhere else it would write over what
// they are about to do (cf. the first finding of every study of ghost text).
//
// Units: bytes. Cost: O(white space around the cursor + depth of the tree).
#pragma once

#include <cstddef>
#include <string_view>

#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

/// True on a blank line of an empty body, and right behind what opens it at the end of a line. The
/// body may lack its closing brace: it is empty then if the next line is indented no deeper than
/// the line that opens it.
bool in_empty_body(const Language& language, const SyntaxTree* tree, std::string_view text,
                   std::size_t cursor);

/// Whether `line`, without what stands around it, opens a body: it ends with a { that is not one of
/// a literal, or is a header of Python.
bool opens_body(const Language& language, std::string_view line);

}  // namespace inpaint::grammar
