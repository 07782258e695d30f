#include "engine/decoding/span_rules.h"

#include <algorithm>
#include <array>
#include <string>

namespace inpaint::engine {

bool SpanRules::admits(std::string_view text, int index, TokenId token) const {
  if (banned(index, token)) return false;
  // Whether a text may end here is not asked: the review sees it whole.
  if (!constraint_ || token == end_) return true;
  std::string run(text);
  run += tokenizer_.bytes(token);
  // What leaves the hole ends the span, and only what stands before its edge is written: a newline
  // in a hole of one line, or a bracket that closes what is around, says that the fill is over.
  if (const auto over = edge(run)) run.resize(*over);
  if (run.size() <= text.size()) return true;
  const std::array<std::optional<std::string_view>, 2> pieces{run, std::nullopt};
  return constraint_->admits(pieces);
}

std::optional<std::size_t> SpanRules::edge(std::string_view text) const {
  std::size_t edge = stops_at_newline_ ? text.find_first_of("\r\n") : std::string_view::npos;
  if (constraint_) edge = std::min(edge, constraint_->ends_at(text).value_or(edge));
  return edge == std::string_view::npos ? std::nullopt : std::optional(edge);
}

grammar::Review SpanRules::review(std::string_view text) const {
  return constraint_ ? constraint_->review(text) : grammar::Review{};
}

}  // namespace inpaint::engine
