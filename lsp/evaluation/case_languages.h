// Languages in which cases may be cut: those with a grammar, and a few that are written as much and have
// none. Code in these is completed line by line, unchecked; cases say how well.
//
// They are cut when asked for by name, and not otherwise: a folder's cases are those of the languages with a
// grammar, so that published sets stay what they are.
//
// Thread rule: pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace inpaint::lsp {

/// The language that people call `given`: "C#", "csharp" and ".cs" are "csharp". Empty: unknown here.
std::string case_language(std::string_view given);

/// Of the languages without a grammar, by the end of the file's name; empty: none of them.
std::string_view language_without_grammar(std::string_view path);

/// All names without a grammar, for a message: "csharp, php".
std::string languages_without_grammar();

}  // namespace inpaint::lsp
