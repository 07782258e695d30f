// Documents that Inpaint keeps away from: those that hold secrets, and those that the user names.
//
// What holds secrets is a rule (engine/base/secret_files.h); a user can add patterns to it, nothing
// takes away from it. A document's text counts as well as its names: a private key in an unnamed
// buffer is one.
//
// Cost: O(text), as a search for a word.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/secret_files.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

/// By its names, its text, and what the client calls it ("dotenv").
engine::Secrecy secrecy_of(const Document& document);

/// The pattern that names the file, or null. `path` is absolute or relative, with "/" between its
/// parts. `*` stands for any characters but "/"; a pattern with "/" is compared with the end of the
/// path, one without with its last part; `~/` at its begin stands for any home. Upper and lower
/// case are alike.
const std::string* pattern_of(std::string_view path, std::span<const std::string> patterns);

}  // namespace inpaint::lsp
