#include "lsp/feature/rewrite_action.h"

#include <utility>

#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

constexpr std::string_view kRefill = "refill";
constexpr std::string_view kFill = "fill";

}  // namespace

Json to_json(const RewriteAction& action, std::string title) {
  return {{"title", std::move(title)},
          {"kind", kRewriteKind},
          {"data",
           {{"uri", action.document.spelled()},
            {"revision", action.revision},
            {"what", action.what == RewriteAction::What::refill ? kRefill : kFill},
            {"begin", action.range.begin},
            {"end", action.range.end}}}};
}

std::optional<RewriteAction> rewrite_action_from(const Json& code_action) {
  const Json& data = member(code_action, "data");
  const auto uri = text_of(member(data, "uri"));
  const auto revision = whole_number(member(data, "revision"));
  const auto begin = whole_number(member(data, "begin"));
  const auto end = whole_number(member(data, "end"));
  if (!uri || !revision || !begin || !end || *begin < 0 || *end < *begin) return std::nullopt;
  return RewriteAction{.document = Uri(*uri),
                       .revision = static_cast<std::uint64_t>(*revision),
                       .what = member(data, "what") == kRefill ? RewriteAction::What::refill
                                                               : RewriteAction::What::fill,
                       .range = {static_cast<std::size_t>(*begin), static_cast<std::size_t>(*end)}};
}

}  // namespace inpaint::lsp
