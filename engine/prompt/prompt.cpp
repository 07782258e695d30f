#include "engine/prompt/prompt.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

using grammar::ByteRange;

// A piece of text that is longer is no word: a line of base64, a ruler.
constexpr std::size_t kMostHeld = 48;  // bytes
constexpr int kLeastSnippet = 16;      // tokens of its text; fewer say nothing

int round_up(int n, int step) { return (n + step - 1) / step * step; }

bool is_line_break(char c) { return c == '\n' || c == '\r'; }

/// The first of `holes`, from 1 on, that does not end at or before `byte`: what text from there on
/// is encoded with as `from_hole`.
std::size_t first_hole_behind(std::span<const ByteRange> holes, std::size_t byte) {
  std::size_t hole = 1;
  while (hole < holes.size() && holes[hole].end <= byte) ++hole;
  return hole;
}

int size_of(const std::vector<TokenId>& tokens) { return static_cast<int>(tokens.size()); }

std::vector<TokenId> path_tokens(const PromptWriter& writer, std::string_view path, int budget) {
  std::vector<TokenId> tokens = token_ids(writer.tokenizer, shown_path(path));
  shorten(tokens, std::min(writer.format.max_path_tokens, budget / 8));
  if (tokens.empty()) return tokens;
  const std::vector<TokenId> end = token_ids(writer.tokenizer, writer.format.path_end);
  tokens.insert(tokens.end(), end.begin(), end.end());
  return tokens;
}

}  // namespace

std::vector<TokenId> token_ids(const Tokenizer& tokenizer, std::string_view text) {
  const std::vector<Token> tokens = tokenizer.encode(text);
  std::vector<TokenId> ids(tokens.size());
  std::ranges::transform(tokens, ids.begin(), &Token::id);
  return ids;
}

void shorten(std::vector<TokenId>& tokens, int size) {
  if (size_of(tokens) > size) tokens.resize(static_cast<std::size_t>(size));
}

std::string_view shown_path(std::string_view path) {
  std::size_t begin = path.size();
  for (int components = 0; begin > 0; --begin)
    if (path[begin - 1] == '/' && ++components == 3) break;
  return path.substr(begin);
}

std::size_t character_border(std::string_view text, std::size_t byte) {
  if (byte >= text.size()) return text.size();
  while (byte > 0 && (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U) --byte;
  return byte;
}

std::size_t held_bytes(const Tokenizer& tokenizer, const PromptFormat& format,
                       std::string_view text, std::size_t byte) {
  // Behind a line break every token begins anew.
  if (format.cuts_tokens || byte == 0 || is_line_break(text[byte - 1])) return 0;
  const std::size_t from = character_border(text, byte - std::min(byte, 4 * kMostHeld));
  const std::string_view before = text.substr(from, byte - from);
  const std::size_t held = before.size() - tokenizer.last_piece_begin(before);
  return held > kMostHeld ? 0 : held;
}

std::vector<std::size_t> line_borders(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> borders;
  for (std::size_t i = begin; i < end; ++i)
    if (is_line_break(text[i]) && (i == begin || !is_line_break(text[i - 1]))) borders.push_back(i);
  return borders;
}

bool is_line_border(std::string_view text, std::size_t byte) {
  if (byte >= text.size()) return byte == text.size();
  return is_line_break(text[byte]) && (byte == 0 || !is_line_break(text[byte - 1]));
}

std::vector<TokenId> encode_around_holes(const Tokenizer& tokenizer, const SpecialTokens& special,
                                         std::string_view text, ByteRange range,
                                         std::span<const ByteRange> holes, std::size_t from_hole) {
  std::vector<TokenId> tokens;
  const auto append = [&](std::size_t begin, std::size_t end) {
    const std::vector<TokenId> ids = token_ids(tokenizer, text.substr(begin, end - begin));
    tokens.insert(tokens.end(), ids.begin(), ids.end());
  };
  std::size_t from = range.begin;
  std::size_t end = range.end;
  for (std::size_t j = from_hole; j < holes.size() && holes[j].begin <= end; ++j) {
    if (holes[j].begin < from) continue;
    if (holes[j].end > end) {
      end = holes[j].begin;
      break;
    }
    append(from, holes[j].begin);
    tokens.push_back(special.hole[j]);
    from = holes[j].end;
  }
  append(from, end);
  return tokens;
}

PromptParts PromptWriter::lay_out(const PromptSource& source, const PromptShares& shares,
                                  int budget) const {
  const auto encode = [&](std::size_t begin, std::size_t end, std::size_t from_hole) {
    return encode_around_holes(tokenizer, special, source.text, {begin, end}, source.holes,
                               from_hole);
  };
  const ByteRange first = source.holes.front();
  PromptParts parts;
  parts.path = path_tokens(*this, source.path, budget);
  parts.near = encode(first.end, source.anchor, 1);
  shorten(parts.near, shares.near);
  int left = budget - format.n_markers - size_of(parts.path) -
             std::max(size_of(parts.near), shares.near_room);

  // Snippets take a third at most, whole ones first.
  int for_snippets = left / 3;
  for (const PromptSource::Quote& snippet : source.snippets) {
    PromptParts::Quote quote{path_tokens(*this, snippet.path, budget), {}};
    const int head = 1 + size_of(quote.path);
    const int room = for_snippets - (shares.whole_snippets_in_third ? head : 0);
    if (room < kLeastSnippet) break;
    const std::size_t reach = character_border(snippet.text, room * kMostBytesPerToken);
    quote.text = token_ids(tokenizer, snippet.text.substr(0, reach));
    shorten(quote.text, room);
    const int used = head + size_of(quote.text);
    for_snippets -= used;
    left -= used;
    parts.snippets.push_back(std::move(quote));
  }

  // Later holes stand behind the first one, even where they touch it.
  parts.before = encode(source.begin, first.begin, source.holes.size());
  parts.far = encode(source.anchor, source.end, first_hole_behind(source.holes, source.anchor));
  const int n_before = size_of(parts.before);
  shorten(parts.far, std::max({0, static_cast<int>(left * shares.far),
                               left - round_up(n_before, shares.far_step)}));
  const int before_room = left - size_of(parts.far);
  if (n_before > before_room) {
    const int dropped = round_up(n_before - before_room, shares.before_step);
    parts.before.erase(parts.before.begin(), parts.before.begin() + std::min(dropped, n_before));
  }
  return parts;
}

}  // namespace inpaint::engine
