// Which model is meant: what the user named, else what they have chosen, else the default of those that
// are known by name where it is here, else the one that comes with the program.
//
// A model is a folder with a config.json, or a .gguf file. People also name a folder by a file in it,
// with a slash at the end, or with ~ where no shell has replaced it; all of these mean the folder. And
// they name a model by a word, the name under which it was fetched or added.
//
// A word is looked up before it is taken for a path, and what was chosen for good is a word or an
// absolute path: else a folder of that name in the workspace that an editor has opened would be taken
// for the model. `./NAME` is always the path.
//
// Errors: bad_argument (a path that cannot be made absolute); file_not_found, naming every place
//         that was tried, where none has a model; those of the shelf.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/named_path.h"

namespace inpaint::engine {

/// The name of the model that comes with the program, where no folder of that name lies at hand.
inline constexpr std::string_view kEmbeddedModel = "mini";

/// A folder with a config.json or a .gguf file. Nothing in it is read.
bool holds_a_model(const std::filesystem::path& place);

struct FoundModel {
  std::filesystem::path path;  // its folder or file, absolute
  /// Its name, where it is meant because nobody has named or chosen any; else empty. Who cannot open
  /// it had better go on with the embedded model.
  std::string default_name = {};
  friend bool operator==(const FoundModel&, const FoundModel&) = default;
};

/// What is known besides paths. Each may be null: nothing is.
struct ModelShelf {
  /// The word or the absolute path that the user has chosen for good; nothing where they have not.
  std::function<Result<std::optional<std::string>>()> chosen;
  /// The model of this name; nothing where the name is not known, an error where it is known and the
  /// model is not here.
  std::function<Result<std::optional<std::filesystem::path>>(const std::string& name)> find;
  /// The default; nothing where there is none or it is not here.
  std::function<std::optional<FoundModel>()> default_model = {};
};

/// The model that comes with the program: share/inpaint/mini beside the installed `program`, else
/// engine/mini of the source tree that the program was built in.
Result<std::filesystem::path> embedded_model(const std::filesystem::path& program);

/// `named` if given (a name, a path, or "mini"), else the environment's INPAINT_MODEL, else what the
/// user has chosen, else the default, else the embedded model.
Result<FoundModel> find_model(const std::optional<std::string>& named, const PathRoots& roots,
                              const std::filesystem::path& program, const ModelShelf& shelf = {});

}  // namespace inpaint::engine
