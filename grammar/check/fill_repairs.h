// Texts that differ from a fill by one small mistake undone: a bracket or quote taken out, or a
// bracket that is missing put in.
//
// A table of placeholders can not know what a place needs that opens with half a loop and goes on
// with the rest of a call. A fill that is nearly right does know: if one of its repairs parses
// better, then so can the place, and the fill itself is not good enough.
//
// Cost: microseconds; at most kMostRepairs texts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/hole/hole_surroundings.h"
#include "grammar/lexical/lexical_rules.h"

namespace inpaint::grammar {

inline constexpr std::size_t kMostRepairs = 64;

std::vector<std::string> fill_repairs(const LexicalRules& rules, const HoleSurroundings& around,
                                      std::string_view fill);

}  // namespace inpaint::grammar
