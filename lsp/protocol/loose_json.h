// What a client means by a value, however loosely it writes it.
//
// The protocol names exact types, and languages that clients are written in do not have them: Lua
// and PHP write an empty table as a list, Lua and JavaScript write 6 as 6.0, Vim script has 1 for
// true, and many a list of one is written as that one. So values are read by their meaning, by one
// rule for each kind, and here:
//
//   table         an object; an empty list
//   list          a list; null or an empty table has no elements, anything else is a list of one
//   whole number  a number without a fraction, within 64 bits
//   flag          true, false; 1, 0
//
// What a person may write instead is one step looser, and read in client/settings.h.
//
// Errors: nothing, where a value can not mean what is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/protocol/message.h"

namespace inpaint::lsp {

/// The member of that name; null where there is none, also where `json` is no object.
const Json& member(const Json& json, std::string_view name);
/// The member of a member ...; null where any of them is missing.
const Json& member(const Json& json, std::initializer_list<std::string_view> names);

/// Whether it is a table, with or without anything in it.
bool is_table(const Json& json);
/// They live as long as `json`.
std::vector<const Json*> elements_of(const Json& json);
std::optional<std::int64_t> whole_number(const Json& json);
std::optional<bool> flag(const Json& json);
/// Nothing where it is no text.
std::optional<std::string> text_of(const Json& json);

}  // namespace inpaint::lsp
