// Who may call what: doors that one place of the project goes through, and a few others by name.
//
// A completion has one pipeline (lsp/completion/fill_pipeline.h). A second one would draft, ask, check
// and rank a little differently, and nobody would notice: there were three once.
#pragma once

#include <vector>

#include "tests/house/source_tree.h"

namespace inpaint::house {

/// Every file of lsp/ that plans a hole, asks an engine for a fill, or judges a fill, and is none of
/// those that are named for it; and every named file that no longer does.
std::vector<Violation> caller_violations(const Files& files);

}  // namespace inpaint::house
