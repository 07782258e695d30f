// Where the trainer cuts a hole into a text that is whole.
//
// At inference a hole is where somebody types: its left edge is any place, often inside a word, its
// right edge is mostly where a line or a node ends. The picker imitates that. The two edges are
// drawn independently of each other, so that the model can not learn "what begins at a node ends
// with it":
//   left    60 % inside a word or anywhere, 40 % where a node begins
//   right   60 % where a line or any node ends, 28 % where the node drawn from the tree ends,
//           12 % anywhere
// A node is an expression, an argument, a statement or the inside of a body. One that stands first
// on its line takes the indentation before it along in half of the draws, because on a blank line
// the hole owns the white space.
//
// Units:  UTF-8 bytes. Edges never cut a character, nor the \r\n of a line.
// Errors: none; nothing is returned when nothing fits.
// Cost:   microseconds; one tree walk per draw.
// Deterministic: the same text, tree and state of `random` give the same hole on every machine
// (the distributions of <random> differ between libraries and are not used).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

/// What was cut out. The first that applies.
enum class PickedKind : std::uint8_t {
  expression,  // exactly one node, or one without what precedes the left edge
  argument,    //   of an argument or parameter list
  statement,
  body,          // what stands between the braces of a block, or the block itself
  rest_of_line,  // to the end of the line
  lines,         // to the end of a later line
  free,          // edges that belong to nothing
};

struct PickedHole {
  ByteRange range;  // may be empty: at the end of a line there is nothing left to write
  PickedKind kind = PickedKind::free;
  friend bool operator==(const PickedHole&, const PickedHole&) = default;
};

/// Draws a hole inside of `within`, at most `max_bytes` long. `tree` is the tree of `text`, or null
/// for a file without a grammar: then lines and free edges only.
std::optional<PickedHole> pick_hole(const SyntaxTree* tree, std::string_view text, ByteRange within,
                                    std::size_t max_bytes, std::mt19937_64& random);

}  // namespace inpaint::grammar
