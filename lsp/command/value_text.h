// What a person means by the text of a value: numbers, switches and words.
//
// People and scripts write one number in many ways (6, 6.0, +6, 6e0, .5), and words in any case and
// with blanks around them. Each is read here, and nowhere else in this room.
//
// Errors: nothing, where the text can not mean what is asked for.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "grammar/base/ascii.h"

namespace inpaint::lsp {

/// Without blanks around it, and in lower case.
inline std::string plain_word(std::string_view given) {
  const std::size_t begin = std::min(given.find_first_not_of(" \t"), given.size());
  given = given.substr(begin, given.find_last_not_of(" \t") + 1 - begin);
  return grammar::lowered(given);
}

/// The number, if it is one that `Number` can hold: a fraction is no whole number, 6.0 is.
template <class Number>
std::optional<Number> read_number(std::string_view given) {
  const std::string word = plain_word(given);
  const bool has_plus = word.size() > 1 && word[0] == '+' && word[1] != '-';
  const char* const begin = word.data() + (has_plus ? 1 : 0);
  const char* const end = word.data() + word.size();
  const auto parsed = [&](auto& value) {
    const auto [stopped, error] = std::from_chars(begin, end, value);
    return error == std::errc{} && stopped == end && begin != end;
  };
  if (Number exact{}; parsed(exact)) return exact;
  if constexpr (std::is_integral_v<Number>) {
    constexpr double kExact = 9007199254740992.0;  // up to here every whole number is a double
    double value = 0.0;
    const double lowest = std::is_signed_v<Number> ? -kExact : 0.0;
    const double highest =
        std::min(kExact, static_cast<double>(std::numeric_limits<Number>::max()));
    if (parsed(value) && value == std::floor(value) &&
        value >= std::max(lowest, static_cast<double>(std::numeric_limits<Number>::min())) &&
        value <= highest)
      return static_cast<Number>(value);
  }
  return std::nullopt;
}

/// On or off, in the words of several languages' configurations.
inline std::optional<bool> read_switch(std::string_view given) {
  constexpr std::array<std::string_view, 4> kOn = {"on", "yes", "true", "1"};
  constexpr std::array<std::string_view, 4> kOff = {"off", "no", "false", "0"};
  const std::string word = plain_word(given);
  if (std::ranges::find(kOn, word) != kOn.end()) return true;
  if (std::ranges::find(kOff, word) != kOff.end()) return false;
  return std::nullopt;
}

}  // namespace inpaint::lsp
