#include "tests/project_folders.h"

namespace inpaint::tests {

std::string source_folder() { return INPAINT_SOURCE_DIR; }
std::string binary_folder() { return INPAINT_BINARY_DIR; }

}  // namespace inpaint::tests
