// Letters of ASCII and their case.
//
// Names of languages, headers, hosts, options and files are alike in either case, and the letters of
// which that is meant are ASCII's. std::tolower would ask the locale, and takes no negative char: a
// byte beyond ASCII is left as it is here, so UTF-8 stays what it was.
//
// Units: bytes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace inpaint::grammar {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }

constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), to_lower);
  return result;
}

/// Whether they are the same text but for the case of letters.
inline bool alike_in_lower_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

}  // namespace inpaint::grammar
