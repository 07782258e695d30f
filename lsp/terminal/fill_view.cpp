#include "lsp/terminal/fill_view.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "engine/base/utf8.h"
#include "grammar/base/text_lines.h"

namespace inpaint::lsp {
namespace {

using engine::SpanToken;
using grammar::Line;
using grammar::line_at;
using grammar::line_number;
using grammar::text_begin;

constexpr std::string_view kMaskGlyph = "░";

/// Tokens may share a character; it is drawn whole, in the shade of the token that began it.
void write_tokens(TextCanvas& canvas, const std::vector<SpanToken>& tokens) {
  std::string begun;  // a character that the tokens so far have not finished
  Shade begun_shade = Shade::plain;
  const auto flush = [&] {
    canvas.write(begun, begun_shade);
    begun.clear();
  };
  for (const SpanToken& token : tokens) {
    if (token.state == SpanToken::State::mask) {
      flush();
      canvas.put(kMaskGlyph, 1, Shade::mask);
      continue;
    }
    std::string_view text = token.text;
    while (!begun.empty() && !text.empty() && engine::is_continuation(text.front())) {
      begun += text.front();
      text.remove_prefix(1);
    }
    if (text.empty() && !begun.empty() && engine::character_length(begun) == 0) continue;
    flush();
    const std::size_t whole = engine::valid_utf8_prefix(text);
    begun_shade = shade_of(token.confidence);
    canvas.write(text.substr(0, whole), begun_shade);
    begun = text.substr(whole);
  }
  flush();
}

std::size_t count_newlines(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

/// The byte where the line `n` lines above begins.
std::size_t lines_above(std::string_view text, std::size_t byte, int n) {
  Line line = line_at(text, byte);
  for (; n > 0 && line.begin > text_begin(text); --n) line = line_at(text, line.begin - 1);
  return line.begin;
}

/// The byte where the line `n` lines below ends.
std::size_t lines_below(std::string_view text, std::size_t byte, int n) {
  Line line = line_at(text, byte);
  for (; n > 0 && line.next > line.end; --n) line = line_at(text, line.next);
  return line.end;
}

}  // namespace

std::vector<DrawnLine> draw_fill(const FillView& view) {
  const std::size_t first = lines_above(view.text, view.hole.begin, view.context_lines);
  const std::size_t last = lines_below(view.text, view.hole.end, view.context_lines);
  const std::string_view before = view.text.substr(first, view.hole.begin - first);
  const std::string_view after = view.text.substr(view.hole.end, last - view.hole.end);

  std::size_t number = line_number(view.text, first);
  std::size_t last_number = number + count_newlines(before) + count_newlines(after);
  for (const SpanToken& token : view.tokens) last_number += count_newlines(token.text);
  const std::size_t gutter = fmt::formatted_size("{}", last_number);

  TextCanvas canvas(view.color, [&](TextCanvas& line) {
    const std::string numbered = fmt::format("{:>{}} | ", number++, gutter);
    line.put(numbered, static_cast<int>(numbered.size()), Shade::dim);
  });
  canvas.write(before, Shade::plain);
  if (!view.color) canvas.put("[[", 2, Shade::plain);
  write_tokens(canvas, view.tokens);
  if (!view.color) canvas.put("]]", 2, Shade::plain);
  canvas.write(after, Shade::plain);
  return canvas.take();
}

std::string draw_tokens(const std::vector<SpanToken>& tokens, bool color) {
  TextCanvas canvas(color);
  write_tokens(canvas, tokens);
  return canvas.take().front().text;
}

std::string on_one_line(std::string_view text) {
  TextCanvas canvas(false);
  canvas.write(text, Shade::plain);
  return canvas.take().front().text;
}

std::vector<SpanToken> cut_tokens(std::vector<SpanToken> tokens, std::string_view text) {
  std::size_t spelled = 0;
  for (SpanToken& token : tokens) {
    token.text.resize(std::min(token.text.size(), text.size() - spelled));
    spelled += token.text.size();
  }
  std::erase_if(tokens, [](const SpanToken& token) { return token.text.empty(); });
  return tokens;
}

}  // namespace inpaint::lsp
