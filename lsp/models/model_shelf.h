// What engine/model_search.h looks through besides paths, from the user's folders and the catalogue.
//
// Nothing is read before it is asked for: a server that was given its model opens no other file.
//
// Thread rule: any thread.
#pragma once

#include <filesystem>

#include "engine/model_search.h"

namespace inpaint::lsp {

/// Each may be empty: there is none.
struct ModelFolders {
  std::filesystem::path own;     // fetched and added models
  std::filesystem::path set_up;  // where the project's set-up puts some
  std::filesystem::path config;  // the user's configuration
};

/// In the folders of engine/base/folders.h.
ModelFolders model_folders(const std::filesystem::path& data, const std::filesystem::path& cache,
                           const std::filesystem::path& config);

/// `program`: the file of the program, beside which the catalogue lies.
engine::ModelShelf model_shelf(const ModelFolders& folders, const std::filesystem::path& program);

}  // namespace inpaint::lsp
