// Drafts by copying: the spans of the file, and of other files, that match the hole's surroundings best.
//
// Code repeats itself. Where the text before the hole stands elsewhere too, what follows
// there is a good guess of what belongs here, the better the longer the match is and when it runs on
// into what stands behind the hole. Such a guess is a draft (draft.h); it
// alone is the baseline that a model has to beat.
//
// How: the text before the hole is compared backwards with the text before every other place at
// once (the Z algorithm), over symbols in which indentation is relative (indent_symbols.h), so that
// code is found at any depth; a draft is brought to the depth of the hole. A draft ends
//   - where what follows it equals what stands behind the hole for as long as possible; among equals
//     where its brackets are closed, then the shortest; in a hole of one line never behind that line;
//   - else, in a hole of several lines, where the lines become shallower than the first; a statement
//     also before the next line as deep, once its brackets are closed.
// The source of a draft never touches the hole.
//
// Units:  bytes of the text; matches in characters, a line's indentation being one.
// Errors: none; nothing is returned when nothing matches.
// Cost:   O(text + places * max_bytes), at most 64 places: 300 kB of source take 1.3 ms, and one
//         byte repeated 300,000 times 15 ms (one core of the reference machine, -O3).
// Source: D. Gusfield, Algorithms on Strings, Trees and Sequences (1997), section 1.4, for Z.
#pragma once

#include <vector>

#include "lsp/retrieval/draft.h"

namespace inpaint::lsp {

/// Best first, no two alike. The longest match, before and behind together, is the best, and of
/// equals the one that the file says oftener; of spans it is the most probable one.
std::vector<Draft> find_copies(const DraftRequest& request);

}  // namespace inpaint::lsp
