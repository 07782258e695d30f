// One object of a config.json, read key by key.
//
// The first problem is kept, and every read goes on as if there were none: the caller asks once, at the
// end. What a key may hold is for those who derive from it to say.
//
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace inpaint::engine {

class ConfigFields {
 public:
  /// `object` outlives the fields.
  explicit ConfigFields(const nlohmann::json& object) : object_(object) {}

  const std::string& problem() const { return problem_; }
  void refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  /// Null where the key is missing, or its value null: transformers writes null for "not set".
  const nlohmann::json* find(std::string_view key) const {
    const auto place = object_.find(key);
    return place == object_.end() || place->is_null() ? nullptr : &*place;
  }
  bool has(std::string_view key) const { return find(key) != nullptr; }

 protected:
  static bool is_count(const nlohmann::json& value, int most) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
           value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
  }

 private:
  const nlohmann::json& object_;
  std::string problem_;
};

}  // namespace inpaint::engine
