// Options whose values are read by their meaning (value_text.h).
//
// CLI11's own readers refuse some ways to write a number, let "nan" pass and take "-1" for a large
// unsigned one. So each value is brought into one form first, and what is not understood is an
// error that says what would be.
//
// Errors: CLI::ValidationError, as CLI11's own.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/engine.h"
#include "lsp/command/value_text.h"

namespace inpaint::lsp {

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

inline const Words<engine::Device>& device_words() {
  static const Words<engine::Device> words = {{"cpu", engine::Device::cpu},
                                              {"cuda", engine::Device::cuda}};
  return words;
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

/// How a model is asked that was not trained by Inpaint.
inline CLI::Option* add_prompt_format(CLI::App* app, std::string& format) {
  return app
      ->add_option("--prompt-format", format,
                   "What published weights are asked with, else that of their family: fim-psm-1, "
                   "fim-spm-1, fim-file-1, fim-cut-1, prefix-1")
      ->type_name("NAME");
}

/// What drafts for a model that was not trained by Inpaint.
inline CLI::Option* add_adapter(CLI::App* app, std::string& adapter) {
  return app
      ->add_option(
          "--adapter", adapter,
          "Folder of the mask adapter that drafts for published weights, or none; else the "
          "one that fits")
      ->type_name("FOLDER|none");
}

/// An option that is on or off.
inline CLI::Option* add_switch(CLI::App* app, const std::string& name, bool& value,
                               const std::string& help) {
  return app
      ->add_option_function<std::string>(
          name,
          [&value, name](const std::string& given) {
            const auto read = read_switch(given);
            if (!read) throw CLI::ValidationError(name, "'" + given + "' is none of on|off");
            value = *read;
          },
          help)
      ->type_name("on|off")
      ->default_str(value ? "on" : "off");
}

}  // namespace inpaint::lsp
