#include "lsp/client/settings.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>

namespace inpaint::lsp {
namespace {

using Problem = std::optional<std::string>;  // why a value is not taken

Problem set_flag(const Json& value, bool& flag) {
  if (!value.is_boolean()) return "is neither true nor false";
  flag = value.get<bool>();
  return std::nullopt;
}

Problem set_whole(const Json& value, std::int64_t low, std::int64_t high, std::int64_t& number) {
  const bool fits =
      value.is_number_integer() && (!value.is_number_unsigned() ||
                                    value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high));
  if (!fits || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high) {
    return "is not a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  }
  number = value.get<std::int64_t>();
  return std::nullopt;
}

/// `time`: milliseconds, which may be optional.
template <class Time>
Problem set_time(const Json& value, std::int64_t high, Time& time) {
  std::int64_t number = 0;
  if (auto problem = set_whole(value, 1, high, number)) return problem;
  time = std::chrono::milliseconds(number);
  return std::nullopt;
}

Problem set_int(const Json& value, int high, int& to) {
  std::int64_t number = 0;
  if (auto problem = set_whole(value, 1, high, number)) return problem;
  to = static_cast<int>(number);
  return std::nullopt;
}

template <class Enum, std::size_t n>
Problem set_word(const Json& value, const std::array<std::pair<std::string_view, Enum>, n>& words,
                 Enum& to) {
  std::string list;
  for (const auto& [word, meaning] : words) {
    if (value == word) {
      to = meaning;
      return std::nullopt;
    }
    list.append(list.empty() ? "" : ", ").append(word);
  }
  return "is none of " + list;
}

Problem set_list(const Json& value, std::vector<std::string>& to) {
  const bool fits = value.is_array() && std::ranges::all_of(value, [](const Json& element) {
                      return element.is_string();
                    });
  if (!fits) return "is not a list of texts";
  to = value.get<std::vector<std::string>>();
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, engine::Mode>, 3> kModes = {{
    {"lossless", engine::Mode::lossless},
    {"diffusion", engine::Mode::diffusion},
    {"autoregressive", engine::Mode::autoregressive},
}};
constexpr std::array<std::pair<std::string_view, CompletionItems>, 3> kCompletionItems = {{
    {"auto", CompletionItems::automatic},
    {"on", CompletionItems::on},
    {"off", CompletionItems::off},
}};

Problem set_threshold(const Json& value, float& threshold) {
  if (!value.is_number() || value.get<double>() < 0.001 || value.get<double>() > 1.0) {
    return "is not a number from 0.001 to 1";
  }
  threshold = value.get<float>();
  return std::nullopt;
}

Problem set_snooze(const Json& value, std::optional<std::chrono::minutes>& snooze) {
  if (value.is_boolean()) {
    snooze = value.get<bool>() ? std::optional(kSnoozeForGood) : std::nullopt;
    return std::nullopt;
  }
  std::int64_t minutes = 0;
  if (set_whole(value, 0, 60 * 24 * 366, minutes)) {
    return "is neither true, nor false, nor a number of minutes";
  }
  snooze = minutes > 0 ? std::optional(std::chrono::minutes(minutes)) : std::nullopt;
  return std::nullopt;
}

Problem set_encoding(const Json& value, std::optional<PositionEncoding>& encoding) {
  if (value == "auto") {
    encoding.reset();
    return std::nullopt;
  }
  const auto named =
      value.is_string() ? position_encoding(value.get_ref<const std::string&>()) : std::nullopt;
  if (!named) return "is none of auto, utf-8, utf-16, utf-32";
  encoding = named;
  return std::nullopt;
}

struct Setting {
  std::string_view name;
  std::function<Problem(const Json&, Settings&)> set;
};

const std::vector<Setting>& known_settings() {
  using S = Settings;
  static const std::vector<Setting> kKnown = {
      {"enabled", [](const Json& v, S& s) { return set_flag(v, s.enabled); }},
      {"mode", [](const Json& v, S& s) { return set_word(v, kModes, s.decoding.mode); }},
      {"maxTokens", [](const Json& v, S& s) { return set_int(v, 1024, s.decoding.max_tokens); }},
      {"threshold", [](const Json& v, S& s) { return set_threshold(v, s.decoding.threshold); }},
      {"gate", [](const Json& v, S& s) { return set_flag(v, s.decoding.gate); }},
      {"alternatives", [](const Json& v, S& s) { return set_int(v, 8, s.decoding.alternatives); }},
      {"deadlineMs", [](const Json& v, S& s) { return set_time(v, 600'000, s.decoding.deadline); }},
      {"completionDeadlineMs",
       [](const Json& v, S& s) { return set_time(v, 10'000, s.popup_deadline); }},
      {"completionItems",
       [](const Json& v, S& s) { return set_word(v, kCompletionItems, s.completion_items); }},
      {"languagesOff", [](const Json& v, S& s) { return set_list(v, s.languages_off); }},
      {"excludedFiles", [](const Json& v, S& s) { return set_list(v, s.excluded_files); }},
      {"snooze", [](const Json& v, S& s) { return set_snooze(v, s.snooze); }},
      {"positionEncoding", [](const Json& v, S& s) { return set_encoding(v, s.encoding); }},
  };
  return kKnown;
}

/// Settings that would let a folder load a file or name a machine.
bool belongs_to_the_command_line(std::string_view name) {
  constexpr std::string_view kNames[] = {"model", "server", "grammars", "device", "log"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

}  // namespace

SettingsChange change_settings(const Settings& base, const Json& given) {
  SettingsChange change{base, {}, {}};
  if (given.is_null()) return change;
  const Json* settings = &given;
  if (given.is_object() && given.contains("inpaint")) settings = &given["inpaint"];
  if (settings->is_null()) return change;
  if (!settings->is_object()) {
    change.problems.emplace_back("inpaint: the settings are no object: see the documentation");
    return change;
  }
  for (const Setting& setting : known_settings()) {
    const auto value = settings->find(setting.name);
    if (value == settings->end() || value->is_null()) continue;
    const Problem problem = setting.set(*value, change.settings);
    if (!problem) continue;
    change.problems.push_back("inpaint." + std::string(setting.name) + ": " + *problem +
                              ": correct it in your settings");
  }
  for (const auto& [name, value] : settings->items()) {
    if (!belongs_to_the_command_line(name) || value.is_null()) continue;
    change.not_taken.push_back("inpaint." + name +
                               ": not taken from settings, which a folder may bring along: "
                               "name it on the server's command line");
  }
  return change;
}

}  // namespace inpaint::lsp
