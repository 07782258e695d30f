// What a file of the project must not hold, whatever its language.
#pragma once

#include <string_view>
#include <vector>

#include "tests/house/source_tree.h"

namespace inpaint::house {

/// Absolute paths of somebody's machine, and names of package registries' hosts: both make the
/// project work in one place only.
std::vector<Violation> foreign_place_violations(std::string_view path, std::string_view text);

/// Variables of namespace scope or static storage that are not constant: two servers in one process
/// would share them. A scan of lines, which the enforced formatting makes reliable: only what stands
/// at namespace scope begins in the first column. clang-tidy looks closer, where it runs.
std::vector<Violation> mutable_global_violations(std::string_view path, std::string_view text);

/// C++ files longer than 400 lines mostly hold two concepts; those that do not are listed with a
/// reason.
std::vector<Violation> length_violations(std::string_view path, std::string_view text);

/// Rooms (folders of sources) with more than 26 sources (.cpp .cu): a newcomer no longer knows where
/// a line of code belongs.
std::vector<Violation> crowded_room_violations(const Files& files);

}  // namespace inpaint::house
