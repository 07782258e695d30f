// Includes point down: lsp -> engine -> grammar, and make no circle between the rooms below these.
// What each folder may include, as rules.
#pragma once

#include <vector>

#include "tests/house/source_tree.h"

namespace inpaint::house {

/// Every include that points up, makes a circle between rooms (folders of sources), is not rooted at the source folder, or brings a library to a folder
/// that must not know it. Torch is followed through our own headers: one that includes torch counts
/// as torch. `files` must hold all of grammar/, engine/ and lsp/ for that; names that it lacks are
/// reported.
std::vector<Violation> include_violations(const Files& files);

}  // namespace inpaint::house
