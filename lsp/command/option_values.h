// How the values of options are read: numbers and words, by what they mean.
//
// People and scripts write one number in many ways (6, 6.0, +6, 6e0, .5), and words in any case;
// CLI11's own readers refuse some of these, let "nan" pass and take "-1" for a large unsigned
// number. So each value is brought into one form first, and what is not understood is an error that
// says what would be.
//
// Errors: CLI::ValidationError, as CLI11's own.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace inpaint::lsp {

/// Without blanks around it, and in lower case.
inline std::string plain_word(std::string_view given) {
  const std::size_t begin = std::min(given.find_first_not_of(" \t"), given.size());
  given = given.substr(begin, given.find_last_not_of(" \t") + 1 - begin);
  std::string word(given);
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word;
}

/// The number, if it is one that `Number` can hold: a fraction is no whole number, 6.0 is.
template <class Number>
std::optional<Number> read_number(std::string_view given) {
  const std::string word = plain_word(given);
  const char* const begin = word.data() + (word.starts_with('+') ? 1 : 0);
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

/// For Option::transform: a number within the limits, both included, in the form that CLI11 reads.
template <class Number>
CLI::Validator number_from(Number low, Number high = std::numeric_limits<Number>::max()) {
  const auto read = [low, high](std::string& given) -> std::string {
    const std::optional<Number> value = read_number<Number>(given);
    if (value && low <= *value && *value <= high) {
      given = fmt::format("{}", *value);
      return "";
    }
    const std::string kind = std::is_integral_v<Number> ? "whole number" : "number";
    const bool open = high == std::numeric_limits<Number>::max();
    return fmt::format("'{}' is not a {} from {}{}", given, kind, low,
                       open ? "" : fmt::format(" to {}", high));
  };
  return {read, ""};
}

/// A word of the command line that stands for a value.
template <class Value>
using Words = std::vector<std::pair<std::string, Value>>;

/// What `given` stands for; `list` are all words, for the error.
template <class Value>
Value word_among(const Words<Value>& words, const std::string& given, const std::string& option,
                 const std::string& list) {
  const auto found =
      std::ranges::find(words, plain_word(given), &std::pair<std::string, Value>::first);
  if (found == words.end())
    throw CLI::ValidationError(option, "'" + given + "' is none of " + list);
  return found->second;
}

/// An option whose value is one of a few words.
template <class Value>
CLI::Option* add_words(CLI::App* app, const std::string& name, Value& value,
                       const Words<Value>& words, const std::string& help) {
  std::string list;
  std::string standard;
  for (const auto& [word, meaning] : words) {
    list += (list.empty() ? "" : "|") + word;
    if (meaning == value) standard = word;
  }
  return app
      ->add_option_function<std::string>(
          name,
          [&value, words, list, name](const std::string& given) {
            value = word_among(words, given, name, list);
          },
          help)
      ->type_name(list)
      ->default_str(standard);
}

/// An option that is on or off.
inline CLI::Option* add_switch(CLI::App* app, const std::string& name, bool& value,
                               const std::string& help) {
  return app
      ->add_option_function<std::string>(
          name,
          [&value, name](const std::string& given) {
            constexpr std::array kOn = {"on", "yes", "true", "1"};
            constexpr std::array kOff = {"off", "no", "false", "0"};
            const std::string word = plain_word(given);
            value = std::ranges::find(kOn, word) != kOn.end();
            if (!value && std::ranges::find(kOff, word) == kOff.end())
              throw CLI::ValidationError(name, "'" + given + "' is none of on|off");
          },
          help)
      ->type_name("on|off")
      ->default_str(value ? "on" : "off");
}

}  // namespace inpaint::lsp
