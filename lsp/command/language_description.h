// What a user has written down of a language of their own, read by its meaning.
//
// People write JSON by hand: a list of one as that one, an extension as "lua" or "*.lua", a switch
// as "yes", names with underscores. Each has one meaning here, and what has none is told by name.
//
// Errors: bad_config, naming the language and what is missing or not understood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace inpaint::lsp {

struct StringDescription {
  std::string open;
  std::string close;
  bool many_lines = false;
  bool escapes = true;
};

struct LanguageDescription {
  std::string name;                     // in lower case, as clients call languages
  std::string grammar;                  // a library, by a path as it was written
  std::string symbol;                   // of the function in it
  std::vector<std::string> extensions;  // with the dot, in lower case; at least one
  std::vector<StringDescription> strings;
  std::string line_comment;  // empty: there are none, as below
  std::string block_open;
  std::string block_close;
  bool indents = false;
  bool semicolons = false;
  std::vector<std::string> unknown;  // names that mean nothing, as they were written
};

/// Whether a name is one that people and editors put into JSON for themselves: "$schema", "_note".
bool is_remark(std::string_view key);

/// `what` names the place in errors.
engine::Result<LanguageDescription>
describe_language(const std::string& name, const nlohmann::json& given, const std::string& what);

}  // namespace inpaint::lsp
