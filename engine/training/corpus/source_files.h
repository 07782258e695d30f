// The source files of a plain folder, such as the user's own repository, that training may read.
//
// Left out: folders that hold no source of the user's (.git and other hidden ones, node_modules,
// build outputs, vendored packages), hidden files, files that may hold secrets by their name or
// their text (engine/base/secret_files.h), files in no language that the model knows, files of more
// than 300 kB, and, once they are read, binary files and files that are not UTF-8. Symbolic links
// are not followed: they lead out of the folder or around in circles.
//
// Units:  bytes.   Order: by path, the same on every machine.
// Errors: file_not_found, io_failed (the folder itself); a file that cannot be read is left out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

inline constexpr std::uint64_t kMaxSourceBytes = 300'000;

struct SourceFile {
  std::string path;      // relative to the folder, with '/'
  std::string language;  // as Document names it
  std::uint32_t bytes = 0;
};

/// The language by the extension, "" for none of ours. A `.h` is C here; its text decides later.
std::string_view source_language(std::string_view path);

/// True for folders that are skipped whole.
bool is_foreign_folder(std::string_view folder_name);

/// The language of a path, "" for files that are left out.
using LanguageOfPath = std::string_view (*)(std::string_view path);

Result<std::vector<SourceFile>> find_source_files(const std::filesystem::path& folder,
                                                  LanguageOfPath language_of = &source_language);

/// The text when it may be used: at most `max_bytes`, UTF-8, no NUL.
std::optional<std::string> read_source_text(const std::filesystem::path& path,
                                            std::uint64_t max_bytes = kMaxSourceBytes);

/// The same for a file of the user's own, which may hold a private key; such a file is not read.
std::optional<std::string> read_own_text(const std::filesystem::path& path);

/// "cpp" for a header in which something can only be C++, else what was said before.
std::string_view refine_language(std::string_view language, std::string_view path,
                                 std::string_view text);

}  // namespace inpaint::engine
