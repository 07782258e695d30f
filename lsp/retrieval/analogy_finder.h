// Drafts by analogy: what stands at a place that is like the hole's but for names.
//
// Code repeats itself with other names: a test for each case, a getter for each field, a branch for each
// kind. A copy of such a place is wrong in every name. So places are found that are like the hole's under a
// renaming (analogous_places.h); what follows there, its names renamed (renaming.h), is a draft. It ends as
// copies do (copy_finder.h): where what stands behind the hole follows, else with the line, or where lines
// become shallower.
//
// Errors: none.
// Cost:   O(lexemes of all texts), 0.3 ms for a file and three neighbours of real code, 1.2 ms for one in
//         twenty (2,400 cases, one core of an AMD EPYC).
#pragma once

#include <vector>

#include "lsp/retrieval/draft.h"

namespace inpaint::lsp {

/// Best first, no two alike. Also those that rename nothing.
std::vector<Draft> find_analogies(const DraftRequest& request);

}  // namespace inpaint::lsp
