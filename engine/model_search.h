// Which model is meant: what the user named, else the one that comes with the program.
//
// A model is a folder. People also name it by a file in it, with a slash at the end, or with ~
// where no shell has replaced it; all of these mean the folder.
//
// Errors: bad_argument (a path that cannot be made absolute); file_not_found, naming every place
//         that was tried, where none has a config.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/named_path.h"

namespace inpaint::engine {

/// The name of the model that comes with the program, where no folder of that name lies at hand.
inline constexpr std::string_view kEmbeddedModel = "mini";

/// The model's folder, absolute: `named` if given (a path, or "mini"), else the environment's
/// INPAINT_MODEL, else share/inpaint/mini beside the installed `program`, else engine/mini of the
/// source tree that the program was built in.
Result<std::filesystem::path> find_model(const std::optional<std::string>& named,
                                         const PathRoots& roots,
                                         const std::filesystem::path& program);

}  // namespace inpaint::engine
