#include "lsp/completion/window.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "grammar/base/text_lines.h"

namespace inpaint::lsp {
namespace {

/// The first line border in [from, from + step], else the first character border from there on.
std::size_t border_at_or_after(std::string_view text, std::size_t from, std::size_t limit) {
  const std::size_t newline = text.substr(0, limit).find('\n', from - 1);
  if (newline != std::string_view::npos) return newline + 1;
  while (from < limit && engine::is_continuation(text[from])) ++from;
  return from;
}

/// The last line border in [limit, from], else the last character border up to there.
std::size_t border_at_or_before(std::string_view text, std::size_t from, std::size_t limit) {
  const std::size_t newline = text.substr(0, from).rfind('\n');
  if (newline != std::string_view::npos && newline + 1 > limit) return newline + 1;
  while (from > limit && engine::is_continuation(text[from])) --from;
  return from;
}

std::size_t round_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

ByteRange cut_window(std::string_view text, ByteRange hole, const WindowLimits& limits) {
  ByteRange window{std::min(grammar::text_begin(text), hole.begin), text.size()};
  if (hole.begin > limits.before) {
    const std::size_t least = round_up(hole.begin - limits.before, limits.step);
    window.begin = border_at_or_after(text, least, std::min(least + limits.step, hole.begin));
  }
  if (text.size() - hole.end > limits.after) {
    const std::size_t cut = round_up(text.size() - hole.end - limits.after, limits.step);
    const std::size_t most = text.size() - cut;
    const std::size_t least = std::max(hole.end, most - std::min(most, limits.step));
    window.end = border_at_or_before(text, most, least);
  }
  return window;
}

}  // namespace inpaint::lsp
