#include "lsp/client/settings.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "grammar/base/ascii.h"
#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

using Problem = std::optional<std::string>;  // why a value is not taken

constexpr std::string_view kSection = "inpaint";
constexpr std::size_t kShown = 40;  // of a value, in a message

/// The letters and digits of a name or a word, in lower case.
std::string normal(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (grammar::is_letter(c) || (c >= '0' && c <= '9')) result += grammar::to_lower(c);
  return result;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool says_nothing(const Json& value) {
  return value.is_null() || (value.is_string() && is_blank(value.get_ref<const std::string&>()));
}

/// A flag or a number that stands in quotes.
Json unquoted(const Json& value) {
  if (!value.is_string()) return value;
  const std::string word = normal(value.get_ref<const std::string&>());
  if (word == "true" || word == "on" || word == "yes") return true;
  if (word == "false" || word == "off" || word == "no") return false;
  Json number = Json::parse(value.get_ref<const std::string&>(), nullptr, false);
  return number.is_number() ? number : value;
}

Problem set_flag(const Json& value, bool& to) {
  const auto meant = flag(unquoted(value));
  if (!meant) return "is neither true nor false";
  to = *meant;
  return std::nullopt;
}

Problem set_whole(const Json& value, std::int64_t low, std::int64_t high, std::int64_t& to) {
  const auto number = whole_number(unquoted(value));
  if (!number || *number < low || *number > high) {
    return "is not a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  }
  to = *number;
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
  std::string given = normal(text_of(value).value_or(""));
  if (value.is_boolean()) given = value.get<bool>() ? "on" : "off";
  std::string list;
  for (const auto& [word, meaning] : words) {
    if (given == normal(word)) {
      to = meaning;
      return std::nullopt;
    }
    list.append(list.empty() ? "" : ", ").append(word);
  }
  return "is none of " + list;
}

Problem set_list(const Json& value, std::vector<std::string>& to) {
  std::vector<std::string> texts;
  for (const Json* element : elements_of(value)) {
    if (element->is_null()) continue;
    if (!element->is_string()) return "is not a list of texts";
    texts.push_back(element->get<std::string>());
  }
  to = std::move(texts);
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

constexpr std::array<std::pair<std::string_view, Foresight>, 3> kForesight = {{
    {"auto", Foresight::automatic},
    {"on", Foresight::on},
    {"off", Foresight::off},
}};

Problem set_threshold(const Json& value, float& threshold) {
  const Json number = unquoted(value);
  if (!number.is_number() || number.get<double>() < 0.001 || number.get<double>() > 1.0) {
    return "is not a number from 0.001 to 1";
  }
  threshold = number.get<float>();
  return std::nullopt;
}

Problem set_snooze(const Json& value, std::optional<std::chrono::minutes>& snooze) {
  if (const Json meant = unquoted(value); meant.is_boolean()) {
    snooze = meant.get<bool>() ? std::optional(kSnoozeForGood) : std::nullopt;
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
  using enum PositionEncoding;
  static constexpr std::array<std::pair<std::string_view, std::optional<PositionEncoding>>, 4>
      kEncodings = {
          {{"auto", std::nullopt}, {"utf-8", utf8}, {"utf-16", utf16}, {"utf-32", utf32}}};
  return set_word(value, kEncodings, encoding);
}

struct Setting {
  std::string_view name;
  std::function<Problem(const Json&, Settings&)> set;
  bool is_list = false;
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
      {"foresight", [](const Json& v, S& s) { return set_word(v, kForesight, s.foresight); }},
      {"languagesOff", [](const Json& v, S& s) { return set_list(v, s.languages_off); }, true},
      {"excludedFiles", [](const Json& v, S& s) { return set_list(v, s.excluded_files); }, true},
      {"snooze", [](const Json& v, S& s) { return set_snooze(v, s.snooze); }},
      {"positionEncoding", [](const Json& v, S& s) { return set_encoding(v, s.encoding); }},
  };
  return kKnown;
}

/// Settings that would let a folder load a file or name a machine.
constexpr std::string_view kOfTheCommandLine[] = {"model", "server", "grammars", "device", "log"};
/// What clients of ours keep in the same section for themselves.
constexpr std::string_view kOfClients[] = {"serverPath", "modelPath", "snoozeMinutes", "trace",
                                           "trace.server"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view one) { return normal(one) == name; });
}

/// The name of a setting in its normal form, without the section in front.
std::string normal_name(std::string_view name) {
  std::string result = normal(name);
  if (result.starts_with(kSection) && result.size() > kSection.size())
    result.erase(0, kSection.size());
  return result;
}

const Json* section_of(const Json& given) {
  if (!given.is_object()) return nullptr;
  for (const auto& [name, value] : given.items())
    if (normal(name) == kSection) return &value;
  return nullptr;
}

/// Takes one setting; `name` as it is spelled.
void take(const Setting& setting, const std::string& name, const Json& value,
          SettingsChange& change) {
  if (!setting.is_list && is_table(value) && value.empty()) return;
  const Problem problem = setting.set(value, change.settings);
  if (!problem) return;
  change.problems.push_back("inpaint." + name + ": " + value.dump().substr(0, kShown) + " " +
                            *problem + ": correct it in your settings");
}

}  // namespace

SettingsChange change_settings(const Settings& base, const Json& given, SettingsScope scope) {
  SettingsChange change{base, {}, {}};
  const Json* const section = section_of(given);
  const Json& settings = section != nullptr ? *section : given;
  const bool ours = section != nullptr || scope == SettingsScope::ours;
  if (says_nothing(settings)) return change;
  if (!is_table(settings)) {
    change.problems.emplace_back("inpaint: the settings are no table: see the documentation");
    return change;
  }
  for (const auto& [name, value] : settings.items()) {
    if (says_nothing(value)) continue;
    const std::string normal_form = normal_name(name);
    const auto& known = known_settings();
    const auto setting =
        std::ranges::find(known, normal_form, [](const Setting& one) { return normal(one.name); });
    if (setting != known.end()) {
      const bool spelled_right_elsewhere =
          name != setting->name && settings.contains(setting->name);
      if (!spelled_right_elsewhere) take(*setting, name, value, change);
    } else if (is_one_of(normal_form, kOfTheCommandLine)) {
      change.not_taken.push_back("inpaint." + name +
                                 ": not taken from settings, which a folder may bring along: "
                                 "name it on the server's command line");
    } else if (ours && !is_one_of(normal_form, kOfClients)) {
      change.problems.push_back("inpaint." + name +
                                ": there is no such setting: correct its name in your settings");
    }
  }
  return change;
}

}  // namespace inpaint::lsp
