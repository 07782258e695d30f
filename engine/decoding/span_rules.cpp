#include "engine/decoding/span_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace inpaint::engine {

bool SpanRules::admits(std::string_view text, int index, TokenId token) const {
  if (banned(index, token)) return false;
  if (!constraint_) return true;
  if (token == end_) {
    const std::array<std::optional<std::string_view>, 1> whole{text};
    return constraint_->admits(whole);
  }
  return admits_run(std::string(text).append(tokenizer_.bytes(token)), text.size());
}

bool SpanRules::admits_run(std::string_view run, std::size_t written) const {
  if (!constraint_) return true;
  // What leaves the hole ends the span, and only what stands before its edge is written: a newline
  // in a hole of one line, or a bracket that closes what is around, says that the fill is over.
  if (const auto over = edge(run)) run = run.substr(0, *over);
  if (run.size() <= written) return true;
  const std::array<std::optional<std::string_view>, 2> pieces{run, std::nullopt};
  return constraint_->admits(pieces);
}

std::optional<std::size_t> SpanRules::edge(std::string_view text) const {
  std::size_t edge = stops_at_newline_ ? text.find_first_of("\r\n") : std::string_view::npos;
  if (constraint_) edge = std::min(edge, constraint_->ends_at(text).value_or(edge));
  edge = std::min(edge, circle_begin(text).value_or(edge));
  return edge == std::string_view::npos ? std::nullopt : std::optional(edge);
}

std::optional<std::size_t> circle_begin(std::string_view text) {
  constexpr std::size_t kLongestPiece = 96;
  constexpr std::size_t kLeastTogether = 36;
  for (std::size_t piece = 1; piece <= std::min(kLongestPiece, text.size() / 3); ++piece) {
    // Equal pieces at the end: how far back each byte is the one a piece before it.
    std::size_t same = 0;
    while (same + piece < text.size() &&
           text[text.size() - 1 - same] == text[text.size() - 1 - same - piece])
      ++same;
    const std::size_t repeated = same / piece + 1;
    if (repeated < 3 || repeated * piece < kLeastTogether) continue;
    // A ruler in a comment is no circle.
    const std::string_view last = text.substr(text.size() - piece);
    if (std::ranges::any_of(last, [](unsigned char c) { return std::isalnum(c) != 0; }))
      return text.size() - (repeated - 1) * piece;
  }
  return std::nullopt;
}

grammar::Review SpanRules::review(std::string_view text) const {
  return constraint_ ? constraint_->review(text) : grammar::Review{};
}

}  // namespace inpaint::engine
