#include "engine/context/prompt.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

// The start of `before` moves by this many tokens at a time: one long encode now and then instead
// of one with every line.
constexpr int kWindowStep = 128;
// Generous for source code (about 3.7 on average); text further away cannot come into the budget.
constexpr std::size_t kBytesPerToken = 6;
// The byte window's own step, so that tokens at its start do not change with every key either.
constexpr std::size_t kByteStep = 4096;
constexpr int kMaxPathTokens = 24;

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

void append(std::vector<TokenId>& to, const std::vector<TokenId>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<TokenId> ids(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<TokenId> out;
  for (const Token& token : tokenizer.encode(text)) out.push_back(token.id);
  return out;
}

std::vector<TokenId> path_tokens(const Tokenizer& tokenizer, std::string_view path) {
  std::vector<TokenId> tokens = ids(tokenizer, shown_path(path));
  if (tokens.size() > kMaxPathTokens) tokens.resize(kMaxPathTokens);
  return tokens;
}

/// Where the text that can matter before `byte` begins: at a line border, on a coarse grid.
std::size_t window_begin(std::string_view text, std::size_t byte, int budget) {
  const std::size_t reach = static_cast<std::size_t>(budget) * kBytesPerToken + kByteStep;
  if (byte <= reach) return 0;
  const std::size_t coarse = (byte - reach) / kByteStep * kByteStep;
  const std::size_t border = text.find('\n', coarse);
  return border == std::string_view::npos || border >= byte ? byte : border;
}

/// The first border at least one whole line below `byte`, or the end of the text.
std::size_t fresh_anchor(std::string_view text, std::size_t byte) {
  const std::size_t reach = std::min(text.size(), byte + kMaxNearTokens * kBytesPerToken);
  const auto borders = line_borders(text, byte, reach);
  if (borders.empty()) return reach;
  // The hole's own line, and one below it: what is typed next often repeats or closes it.
  return borders.size() > 1 ? borders[1] : borders[0];
}

}  // namespace

std::vector<TokenId> assemble(const SpecialTokens& special, const PromptParts& parts) {
  std::vector<TokenId> tokens{special.file};
  append(tokens, parts.path);
  for (const PromptParts::Quote& quote : parts.snippets) {
    tokens.push_back(special.snippet);
    append(tokens, quote.path);
    append(tokens, quote.text);
  }
  tokens.push_back(special.far);
  append(tokens, parts.far);
  tokens.push_back(special.prefix);
  append(tokens, parts.before);
  tokens.push_back(special.near);
  append(tokens, parts.near);
  return tokens;
}

std::string_view shown_path(std::string_view path) {
  std::size_t begin = path.size();
  for (int components = 0; begin > 0; --begin)
    if (path[begin - 1] == '/' && ++components == 3) break;
  return path.substr(begin);
}

std::vector<std::size_t> line_borders(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> borders;
  for (std::size_t i = begin; i < end; ++i)
    if (is_line_break(text[i]) && (i == begin || !is_line_break(text[i - 1]))) borders.push_back(i);
  return borders;
}

std::vector<TokenId> encode_around_holes(const Tokenizer& tokenizer, const SpecialTokens& special,
                                         std::string_view text, ByteRange range,
                                         std::span<const ByteRange> holes) {
  std::vector<TokenId> tokens;
  std::size_t from = range.begin;
  for (std::size_t j = 1; j < holes.size(); ++j) {
    if (holes[j].begin < from || holes[j].end > range.end) continue;
    append(tokens, ids(tokenizer, text.substr(from, holes[j].begin - from)));
    tokens.push_back(special.hole[j]);
    from = holes[j].end;
  }
  append(tokens, ids(tokenizer, text.substr(from, range.end - from)));
  return tokens;
}

Prompt lay_out(const Tokenizer& tokenizer, const SpecialTokens& special, const FillRequest& request,
               int budget, std::optional<std::size_t> anchor_from_end) {
  const std::string_view text = request.text;
  std::vector<ByteRange> holes;
  for (const Hole& hole : request.holes) holes.push_back(hole.range);
  const ByteRange first = holes.front();
  const auto encode = [&](std::size_t begin, std::size_t end) {
    return encode_around_holes(tokenizer, special, text, {begin, end}, holes);
  };

  PromptParts parts;
  parts.path = path_tokens(tokenizer, request.path);

  std::size_t anchor = fresh_anchor(text, first.end);
  if (anchor_from_end && *anchor_from_end <= text.size()) {
    const std::size_t kept = text.size() - *anchor_from_end;
    const bool below = kept >= first.end && line_borders(text, first.end, kept).size() > 0;
    if (below && kept - first.end <= kMaxNearTokens * kBytesPerToken) anchor = kept;
  }
  // A hole is never cut by the anchor.
  for (const ByteRange& hole : holes)
    if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
  parts.near = encode(first.end, anchor);
  if (parts.near.size() > kMaxNearTokens) {  // then a fresh anchor is closer
    anchor = fresh_anchor(text, first.end);
    for (const ByteRange& hole : holes)
      if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
    parts.near = encode(first.end, anchor);
    if (parts.near.size() > static_cast<std::size_t>(budget / 4)) parts.near.resize(budget / 4);
  }

  int left = budget - 4 - static_cast<int>(parts.path.size() + parts.near.size());
  // Snippets take a third at most, whole ones first.
  int for_snippets = left / 3;
  for (const Snippet& snippet : request.snippets) {
    PromptParts::Quote quote{path_tokens(tokenizer, snippet.path), {}};
    const int room = for_snippets - 1 - static_cast<int>(quote.path.size());
    if (room < 16) break;
    const std::size_t reach = std::min(snippet.text.size(), room * kBytesPerToken);
    quote.text = ids(tokenizer, std::string_view(snippet.text).substr(0, reach));
    if (static_cast<int>(quote.text.size()) > room) quote.text.resize(room);
    const int used = 1 + static_cast<int>(quote.path.size() + quote.text.size());
    for_snippets -= used;
    left -= used;
    parts.snippets.push_back(std::move(quote));
  }

  const std::size_t begin = window_begin(text, first.begin, budget);
  const std::size_t end = std::min(text.size(), anchor + left * kBytesPerToken);
  std::vector<TokenId> before = encode(begin, first.begin);
  parts.far = encode(anchor, end);
  // A quarter for the text below, more where the text above does not need its share.
  const int n_before = static_cast<int>(before.size());
  const int n_far = static_cast<int>(parts.far.size());
  const int far_room = std::min(n_far, std::max(left / 4, left - n_before));
  parts.far.resize(far_room);
  const int before_room = left - far_room;
  int dropped = 0;
  if (n_before > before_room)
    dropped = (n_before - before_room + kWindowStep - 1) / kWindowStep * kWindowStep;
  parts.before.assign(before.begin() + std::min(dropped, n_before), before.end());

  return {assemble(special, parts), text.size() - anchor};
}

}  // namespace inpaint::engine
