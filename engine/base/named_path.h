// One form for every path that a person writes: on the command line, in the environment, in a file.
//
// A shell turns ~ into the home only at the beginning of a word, and an editor that starts the
// program has no shell at all: `--model=~/models/mini/` is then read as it stands. And the program
// leaves the folder that it was started in, because a library that it loads ends the process once
// that folder is gone. So a path is made absolute where it is read, and nothing below knows a
// relative one.
//
// "." and superfluous slashes go; ".." stays, since what it means depends on links.
//
// Errors: bad_argument (empty; `~` without a home); file_not_found (relative, and the working
//         folder is gone).
#pragma once

#include <filesystem>
#include <string_view>

#include "engine/base/error.h"

namespace inpaint::engine {

/// What paths begin at. Either may be empty: there is none.
struct PathRoots {
  std::filesystem::path working_folder;
  std::filesystem::path home;
};

/// The absolute path, without a slash at its end. `~name` is a file of that name: whose home it
/// would be is the shell's to know.
Result<std::filesystem::path> absolute_path(std::string_view given, const PathRoots& roots);

}  // namespace inpaint::engine
