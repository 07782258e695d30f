// Places that are like the one in front of a hole, but for names.
//
// The lexemes in front of the hole are compared backwards with those in front of every other place, under
// a renaming that grows with each name that differs. What counts for a place are lexemes that are equal, and
// names that differ as they have differed before; a new name counts little, and a name that has become two
// others ends the comparison.
//
// Cost:   O(lexemes); two comparisons a lexeme in real code, half a million at most.
// Source: B. S. Baker, A theory of parameterized pattern matching (STOC 1993), for matches under a
//         renaming; the measure is our own.
#pragma once

#include <cstddef>
#include <vector>

#include "lsp/retrieval/searched_texts.h"

namespace inpaint::lsp {

struct AnalogousPlace {
  std::size_t text = 0;     // its number
  std::size_t lexeme = 0;   // what the hole may continue with begins there
  std::size_t alike = 0;    // lexemes in front of it
  std::size_t renamed = 0;  // names among them that are others in front of the hole
  double score = 0.0;
};

/// The best 64, best first; of equals the nearest.
std::vector<AnalogousPlace> find_analogous_places(const SearchedTexts& texts);

}  // namespace inpaint::lsp
