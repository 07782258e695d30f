#include "engine/base/named_path.h"

#include <string>

namespace inpaint::engine {

namespace fs = std::filesystem;

Result<fs::path> absolute_path(std::string_view given, const PathRoots& roots) {
  if (given.empty()) return failure(ErrorCode::bad_argument, "path", "it is empty", "name one");
  fs::path path = given;
  fs::path whole;
  if (given == "~" || given.starts_with("~/")) {
    if (roots.home.empty())
      return failure(ErrorCode::bad_argument, std::string(given), "HOME is not set",
                     "write the path without ~");
    whole = roots.home;
    path = fs::path(given.substr(1)).relative_path();
  } else if (path.is_absolute()) {
    whole = "/";
    path = path.relative_path();
  } else {
    if (roots.working_folder.empty())
      return failure(ErrorCode::file_not_found, std::string(given),
                     "the folder that the program was started in is gone",
                     "name it by an absolute path");
    whole = roots.working_folder;
  }
  for (const fs::path& part : path)
    if (!part.empty() && part != ".") whole /= part;
  return whole;
}

}  // namespace inpaint::engine
