// The causal context of a fill: what the model reads before it writes.
//
//   <file> path [<snippet> path text]* <far> far <prefix> before <near> near
//
// `far` runs from the anchor to the end, `near` from the hole to the anchor. The anchor is a line
// border below the hole that stays where it is while a person types above it, so that a keystroke
// changes only the end of `before` and the short `near`, and the cached keys and values of all that
// stands in front of them stay exact. A border lies before its line break, because a line break and
// the indentation after it are one token.
//
// Units:  bytes of the text in, tokens out. The budget counts tokens, special ones included.
// Source: the model format of ARCHITECTURE.md, "The embedded model".
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

/// A context in its parts, each already cut to size. The trainer fills these too.
struct PromptParts {
  struct Quote {
    std::vector<TokenId> path, text;
  };
  std::vector<TokenId> path;
  std::vector<Quote> snippets;
  std::vector<TokenId> far, before, near;
};

std::vector<TokenId> assemble(const SpecialTokens& special, const PromptParts& parts);

/// The tokens of a piece of text, without their places.
std::vector<TokenId> token_ids(const Tokenizer& tokenizer, std::string_view text);

/// Drops the tokens behind the first `size`.
void shorten(std::vector<TokenId>& tokens, int size);

/// The end of a path as the model is shown it: three components at most, with '/'.
std::string_view shown_path(std::string_view path);

/// Line borders of `text` in [begin, end): the first byte of each run of line breaks.
std::vector<std::size_t> line_borders(std::string_view text, std::size_t begin, std::size_t end);

/// The tokens of text[begin, end) with hole j of `holes`, j >= from_hole, replaced by its `<hole_j>`.
/// A hole at either end of the range belongs to it, an insertion point too, so where two ranges meet
/// the second one starts with `from_hole` behind the holes of the first. A range that ends inside of a
/// hole ends where the hole begins: what stands in a hole is never shown. Hole 0 has no stand-in: it
/// is the border between `before` and `near`. Text on the two sides of a hole is tokenised apart.
std::vector<TokenId> encode_around_holes(const Tokenizer& tokenizer, const SpecialTokens& special,
                                         std::string_view text, grammar::ByteRange range,
                                         std::span<const grammar::ByteRange> holes,
                                         std::size_t from_hole = 1);

/// The first of `holes`, from 1 on, that does not end at or before `byte`: what text from there on
/// is encoded with as `from_hole`.
std::size_t first_hole_behind(std::span<const grammar::ByteRange> holes, std::size_t byte);

/// How long `near` may grow before the anchor is set anew.
inline constexpr int kMaxNearTokens = 48;

struct Prompt {
  std::vector<TokenId> tokens;
  std::size_t anchor_from_end = 0;  // bytes from the anchor to the end of the text
};

/// Lays out the context of `request` in at most `budget` tokens, which are 8 at least.
/// `anchor_from_end`: where an earlier prompt of the same text had its anchor; kept if it still is a
/// line border below the first hole and `near` is short enough. The start of `before` and the end of
/// `far` move in steps, so that neither slides with every key.
Prompt lay_out(const Tokenizer& tokenizer, const SpecialTokens& special, const FillRequest& request,
               int budget, std::optional<std::size_t> anchor_from_end);

}  // namespace inpaint::engine
