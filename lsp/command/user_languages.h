// Languages that a user adds without compiling Inpaint: a tree-sitter grammar as a shared library,
// and a few words on how its texts look.
//
// They are named in a file of the user's own, languages.json in the configuration folder, and
// nowhere else: a library is code, and opening a workspace must not run it. An object with a
// language each:
//
//   "lua": { "grammar": "~/grammars/lua.so",   a library that has the function tree_sitter_lua, by
//   a
//                                               path that may begin at home or at that folder,
//            "symbol": "tree_sitter_lua",       or another one "extensions": [".lua"], "strings":
//            ["\"", "'"],            what opens and closes a string; or an object with open,
//                                               close, manyLines, escapes
//            "lineComment": "--", "blockComment": ["--[[", "]]"],
//            "indents": false, "semicolons": false }   how blocks and statements end
//
// Grammar and extensions are needed, everything else may be left out. All is read by its meaning
// (language_description.h). One that can not be used is told, and the others are used; a name that
// means nothing is told, and the language is used.
//
// Errors: values, one for each language that can not be used.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "engine/base/error.h"
#include "grammar/tree/language_set.h"

namespace inpaint::lsp {

/// In the user's configuration folder.
inline constexpr const char* kLanguagesFile = "languages.json";

class UserLanguages {
 public:
  /// A file that is not there names none, nor does one that is not named by an absolute path: it
  /// would lie in whatever folder one works in.
  static UserLanguages load(const std::filesystem::path& file);
  UserLanguages();
  UserLanguages(UserLanguages&&) noexcept;
  UserLanguages& operator=(UserLanguages&&) noexcept;
  ~UserLanguages();

  /// Good as long as this object is. The libraries stay in the process.
  grammar::LanguageSet set() const;
  const std::vector<engine::Error>& problems() const { return problems_; }

 private:
  struct Entry;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<engine::Error> problems_;
};

}  // namespace inpaint::lsp
