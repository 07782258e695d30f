// Files that no completion is made in, and whose text no model is shown: they hold secrets.
//
// A name is enough: reading a file to find out whether it may be read would be too late. The list is
// of what is certain to hold keys and passwords; a user can add to it, nothing takes away from it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace inpaint::lsp {

/// `path` is absolute or relative, with "/" between its parts. `more` are patterns as the list's own:
/// `*` stands for any characters but "/"; a pattern with "/" is compared with the end of the path, one
/// without with its last part. Upper and lower case are alike.
bool is_excluded_file(std::string_view path, std::span<const std::string> more = {});

}  // namespace inpaint::lsp
