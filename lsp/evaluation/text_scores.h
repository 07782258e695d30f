// How close a fill comes to what was cut out.
//
// Exact match: the same text, white space at line ends and at both ends of the text aside, which an
// editor trims and nobody reads.
// Edit similarity: 100 * (1 - Levenshtein distance / characters of the longer text), 0 ... 100, on
// characters (code points) of the texts as exact match trims them; two empty texts are alike.
//
// Units:  characters; both texts are well-formed UTF-8 (other bytes count as one character each).
// Cost:   O(length of one * length of the other), memory O(length of one).
// Source: V. Levenshtein, Binary codes capable of correcting deletions, insertions and reversals
//         (1966). RepoBench and CrossCodeEval report the same two figures.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace inpaint::lsp {

/// Without white space at line ends and at both ends.
std::string trimmed_for_scoring(std::string_view text);

/// The least number of insertions, deletions and substitutions of one character.
std::size_t levenshtein(std::string_view a, std::string_view b);

bool is_exact_match(std::string_view fill, std::string_view target);
double edit_similarity(std::string_view fill, std::string_view target);

}  // namespace inpaint::lsp
