// From a document's URI to the path of its file.
//
// Documents are told apart by their URI as it stands; a path is wanted only to show the model where a
// file lies and to know its kind. A URI of another scheme ("untitled:", "vscode-notebook-cell:")
// gives its path part, which names no file but may tell the language.
//
// Source: RFC 3986, RFC 8089.
#pragma once

#include <filesystem>
#include <string_view>

namespace inpaint::lsp {

bool is_file_uri(std::string_view uri);

/// The path part, percent-decoded. Never fails: what is no escape stays as it is.
std::filesystem::path path_of_uri(std::string_view uri);

}  // namespace inpaint::lsp
