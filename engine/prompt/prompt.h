// Cuts a text with holes into the parts of a prompt, within a budget of tokens. Training and use
// both come here: what a model learns to read is what it is shown.
//
//   path, snippets   where the text lies, and text of other places
//   before           the text up to the first hole
//   near             from the first hole to the anchor, a line border below it
//   far              from the anchor on
//
// Where anchor and windows lie and how the budget is shared out, the two decide for themselves
// (PromptSource, PromptShares): use keeps parts where they are while a person types
// (fill_prompt.h), training draws them (training/corpus/sample_text.h).
//
// Units:  bytes of the text in, tokens out. The budget counts tokens, special ones included.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/prompt/prompt_format.h"
#include "engine/prompt/special_tokens.h"
#include "engine/tokenizer/tokenizer.h"
#include "grammar/base/byte_range.h"

namespace inpaint::engine {

/// Generous for source code (about 3.7 on average): text further away than a budget of such tokens
/// need not be tokenised.
inline constexpr std::size_t kMostBytesPerToken = 6;

/// The tokens of a piece of text, without their places.
std::vector<TokenId> token_ids(const Tokenizer& tokenizer, std::string_view text);

/// Drops the tokens behind the first `size`.
void shorten(std::vector<TokenId>& tokens, int size);

/// The end of a path as the model is shown it: three components at most, with '/'.
std::string_view shown_path(std::string_view path);

/// `byte`, or where the character begins that it would cut.
std::size_t character_border(std::string_view text, std::size_t byte);

/// How many bytes in front of `byte` a prompt leaves out, because a token is cut there: a span says them
/// again (decoding/span_opening.h). Nothing in a format that cuts tokens, at the beginning of a line, and
/// in a piece so long that it is no word.
std::size_t held_bytes(const Tokenizer& tokenizer, const PromptFormat& format,
                       std::string_view text, std::size_t byte);

/// Line borders of `text` in [begin, end): the first byte of each run of line breaks. A border lies
/// before its line break, because a line break and the indentation after it are one token.
std::vector<std::size_t> line_borders(std::string_view text, std::size_t begin, std::size_t end);

/// Whether such a border lies at `byte`; the end of the text is one.
bool is_line_border(std::string_view text, std::size_t byte);

/// The tokens of text[begin, end) with hole j of `holes`, j >= from_hole, replaced by its
/// `<hole_j>`. A hole at either end of the range belongs to it, an insertion point too, so where
/// two ranges meet the second one starts with `from_hole` behind the holes of the first. A range
/// that ends inside of a hole ends where the hole begins: what stands in a hole is never shown.
/// Hole 0 has no stand-in: it is the border between `before` and `near`. Text on the two sides of a
/// hole is tokenised apart.
std::vector<TokenId> encode_around_holes(const Tokenizer& tokenizer, const SpecialTokens& special,
                                         std::string_view text, grammar::ByteRange range,
                                         std::span<const grammar::ByteRange> holes,
                                         std::size_t from_hole = 1);

/// A text with holes, and the bytes of it that a prompt may show.
struct PromptSource {
  struct Quote {
    std::string_view path, text;
  };
  std::string_view path;
  std::string_view text;
  std::span<const grammar::ByteRange> holes;  // ordered, disjoint, at least one
  std::vector<Quote> snippets;                // most useful first
  std::size_t begin = 0;                      // `before` runs from here to the first hole,
  std::size_t anchor = 0;                     // `near` from that hole to here,
  std::size_t end = 0;                        // `far` from the anchor to here
};

/// How the budget is shared out. Training and use differ in these numbers and in nothing else.
struct PromptShares {
  int near = 0;  // tokens of `near`, at most
  // Room that is kept for `near` where it is shorter: a bracket that closes there moves nothing
  // else.
  int near_room = 0;
  // Whether the marker and the path of a snippet count to the snippets' third. In training they do
  // not: the shipped weights were trained so.
  bool whole_snippets_in_third = true;
  double far = 0.25;    // of what is left; more where `before` does not need its share
  int far_step = 1;     // `far` gives way to `before` in steps of so many tokens
  int before_step = 1;  // the begin of `before` moves in steps of so many
};

/// A format in the tokens of one model. Immutable; any thread. The tokenizer must outlive it.
struct PromptWriter {
  const Tokenizer& tokenizer;
  SpecialTokens special;
  const PromptFormat& format;

  /// At most `budget` tokens, which are 8 at least.
  PromptParts lay_out(const PromptSource& source, const PromptShares& shares, int budget) const;

  std::vector<TokenId> assemble(const PromptParts& parts) const {
    return format.assemble(special, parts);
  }
};

}  // namespace inpaint::engine
