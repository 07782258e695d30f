// Texts that could stand in a hole, tried in turn to see how well a place can parse at all.
//
// A half-typed place has errors while its hole is empty. How many of them a good fill would remove is
// found by trying fills of the planned kind: names, calls, whatever closes the open brackets. A small
// table per family of languages and kind is enough, because a parser looks at the shape of a text and
// not at what it says; the brackets to close come from the text around (grammar/hole/hole_surroundings.h).
//
// Cost: a few microseconds; some 40 texts for one line, some 70 for several.
#pragma once

#include <string>
#include <vector>

#include "grammar/hole/hole_planner.h"
#include "grammar/hole/hole_surroundings.h"
#include "grammar/lexical/lexical_rules.h"

namespace inpaint::grammar {

/// Each text once, likely ones first. The empty text is not among them.
std::vector<std::string> placeholders(const LexicalRules& rules, const HoleSurroundings& around,
                                      HoleKind kind);

}  // namespace inpaint::grammar
