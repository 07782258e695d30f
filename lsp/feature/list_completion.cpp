#include "lsp/feature/list_completion.h"

#include <algorithm>
#include <utility>

#include "grammar/base/text_lines.h"
#include "lsp/feature/completion_items.h"

namespace inpaint::lsp {
namespace {

Json options() {
  return {{"triggerCharacters", {".", "(", "[", "{", ",", "=", ":"}}, {"resolveProvider", false}};
}

}  // namespace

void ListCompletion::operator()(const Params& params, Reply reply) {
  const Document* const document = parts_.documents.find(params.document);
  if (document == nullptr) {
    return reply.error(RpcErrorCode::invalid_params, "the document is not open");
  }
  AskedFill asked{.reply = std::move(reply),
                  .face = Face::completion_item,
                  .in_person = params.in_person,
                  .patience = parts_.settings.popup_deadline,
                  .nothing = empty_completion_list(),
                  .superseded = empty_completion_list()};
  asked.cursor = std::max(document->byte(params.position), grammar::text_begin(document->text()));
  asked.items = [this](const Document& now, std::size_t cursor, const Fills& fills) {
    return to_completion_list(now, cursor, fills, parts_.client.capabilities);
  };
  if (!has_items())
    return parts_.questions.answer_nothing(*document, std::move(asked), {SilenceReason::no_items});
  parts_.questions.ask(*document, std::move(asked));
}

bool ListCompletion::has_items() const {
  const CompletionItems wanted = parts_.settings.completion_items;
  if (wanted != CompletionItems::automatic) return wanted == CompletionItems::on;
  return !parts_.client.capabilities.inline_completion;
}

Json ListCompletion::offer() {
  offered_ = has_items();
  return offered_ ? options() : Json();
}

void ListCompletion::on_settings() {
  if (!parts_.client.capabilities.registers_completion || has_items() == offered_) return;
  Json registration = {{"id", "inpaint/completion"}, {"method", kMethod}};
  if (!offered_) {
    registration["registerOptions"] = options();
    registration["registerOptions"]["documentSelector"] = nullptr;  // the client's own
    parts_.client.request("client/registerCapability", {{"registrations", {registration}}},
                          [](const Message&) {});
  } else if (registered_) {
    // The misspelling is the protocol's.
    parts_.client.request("client/unregisterCapability", {{"unregisterations", {registration}}},
                          [](const Message&) {});
  } else {
    return;
  }
  offered_ = registered_ = !offered_;
}

}  // namespace inpaint::lsp
