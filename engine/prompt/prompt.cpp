#include "engine/prompt/prompt.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

// The start of `before` moves by this many tokens at a time: one long encode now and then instead
// of one with every line.
constexpr int kWindowStep = 128;  // but a quarter of a small budget
// What stands behind `far` moves when its length does; so it gives way to `before` in steps as well.
constexpr int kFarStep = 64;  // but an eighth of a small budget
// Generous for source code (about 3.7 on average); text further away cannot come into the budget.
constexpr std::size_t kBytesPerToken = 6;
// The byte window's own step, so that tokens at its start do not change with every key either.
constexpr std::size_t kByteStep = 4096;
constexpr int kMaxPathTokens = 24;

int round_up(int n, int step) { return (n + step - 1) / step * step; }

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

void append(std::vector<TokenId>& to, const std::vector<TokenId>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<TokenId> path_tokens(const Tokenizer& tokenizer, std::string_view path, int budget) {
  std::vector<TokenId> tokens = token_ids(tokenizer, shown_path(path));
  shorten(tokens, std::min(kMaxPathTokens, budget / 8));
  return tokens;
}

/// `byte`, or where the character begins that it would cut.
std::size_t character_border(std::string_view text, std::size_t byte) {
  if (byte >= text.size()) return text.size();
  while (byte > 0 && (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U) --byte;
  return byte;
}

bool is_line_border(std::string_view text, std::size_t byte) {
  if (byte >= text.size()) return byte == text.size();
  return is_line_break(text[byte]) && (byte == 0 || !is_line_break(text[byte - 1]));
}

/// Where the text that can matter before `byte` begins: on a coarse grid, and at a line border unless
/// the line is longer than that.
std::size_t window_begin(std::string_view text, std::size_t byte, int budget) {
  const std::size_t reach = static_cast<std::size_t>(budget) * kBytesPerToken + kByteStep;
  if (byte <= reach) return 0;
  const std::size_t coarse = (byte - reach) / kByteStep * kByteStep;
  const std::size_t border = text.substr(coarse, kByteStep).find_first_of("\r\n");
  return border == std::string_view::npos ? character_border(text, coarse) : coarse + border;
}

/// The first border at least one whole line below the first hole, or the end of the text; never
/// inside of a hole.
std::size_t fresh_anchor(std::string_view text, std::span<const ByteRange> holes) {
  const std::size_t byte = holes.front().end;
  const std::size_t reach =
      character_border(text, std::max(byte, byte + kMaxNearTokens * kBytesPerToken));
  const auto borders = line_borders(text, byte, reach);
  // The hole's own line, and one below it: what is typed next often repeats or closes it.
  std::size_t anchor = borders.empty() ? reach : borders.size() > 1 ? borders[1] : borders[0];
  for (const ByteRange& hole : holes)
    if (hole.begin < anchor && anchor < hole.end) anchor = hole.end;
  return anchor;
}

/// Where an earlier anchor is now, if it can stay: text that changed below it would have moved it off
/// its border.
std::optional<std::size_t> kept_anchor(std::string_view text, std::span<const ByteRange> holes,
                                       std::size_t from_end) {
  if (from_end > text.size()) return std::nullopt;
  const std::size_t kept = text.size() - from_end;
  const std::size_t byte = holes.front().end;
  if (kept < byte || kept - byte > kMaxNearTokens * kBytesPerToken) return std::nullopt;
  if (!is_line_border(text, kept) || line_borders(text, byte, kept).empty()) return std::nullopt;
  for (const ByteRange& hole : holes)
    if (hole.begin < kept && kept < hole.end) return std::nullopt;
  return kept;
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

std::vector<TokenId> token_ids(const Tokenizer& tokenizer, std::string_view text) {
  const std::vector<Token> tokens = tokenizer.encode(text);
  std::vector<TokenId> ids(tokens.size());
  std::ranges::transform(tokens, ids.begin(), &Token::id);
  return ids;
}

void shorten(std::vector<TokenId>& tokens, int size) {
  if (static_cast<int>(tokens.size()) > size) tokens.resize(static_cast<std::size_t>(size));
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

std::size_t first_hole_behind(std::span<const ByteRange> holes, std::size_t byte) {
  std::size_t hole = 1;
  while (hole < holes.size() && holes[hole].end <= byte) ++hole;
  return hole;
}

std::vector<TokenId> encode_around_holes(const Tokenizer& tokenizer, const SpecialTokens& special,
                                         std::string_view text, ByteRange range,
                                         std::span<const ByteRange> holes, std::size_t from_hole) {
  std::vector<TokenId> tokens;
  std::size_t from = range.begin;
  std::size_t end = range.end;
  for (std::size_t j = from_hole; j < holes.size() && holes[j].begin <= end; ++j) {
    if (holes[j].begin < from) continue;
    if (holes[j].end > end) {
      end = holes[j].begin;
      break;
    }
    append(tokens, token_ids(tokenizer, text.substr(from, holes[j].begin - from)));
    tokens.push_back(special.hole[j]);
    from = holes[j].end;
  }
  append(tokens, token_ids(tokenizer, text.substr(from, end - from)));
  return tokens;
}

Prompt lay_out(const Tokenizer& tokenizer, const SpecialTokens& special, const FillRequest& request,
               int budget, std::optional<std::size_t> anchor_from_end) {
  const std::string_view text = request.text;
  std::vector<ByteRange> holes;
  holes.reserve(request.holes.size());
  for (const Hole& hole : request.holes) holes.push_back(hole.range);
  const ByteRange first = holes.front();
  const auto encode = [&](std::size_t begin, std::size_t end, std::size_t from_hole) {
    return encode_around_holes(tokenizer, special, text, {begin, end}, holes, from_hole);
  };

  PromptParts parts;
  parts.path = path_tokens(tokenizer, request.path, budget);

  const auto kept =
      anchor_from_end ? kept_anchor(text, holes, *anchor_from_end) : std::optional<std::size_t>();
  std::size_t anchor = kept ? *kept : fresh_anchor(text, holes);
  parts.near = encode(first.end, anchor, 1);
  if (kept && parts.near.size() > kMaxNearTokens) {  // then a fresh anchor is closer
    anchor = fresh_anchor(text, holes);
    parts.near = encode(first.end, anchor, 1);
  }
  shorten(parts.near, budget / 4);

  // Neither what is typed above the hole nor a bracket that closes behind it may move the other parts:
  // room for them is counted as if `near` had its greatest length.
  const int n_near = static_cast<int>(parts.near.size());
  const int left_of_path = budget - 4 - static_cast<int>(parts.path.size());
  int left = left_of_path - std::max(n_near, std::min(kMaxNearTokens, budget / 4));
  // Snippets take a third at most, whole ones first.
  int for_snippets = left / 3;
  for (const Snippet& snippet : request.snippets) {
    PromptParts::Quote quote{path_tokens(tokenizer, snippet.path, budget), {}};
    const int room = for_snippets - 1 - static_cast<int>(quote.path.size());
    if (room < 16) break;
    const std::size_t reach = character_border(snippet.text, room * kBytesPerToken);
    quote.text = token_ids(tokenizer, std::string_view(snippet.text).substr(0, reach));
    shorten(quote.text, room);
    const int used = 1 + static_cast<int>(quote.path.size() + quote.text.size());
    for_snippets -= used;
    left -= used;
    parts.snippets.push_back(std::move(quote));
  }

  const std::size_t begin = window_begin(text, first.begin, budget);
  const std::size_t end = character_border(text, anchor + budget * kBytesPerToken);
  // Later holes stand behind the first one, even where they touch it.
  std::vector<TokenId> before = encode(begin, first.begin, holes.size());
  parts.far = encode(anchor, end, first_hole_behind(holes, anchor));
  // A quarter for the text below, more where the text above does not need its share.
  const int n_before = static_cast<int>(before.size());
  const int rounded = round_up(n_before, std::min(kFarStep, budget / 8));
  shorten(parts.far, std::max({0, left / 4, left - rounded}));
  const int before_room = left - static_cast<int>(parts.far.size());
  int dropped = 0;
  if (n_before > before_room)
    dropped = round_up(n_before - before_room, std::min(kWindowStep, budget / 4));
  parts.before.assign(before.begin() + std::min(dropped, n_before), before.end());

  return {assemble(special, parts), text.size() - anchor};
}

}  // namespace inpaint::engine
