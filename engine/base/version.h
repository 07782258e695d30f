// The version of the program, as CMakeLists.txt gives it to the project.
#pragma once

#include <string_view>

namespace inpaint::engine {

inline constexpr std::string_view kVersion = INPAINT_VERSION;

}  // namespace inpaint::engine
