// How fast each model writes on this machine, as `inpaint models check` has measured it.
//
// Kept in model_speeds.json in the cache folder, by the path and size of the model: what can be
// measured again may be lost, so a file that cannot be read counts as none.
//
// Units:  tokens per second.
// Errors: those of writing; reading has none.
// Thread rule: any thread; of two that write at once one is kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/base/error.h"

namespace inpaint::lsp {

std::optional<double> measured_speed(const std::filesystem::path& cache_folder,
                                     const std::filesystem::path& model, std::uint64_t bytes);

engine::Result<void> keep_speed(const std::filesystem::path& cache_folder,
                                const std::filesystem::path& model, std::uint64_t bytes,
                                double tokens_per_second);

}  // namespace inpaint::lsp
