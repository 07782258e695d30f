// The fetcher's list of usable files, keep.jsonl: one JSON object a line with
//   path (relative to the list's folder), lang, bytes, package, licence.
//
// The list is trusted no more than any other file: a path may not lead out of the folder.
//
// Units:  bytes.   Errors: bad_data (naming the line), file_not_found, io_failed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

/// The fetcher takes files up to 300 kB; line ends and source maps may add a little.
inline constexpr std::uint64_t kMaxListedBytes = 4'000'000;

struct KeptFile {
  std::string path;  // relative to the list's folder: "src/LANGUAGE/PACKAGE/..."
  std::string language, package, licence;
  std::uint32_t bytes = 0;

  /// Without the leading "src/LANGUAGE/PACKAGE/".
  std::string path_in_package() const;
};

Result<std::vector<KeptFile>> read_keep_list(const std::filesystem::path& keep_jsonl);

/// The package without its version: what stands before the last '@', if there is one.
std::string package_name(const std::string& package);

}  // namespace inpaint::engine
