// Where the source tree and the build are, for tests that read files of the one or run programs of
// the other.
//
// Functions, and not macros of every source: with an absolute path on its command line no object is
// found in the compiler's cache by a clone in another folder.
#pragma once

#include <string>

namespace inpaint::tests {

std::string source_folder();
std::string binary_folder();

}  // namespace inpaint::tests
