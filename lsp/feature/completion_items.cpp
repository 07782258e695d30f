#include "lsp/feature/completion_items.h"

#include <algorithm>
#include <string>
#include <utility>

#include "grammar/base/text_lines.h"
#include "lsp/worker/line_edit.h"

namespace inpaint::lsp {
namespace {

using grammar::is_blank;

constexpr int kKindText = 1;
constexpr int kKindSnippet = 15;
constexpr int kFormatSnippet = 2;
constexpr int kInsertAsIs = 1;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t symbol_begin(std::string_view text, std::size_t cursor, std::size_t line_begin) {
  while (cursor > line_begin && is_word(text[cursor - 1])) --cursor;
  return cursor;
}

std::string_view trim_left(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return trim_left(text);
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

bool says_nothing(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// The first line that says something.
std::string label_of(std::string_view text) {
  while (is_blank(first_line(text)) && text.find('\n') != std::string_view::npos) {
    text.remove_prefix(text.find('\n') + 1);
  }
  return std::string(trim(first_line(text)));
}

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (c == '$' || c == '}' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// A snippet for a client that puts `indent` before every line but the first. Nothing where a line
/// lies further left, which can not be said then.
std::optional<std::string> relative_snippet(std::string_view text, std::string_view indent) {
  std::string snippet = escaped(first_line(text));
  while (text.find('\n') != std::string_view::npos) {
    text.remove_prefix(text.find('\n') + 1);
    const std::string_view line = first_line(text);
    if (!line.starts_with(indent) && !is_blank(line)) return std::nullopt;
    snippet += '\n';
    if (!is_blank(line)) snippet += escaped(line.substr(indent.size()));
  }
  return snippet;
}

/// A fence longer than any row of backticks inside.
std::string fenced(std::string_view text, std::string_view language) {
  std::size_t longest = 0;
  std::size_t row = 0;
  for (char c : text) {
    row = c == '`' ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fence + std::string(language) + "\n" + std::string(text) + "\n" + fence;
}

bool is_neovim_core(const ClientCapabilities& client) {
  return client.snippets && !client.insert_replace;
}

class ItemMaker {
 public:
  ItemMaker(const Document& document, std::size_t cursor, const ClientCapabilities& client)
      : document_(document),
        text_(document.text()),
        cursor_(cursor),
        client_(client),
        line_(document.lines().line(text_, document.lines().line_of(cursor))) {}

  std::optional<Json> item(ByteRange hole, std::string_view fill, int rank) const {
    auto edit = to_line_edit(text_, document_.lines(), cursor_, hole, fill);
    if (!edit || says_nothing(edit->new_text)) return std::nullopt;
    // White space behind the cursor stays where a client would not replace it.
    const bool neovim = is_neovim_core(client_);
    if (neovim && edit->range.end > cursor_) {
      if (!is_blank(text_.substr(cursor_, edit->range.end - cursor_))) return std::nullopt;
      edit->range.end = cursor_;
    }
    edit = begin_at(std::move(*edit), text_, symbol_begin(text_, cursor_, line_.begin));
    const std::string new_text = with_newlines(edit->new_text);
    const std::string label = label_of(new_text);
    const bool several_lines = new_text.find('\n') != std::string::npos;

    const std::string_view typed = text_.substr(edit->range.begin, cursor_ - edit->range.begin);
    const std::string_view first = first_line(new_text);
    Json item = {{"label", label},
                 {"kind", several_lines ? kKindSnippet : kKindText},
                 {"sortText", std::to_string(rank)},
                 {"filterText", first.starts_with(typed) && !first.empty()
                                    ? std::string(first)
                                    : std::string(typed) + label},
                 {"textEdit", {{"range", to_json(document_.range(edit->range))}}}};
    if (neovim && several_lines) {
      if (edit->range.begin < symbol_begin(text_, cursor_, line_.begin)) return std::nullopt;
      const auto snippet = relative_snippet(new_text, indent());
      if (!snippet) return std::nullopt;
      item["insertTextFormat"] = kFormatSnippet;
      item["textEdit"]["newText"] = *snippet;
    } else {
      item["textEdit"]["newText"] = new_text;
      if (client_.insert_as_is) item["insertTextMode"] = kInsertAsIs;
    }
    add_explanation(item, new_text);
    return item;
  }

 private:
  std::string_view indent() const {
    const std::string_view line = text_.substr(line_.begin, cursor_ - line_.begin);
    return line.substr(0, line.size() - trim_left(line).size());
  }

  void add_explanation(Json& item, const std::string& new_text) const {
    const auto n_more = std::ranges::count(new_text, '\n');
    if (client_.label_details) {
      item["labelDetails"] = {{"description", "Inpaint"}};
      if (n_more > 0) {
        item["labelDetails"]["detail"] =
            " \xE2\x80\xA6 " + std::to_string(n_more) + (n_more == 1 ? " line" : " lines");
      }
    } else {
      item["detail"] = "Inpaint";
    }
    if (client_.markdown_docs) {
      item["documentation"] = {{"kind", "markdown"},
                               {"value", fenced(new_text, document_.language_id())}};
    } else if (n_more > 0) {
      item["documentation"] = new_text;
    }
  }

  const Document& document_;
  std::string_view text_;
  std::size_t cursor_;
  const ClientCapabilities& client_;
  ByteRange line_;
};

}  // namespace

Json empty_completion_list() { return {{"isIncomplete", true}, {"items", Json::array()}}; }

Json to_completion_list(const Document& document, std::size_t cursor, const Fills& fills,
                        const ClientCapabilities& client) {
  Json list = empty_completion_list();
  const ItemMaker maker(document, cursor, client);
  for (const std::string& fill : fills.texts) {
    auto item = maker.item(fills.hole, fill, static_cast<int>(list["items"].size()));
    if (item) list["items"].push_back(std::move(*item));
  }
  return list;
}

}  // namespace inpaint::lsp
