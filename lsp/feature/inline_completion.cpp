#include "lsp/feature/inline_completion.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "grammar/base/text_lines.h"
#include "lsp/feature/inline_items.h"

namespace inpaint::lsp {
namespace {

/// Nothing where the client's list has chosen nothing, or elsewhere than at the cursor.
std::optional<SelectedItem> selected_at(const FillParams& params, const Document& document,
                                        std::size_t cursor) {
  if (!params.selected) return std::nullopt;
  const Range& range = params.selected->range;
  const ByteRange bytes{document.byte(range.start), document.byte(range.end)};
  if (bytes.begin > cursor || bytes.end < cursor) return std::nullopt;
  return SelectedItem{bytes, params.selected->text};
}

}  // namespace

void InlineCompletion::operator()(const Params& params, Reply reply) {
  const Document* const document = documents_.find(params.document);
  if (document == nullptr) {
    return reply.error(RpcErrorCode::invalid_params, "the document is not open");
  }
  AskedFill asked{.reply = std::move(reply),
                  .face = Face::ghost_text,
                  .in_person = params.in_person,
                  .insists = params.in_person,
                  .alternatives = params.in_person ? settings_.decoding.alternatives : 1,
                  .nothing = {{"items", Json::array()}},
                  .superseded = nullptr};
  asked.cursor = std::max(document->byte(params.position), grammar::text_begin(document->text()));
  asked.selected = selected_at(params, *document, asked.cursor);
  // An item of several lines is shown by the client as one of its own; nothing fits behind it.
  if (asked.selected && asked.selected->text.find_first_of("\r\n") != std::string::npos) {
    return questions_.answer_nothing(*document, std::move(asked), {SilenceReason::selected_lines});
  }
  asked.items = [most = static_cast<std::size_t>(asked.alternatives),
                 selected = asked.selected](const Document& now, std::size_t cursor, Fills fills) {
    if (fills.texts.size() > most) fills.texts.resize(most);
    return to_inline_items(now, cursor, fills, selected);
  };
  questions_.ask(*document, std::move(asked));
}

}  // namespace inpaint::lsp
