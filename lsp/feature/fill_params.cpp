#include "lsp/feature/fill_params.h"

#include <utility>

#include "lsp/protocol/loose_json.h"

namespace inpaint::lsp {
namespace {

constexpr int kInvoked = 1;  // CompletionTriggerKind and InlineCompletionTriggerKind alike

std::optional<FillParams::Selected> selected_from(const Json& info) {
  const auto range = range_from(member(info, "range"));
  auto text = text_of(member(info, "text"));
  if (!range || !text) return std::nullopt;
  return FillParams::Selected{*range, std::move(*text)};
}

}  // namespace

Uri document_of(const Json& params) {
  return Uri(text_of(member(params, {"textDocument", "uri"})).value_or(""));
}

std::expected<FillParams, std::string> FillParams::read(const Json& params) {
  const auto position = position_from(member(params, "position"));
  if (!position) return std::unexpected("no position");
  const Json& trigger = member(params, {"context", "triggerKind"});
  return FillParams{.document = document_of(params),
                    .position = *position,
                    .in_person = trigger.is_null() || trigger == kInvoked,
                    .selected =
                        selected_from(member(params, {"context", "selectedCompletionInfo"}))};
}

}  // namespace inpaint::lsp
