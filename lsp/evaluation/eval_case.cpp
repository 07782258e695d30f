#include "lsp/evaluation/eval_case.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/file_handle.h"
#include "engine/base/strict_json.h"
#include "grammar/base/text_lines.h"

namespace inpaint::lsp {
namespace {

using engine::ErrorCode;
using engine::failure;
using engine::Result;
using grammar::HoleKind;
using Json = nlohmann::json;

constexpr std::array kKinds = {HoleKind::line,      HoleKind::expression, HoleKind::argument,
                               HoleKind::statement, HoleKind::block,      HoleKind::middle,
                               HoleKind::span};

std::string list_of_kinds() {
  std::string list;
  for (const HoleKind kind : kKinds) list.append(list.empty() ? "" : ", ").append(to_string(kind));
  return list;
}

/// What makes a place one where nothing can be written, or nothing.
std::string bad_cursor(const EvalCase& asked) {
  if (asked.prefix.ends_with('\r') && asked.suffix.starts_with('\n'))
    return "the cut lies inside of a line end";
  if (asked.prefix.empty() && grammar::text_begin(asked.suffix) > 0)
    return "the cut lies before the byte order mark";
  return {};
}

}  // namespace

std::optional<HoleKind> kind_by_name(std::string_view name) {
  for (const HoleKind kind : kKinds)
    if (to_string(kind) == name) return kind;
  return std::nullopt;
}

const grammar::Language* language_of(const EvalCase& asked) {
  const grammar::Language* by_path = grammar::language_for_path(asked.path, asked.prefix);
  const grammar::Language* by_name = grammar::language_by_name(asked.language);
  const bool is_tsx =
      asked.language == "typescript" && by_path != nullptr && by_path->name == "tsx";
  return by_name == nullptr || is_tsx ? by_path : by_name;
}

Result<EvalCase> parse_case(std::string_view line, const std::string& where) {
  const engine::JsonLimits limits{.max_bytes = kLargestCase, .max_values = 4096, .max_depth = 8};
  const auto json = engine::parse_strict_json(line, limits, ErrorCode::bad_data, where);
  if (!json) {
    engine::Error error = json.error();
    if (error.remedy.empty()) error.remedy = "write one JSON object a line";
    return std::unexpected(std::move(error));
  }
  if (!json->is_object())
    return failure(ErrorCode::bad_data, where, "is no JSON object", "write one JSON object a line");
  EvalCase asked;
  for (const auto& [key, value, required] :
       {std::tuple{"id", &asked.id, true}, std::tuple{"language", &asked.language, true},
        std::tuple{"prefix", &asked.prefix, true}, std::tuple{"suffix", &asked.suffix, true},
        std::tuple{"target", &asked.target, true}, std::tuple{"path", &asked.path, false}}) {
    const auto found = json->find(key);
    if (found == json->end() || found->is_null()) {
      if (!required) continue;
      return failure(ErrorCode::bad_data, where, "has no \"" + std::string(key) + "\"",
                     "give each case id, language, prefix, suffix and target");
    }
    if (!found->is_string())
      return failure(ErrorCode::bad_data, where, "\"" + std::string(key) + "\" is no text",
                     "write it in quotes");
    *value = found->get<std::string>();
  }
  if (asked.id.empty())
    return failure(ErrorCode::bad_data, where, "its id is empty", "give each case a name");
  if (const auto kind = json->find("kind"); kind != json->end() && !kind->is_null()) {
    const std::string name = kind->is_string() ? kind->get<std::string>() : kind->dump();
    asked.kind = kind_by_name(name);
    if (!asked.kind)
      return failure(ErrorCode::bad_data, where,
                     "kind '" + name + "' is none of " + list_of_kinds(),
                     "name one of them, or leave it out");
  }
  if (const auto found = json->find("neighbours"); found != json->end() && !found->is_null()) {
    const bool texts = found->is_array() && std::ranges::all_of(*found, &Json::is_string);
    if (!texts)
      return failure(ErrorCode::bad_data, where, "\"neighbours\" is no list of texts",
                     "write the texts of other files, each in quotes");
    asked.neighbours = found->get<std::vector<std::string>>();
  }
  if (std::string why = bad_cursor(asked); !why.empty())
    return failure(ErrorCode::bad_data, where, std::move(why), "cut beside it");
  return asked;
}

std::string to_json_line(const EvalCase& asked) {
  nlohmann::ordered_json json = {{"id", asked.id}, {"language", asked.language}};
  if (asked.kind) json["kind"] = to_string(*asked.kind);
  if (!asked.path.empty()) json["path"] = asked.path;
  json["prefix"] = asked.prefix;
  json["suffix"] = asked.suffix;
  json["target"] = asked.target;
  if (!asked.neighbours.empty()) json["neighbours"] = asked.neighbours;
  // Nothing throws for a byte that is no UTF-8: it becomes U+FFFD.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<std::vector<EvalCase>> read_cases(const std::filesystem::path& path, std::size_t limit) {
  const auto text = engine::read_whole_file(path, kLargestCaseFile);
  if (!text) return std::unexpected(text.error());
  std::vector<EvalCase> cases;
  std::unordered_set<std::string> ids;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text->size() && (limit == 0 || cases.size() < limit);) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = path.string() + ":" + std::to_string(number);
    auto asked = parse_case(line, where);
    if (!asked) return std::unexpected(asked.error());
    if (!ids.insert(asked->id).second)
      return failure(ErrorCode::bad_data, where, "the id '" + asked->id + "' was there before",
                     "give each case a name of its own");
    cases.push_back(std::move(*asked));
  }
  if (cases.empty())
    return failure(ErrorCode::bad_data, path.string(), "holds no cases",
                   "sample some with `inpaint cases`");
  return cases;
}

}  // namespace inpaint::lsp
