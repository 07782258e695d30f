// The model that a person has chosen for all that they do: `inpaint models use NAME`.
//
// It stands as "model" in config.json, in the user's own configuration folder, where no workspace can
// write and nothing of a workspace is read. Other words of that file stay as they are.
//
// Errors: bad_config (the file is no JSON object, or "model" is no text), io_failed, unavailable (there
//         is no home to keep it in).
// Thread rule: any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace inpaint::lsp {

inline constexpr const char* kConfigFile = "config.json";

/// The name or the absolute path; nothing where none was chosen, or the folder is empty (no home).
engine::Result<std::optional<std::string>> chosen_model(const std::filesystem::path& config_folder);

/// Nothing: the choice is taken back. Returns the file.
engine::Result<std::filesystem::path> choose_model(const std::filesystem::path& config_folder,
                                                   const std::optional<std::string>& model);

}  // namespace inpaint::lsp
