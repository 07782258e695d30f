#include "lsp/feature/inline_items.h"

#include <algorithm>
#include <utility>

#include "lsp/worker/line_edit.h"

namespace inpaint::lsp {
namespace {

Json to_item(const Document& document, const LineEdit& edit, std::string_view replaced) {
  std::string text = with_newlines(edit.new_text);
  Json item = {{"range", to_json(document.range(edit.range))}};
  if (!text.starts_with(replaced)) item["filterText"] = std::string(replaced) + text;
  item["insertText"] = std::move(text);
  return item;
}

/// `edit`, of the text with the selected item in it, as one of the document. It begins where the
/// selected item does; nothing where it would change that item.
std::optional<LineEdit> over_selected(LineEdit edit, std::string_view text, std::size_t cursor,
                                      const SelectedItem& selected) {
  if (edit.range.begin < cursor) return std::nullopt;
  edit = begin_at(std::move(edit), text, selected.range.begin);
  edit.range.end = edit.range.end - cursor + selected.range.end;
  return edit;
}

}  // namespace

InlinePlace place_with(const SelectedItem& selected, std::string_view text) {
  std::string typed(text);
  typed.replace(selected.range.begin, selected.range.size(), selected.text);
  return {std::move(typed), selected.range.begin + selected.text.size()};
}

Json to_inline_items(const Document& document, std::size_t cursor, const Fills& fills,
                     const std::optional<SelectedItem>& selected) {
  Json items = Json::array();
  const std::string_view text = document.text();
  for (const std::string& fill : fills.texts) {
    std::optional<LineEdit> edit;
    if (selected) {
      const InlinePlace place = place_with(*selected, text);
      edit = to_line_edit(place.text, LineIndex(place.text), place.cursor, fills.hole, fill);
      if (edit) edit = over_selected(std::move(*edit), place.text, place.cursor, *selected);
    } else {
      edit = to_line_edit(text, document.lines(), cursor, fills.hole, fill);
    }
    if (!edit) continue;
    Json item = to_item(document, *edit, text.substr(edit->range.begin, edit->range.size()));
    if (std::ranges::find(items, item) == items.end()) items.push_back(std::move(item));
  }
  return {{"items", std::move(items)}};
}

}  // namespace inpaint::lsp
