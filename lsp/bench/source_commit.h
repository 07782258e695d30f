// The commit of the source tree that the program was built from.
#pragma once

#include <string>

namespace inpaint::lsp {

/// With "-dirty" behind it where files differ from it; empty where the tree, or git, is not there.
std::string source_commit();

}  // namespace inpaint::lsp
