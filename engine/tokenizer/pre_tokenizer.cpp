#include "engine/tokenizer/pre_tokenizer.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/tokenizer/named_splits.h"
#include "engine/tokenizer/split_pattern.h"

namespace inpaint::engine {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxParts = 16;

std::unexpected<Error> bad(std::string why) {
  return failure(ErrorCode::bad_tokenizer, "", std::move(why));
}

std::string text_of(const json& part, const char* key) {
  auto value = part.find(key);
  return value != part.end() && value->is_string() ? value->get<std::string>() : std::string();
}

// std::nullopt for what is neither true nor false.
std::optional<bool> flag_of(const json& part, const char* key, bool otherwise) {
  auto value = part.find(key);
  if (value == part.end() || value->is_null()) return otherwise;
  if (!value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

Result<std::string> read_split(const json& part) {
  std::string behavior = text_of(part, "behavior");
  bool keeps_all =
      behavior == "Isolated" || (behavior == "Removed" && flag_of(part, "invert", false) == true);
  if (!keeps_all) return bad(fmt::format("split behavior \"{}\" is not supported", behavior));
  auto pattern = part.find("pattern");
  if (pattern == part.end() || !pattern->is_object()) return bad("a split without a pattern");
  if (std::string regex = text_of(*pattern, "Regex"); !regex.empty()) {
    return translate_split_pattern(regex, "");
  }
  if (std::string literal = text_of(*pattern, "String"); !literal.empty()) {
    return literal_split_pattern(literal);
  }
  return bad("a split without a pattern");
}

// Appends the pattern of GPT-2 if this part asks for it.
Result<void> read_byte_level(const json& part, std::vector<std::string>& patterns) {
  if (flag_of(part, "add_prefix_space", true) != false) {
    return bad("ByteLevel with add_prefix_space would change the text, not supported");
  }
  auto use_regex = flag_of(part, "use_regex", true);
  if (!use_regex) return bad("ByteLevel.use_regex is not true or false");
  if (!*use_regex) return {};
  auto pattern = translate_split_pattern(kGpt2Split, "");
  if (!pattern) return std::unexpected(pattern.error());
  patterns.push_back(std::move(*pattern));
  return {};
}

Result<void> read_part(const json& part, bool is_last, std::vector<std::string>& patterns) {
  std::string type = part.is_object() ? text_of(part, "type") : std::string();
  // What follows ByteLevel would see stand-ins instead of the text; what ends without it is not
  // byte-level.
  if ((type == "ByteLevel") != is_last) {
    return bad(is_last ? fmt::format("pre_tokenizer ends in \"{}\", it is not byte-level", type)
                       : std::string("pre_tokenizer has parts behind ByteLevel"));
  }
  if (type == "ByteLevel") return read_byte_level(part, patterns);
  if (type == "Digits") {
    auto each = flag_of(part, "individual_digits", false);
    if (!each) return bad("Digits.individual_digits is not true or false");
    patterns.emplace_back(*each ? R"(\p{N})" : R"(\p{N}+)");
    return {};
  }
  if (type != "Split") return bad(fmt::format("pre_tokenizer \"{}\" is not supported", type));
  auto pattern = read_split(part);
  if (!pattern) return std::unexpected(pattern.error());
  patterns.push_back(std::move(*pattern));
  return {};
}

}  // namespace

Result<std::vector<std::string>> read_split_patterns(const json* pre_tokenizer) {
  if (pre_tokenizer == nullptr) return bad("pre_tokenizer is missing, it is not byte-level");
  std::vector<std::string> patterns;
  if (!pre_tokenizer->is_object() || text_of(*pre_tokenizer, "type") != "Sequence") {
    auto read = read_part(*pre_tokenizer, true, patterns);
    if (!read) return std::unexpected(read.error());
    return patterns;
  }
  auto parts = pre_tokenizer->find("pretokenizers");
  if (parts == pre_tokenizer->end() || !parts->is_array() || parts->empty() ||
      parts->size() > kMaxParts) {
    return bad(fmt::format("pre_tokenizer is not a list of 1 to {} parts", kMaxParts));
  }
  for (std::size_t i = 0; i < parts->size(); ++i) {
    auto read = read_part((*parts)[i], i + 1 == parts->size(), patterns);
    if (!read) return std::unexpected(read.error());
  }
  return patterns;
}

}  // namespace inpaint::engine
