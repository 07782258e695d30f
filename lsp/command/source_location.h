// A place as the command line names it, FILE:LINE:COLUMN, and the byte it stands for.
//
// Read from the right, because a file's name may hold colons. Lines and columns count from 1;
// a column counts characters (Unicode code points), not bytes and not what a terminal draws.
// Nothing is clamped: a place that is not there is a mistake of the caller, who is told what is.
//
// Errors: bad_argument, naming the lines or columns that exist.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct SourceLocation {
  std::filesystem::path file;
  std::size_t line = 1;
  std::size_t column = 1;
  friend bool operator==(const SourceLocation&, const SourceLocation&) = default;
};

/// A number too large for its type becomes the largest one: find_byte() says that it is not there.
engine::Result<SourceLocation> parse_location(std::string_view argument);

/// The byte of `text` in front of which the cursor stands. The place behind the last character of a
/// line is a place too; one inside of a line end is not.
engine::Result<std::size_t> find_byte(std::string_view text, const SourceLocation& location);

}  // namespace inpaint::lsp
