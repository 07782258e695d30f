// Reads a source file, and refuses what is none before anything is built on it.
//
// Offsets that go out must fit the file byte for byte, so nothing is repaired on the way: a file
// that is not UTF-8 is an error that names the byte. Read, not mapped: another program may cut the
// file short at any time.
//
// What is read here is shown to a model, so a file that holds secrets (engine/base/secret_files.h)
// is refused, by hand as well.
//
// Errors: file_not_found; io_failed (a folder, no permission, disk errors); bad_argument (binary,
//         too large, not UTF-8, secrets).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "engine/base/error.h"

namespace inpaint::lsp {

/// Far above any source file, and low enough that a device file or a wrong name does no harm.
inline constexpr std::size_t kLargestSourceFile = 64UL * 1024 * 1024;
/// A NUL among the first bytes is what tells binary files from text, as in other tools.
inline constexpr std::size_t kBinaryProbe = 8000;

engine::Result<std::string> read_source_file(const std::filesystem::path& path,
                                             std::size_t largest = kLargestSourceFile);

}  // namespace inpaint::lsp
