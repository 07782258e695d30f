#include "lsp/protocol/loose_json.h"

#include <cmath>
#include <limits>

namespace inpaint::lsp {
namespace {

const Json& null_value() {
  static const Json kNull;
  return kNull;
}

}  // namespace

const Json& member(const Json& json, std::string_view name) {
  if (!json.is_object()) return null_value();
  const auto found = json.find(name);
  return found == json.end() ? null_value() : *found;
}

const Json& member(const Json& json, std::initializer_list<std::string_view> names) {
  const Json* found = &json;
  for (const std::string_view name : names) found = &member(*found, name);
  return *found;
}

bool is_table(const Json& json) { return json.is_object() || (json.is_array() && json.empty()); }

std::vector<const Json*> elements_of(const Json& json) {
  std::vector<const Json*> elements;
  if (json.is_array()) {
    elements.reserve(json.size());
    for (const Json& element : json) elements.push_back(&element);
  } else if (!json.is_null() && !(json.is_object() && json.empty())) {
    elements.push_back(&json);
  }
  return elements;
}

std::optional<std::int64_t> whole_number(const Json& json) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (json.is_number_unsigned()) {
    const auto number = json.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(kMost)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (!json.is_number_float()) return std::nullopt;
  const auto number = json.get<double>();
  constexpr double kBound = 9223372036854775808.0;  // 2^63, which is one too many
  if (std::trunc(number) != number || number < -kBound || number >= kBound) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<bool> flag(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  const auto number = whole_number(json);
  if (number != 0 && number != 1) return std::nullopt;
  return number == 1;
}

std::optional<std::string> text_of(const Json& json) {
  if (!json.is_string()) return std::nullopt;
  return json.get<std::string>();
}

}  // namespace inpaint::lsp
