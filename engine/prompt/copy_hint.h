// Copy hints: what a row would say if the text only repeated itself (a prompt n-gram lookup).
//
// Where the text up to a row last stood together, something followed; that token is the row's hint,
// and the length of the match says how far to trust it. A second hint is what followed the longest
// match behind which the text goes on otherwise. It is what an induction head finds by attention,
// found exactly, and what a model of few weights cannot learn to find. A block of masks is told the
// runs that followed, so that it starts from drafts.
//
// Rows of the context are compared token by token. A hole cuts its word anywhere, so that the same
// text has other tokens on its two sides: rows of a span are compared byte by byte, with the text in
// front of the hole, and what followed is cut into tokens anew. Where what followed is what stands
// behind the hole, the hint is `<end>`. Special tokens part texts: no match reaches over one.
// A row of the context is told only of what it may see, so that the copy hints of cached rows stay
// exact; a row of a span, which is not kept, also of the rest of the file, far beyond what fits the
// context, and of other files.
//
// They are looked up by copy_hint_lookup.h; a model that knows them is given them with its rows.
//
// Units:  tokens; matches in bytes.   Thread rule: values; any thread.
// Sources: induction heads, arXiv 2209.11895; pointing at earlier words, arXiv 1609.07843;
//          drafts by lookup in the prompt (prompt lookup decoding), arXiv 2304.04487.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/tokenizer/tokenizer.h"
#include "grammar/base/byte_range.h"

namespace inpaint::engine {

struct CopyHint {
  TokenId token = 0;      // for what the row predicts; meaningless where nothing matched
  int matched = 0;        // bytes that were the same; 0: no hint
  bool in_block = false;  // the row stands for itself and not for the next one
};

/// What a row is told of, the longer match first; the two differ where both are.
inline constexpr int kCopyHints = 2;
using CopyHints = std::array<CopyHint, kCopyHints>;

/// Classes of matches that a model tells apart: of 0 bytes, from 1, 2, 4, 7, 11, 17, 24 and 32 on, for
/// clean rows and, behind those, for the rows of a block. The first of either has no hint.
inline constexpr int kMatchLengths = 9;
inline constexpr int kMatchClasses = 2 * kMatchLengths;
int match_class(const CopyHint& hint);

/// Stands for a special token, and in a memory where text was left out.
inline constexpr char kTextBorder = '\0';

/// The memory of a text with holes: what stands around them, up to kMemoryBytes on either side of the
/// first, with a border for each hole. `holes`: ordered, disjoint, not empty. `neighbours`: texts of
/// other files, most useful first; the first kNeighbourBytes of them all stand in front, the least
/// useful one foremost, because of matches that are as long the last one counts.
inline constexpr std::size_t kMemoryBytes = 24 * 1024;
inline constexpr std::size_t kNeighbourBytes = 48 * 1024;
std::string copy_hint_memory(std::string_view text, std::span<const grammar::ByteRange> holes,
                             std::span<const std::string> neighbours = {});

}  // namespace inpaint::engine
