// What is written anew when somebody selects a piece of text and asks for another: the selection,
// widened to whole nodes, without what they want to keep.
//
// Half a statement, or one bracket of two, is nothing that can be written between fixed sides. So the
// selection grows to the fewest nodes side by side that hold it, and over the white space in front of a
// whole line, because the fill decides how deep that line is. Pinned ranges stay byte for byte: what
// lies between them are holes of their own, in the order of the text.
//
// Without a tree, or where only the whole text would do, whole lines are taken.
//
// Units: bytes of the text. Cost: O(depth of the tree + children on the way).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::grammar {

/// Empty where nothing is left to write. `tree` of `text`, or null. `pinned`: any ranges; each is widened
/// to the lines it touches.
std::vector<HolePlan> plan_refill(std::string_view text, const SyntaxTree* tree,
                                  ByteRange selection, std::span<const ByteRange> pinned = {});

}  // namespace inpaint::grammar
