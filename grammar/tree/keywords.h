// The words that a language keeps for itself: `if`, `return`, `struct`; not the names of its types.
//
// Source: the anonymous symbols of its grammar, which are the words and signs that its rules spell out.
// Thread rule: any thread. Cost: O(symbols), some hundreds.
#pragma once

#include <string_view>
#include <vector>

#include "grammar/tree/language.h"

namespace inpaint::grammar {

/// Those of ASCII letters and underscores alone. The views are the grammar's own and stay good.
std::vector<std::string_view> keywords(const Language& language);

}  // namespace inpaint::grammar
