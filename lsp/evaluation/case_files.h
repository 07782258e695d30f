// In which order source files are asked for cases.
//
// By language; within one, packages take turns, and within a package its files do. Both orders come
// from hashes of names and the seed: the same on every machine, and a file more or less moves
// nothing else.
//
// Errors: file_not_found, io_failed (the folder).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct CaseFile {
  std::filesystem::path file;
  std::string path;     // as the model should see it: without the folders that name the package
  std::string package;  // those folders
};

/// `strip`: how many leading folders name the package. Keyed by language, the names as
/// grammar::Language has them; a header that may be C or C++ is decided by its text. `language`: only files
/// in this one, as case_language() has it; empty: in all that have a grammar.
engine::Result<std::map<std::string, std::vector<CaseFile>>>
find_case_files(const std::filesystem::path& folder, int strip, std::uint64_t seed,
                std::string_view language = {});

}  // namespace inpaint::lsp
