// Where what comes with the program may lie, nearest first.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace inpaint::engine {

/// share/inpaint/NAME beside an installed `program`, which may be empty, and `in_source` of the tree that it
/// was built in.
inline std::vector<std::filesystem::path> shipped_places(const std::filesystem::path& program,
                                                         std::string_view name,
                                                         std::filesystem::path in_source) {
  std::vector<std::filesystem::path> places;
  if (!program.empty())
    places.push_back(program.parent_path().parent_path() / "share/inpaint" / name);
  places.push_back(std::move(in_source));
  return places;
}

}  // namespace inpaint::engine
