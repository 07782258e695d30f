// Which of the two kinds of models lies at a place.
//
// Thread rule: any thread.
#pragma once

#include <filesystem>

namespace inpaint::engine {

/// Whether `model` is published weights, which take seconds to read: a file, or a folder whose config.json
/// names a family other than that of the embedded model.
bool is_published(const std::filesystem::path& model);

}  // namespace inpaint::engine
