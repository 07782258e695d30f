// The drafts of a hole: copies and analogies together.
//
// A place that repeats another one word for word is a copy, one that repeats it with other names an
// analogy; where no name differs both say the same. Which of them belongs here is for the model to say.
#pragma once

#include <vector>

#include "lsp/completion/draft.h"

namespace inpaint::lsp {

/// The most probable first, no two alike, none that is hopeless.
std::vector<Draft> find_drafts(const DraftRequest& request);

}  // namespace inpaint::lsp
