#include "grammar/tree/node_kind.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;

bool ends_with_any(std::string_view type, std::span<const std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return type.ends_with(end); });
}

}  // namespace

bool is_list(std::string_view type) {
  constexpr std::array kLists = {"argument_list"sv, "arguments"sv, "parameters"sv,
                                 "parameter_list"sv};
  return ends_with_any(type, kLists);
}

bool is_string(std::string_view type) {
  constexpr std::array kStrings = {"string"sv,       "string_literal"sv, "string_content"sv,
                                   "char_literal"sv, "rune_literal"sv,   "string_fragment"sv,
                                   "jsx_text"sv,     "regex"sv,          "regex_pattern"sv,
                                   "raw_string"sv};
  return ends_with_any(type, kStrings);
}

bool is_interpolation(std::string_view type) {
  return type == "interpolation" || type == "template_substitution";
}

NodeKind kind_of(const Node& node) {
  constexpr std::array kBodies = {"block"sv, "_body"sv, "compound_statement"sv,
                                  "declaration_list"sv};
  constexpr std::array kStatements = {"_statement"sv, "declaration"sv, "_definition"sv, "_item"sv};
  if (node.type.ends_with("comment")) return NodeKind::text;
  if (node.type == "ERROR") return NodeKind::error;
  if (ends_with_any(node.type, kBodies)) return NodeKind::body;
  if (ends_with_any(node.type, kStatements)) return NodeKind::statement;
  if (is_list(node.parent)) return NodeKind::element;
  return is_list(node.type) ? NodeKind::list : NodeKind::expression;
}

}  // namespace inpaint::grammar
