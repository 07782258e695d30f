// What a node is, whatever its grammar calls it.
//
// The grammars were written by different people, but their names for these things agree in how they
// end. Every other named node is taken for an expression.
#pragma once

#include <cstdint>
#include <string_view>

#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

enum class NodeKind : std::uint8_t {
  text,       // a comment
  error,      // what could not be read
  body,       // the block of a function, loop, class, ..., with its braces where there are any
  statement,  // also declarations and definitions
  element,    // one argument or parameter
  list,       // of arguments or parameters, with its brackets
  expression,
};

/// A list that is an element of another, or a string among arguments, is an element.
NodeKind kind_of(const Node& node);

/// Lists of arguments or parameters.
bool is_list(std::string_view type);
/// Strings of all sorts, and the text of markup.
bool is_string(std::string_view type);
/// Code inside of a string.
bool is_interpolation(std::string_view type);

}  // namespace inpaint::grammar
