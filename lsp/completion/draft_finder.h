// What the rest of the file, and other files, say should stand in a hole: their best matching spans.
//
// Code repeats itself. Where the text before the hole stands elsewhere too, what follows
// there is a good guess of what belongs here, the better the longer the match is and when it runs on
// into what stands behind the hole. Such a guess is a draft: a denoiser starts from it, and it alone
// is the baseline that a model has to beat.
//
// How: the text before the hole is compared backwards with the text before every other place at
// once (the Z algorithm), over symbols in which indentation is relative (indent_symbols.h), so that
// code is found at any depth; a draft is brought to the depth of the hole. A draft ends
//   - where what follows it equals what stands behind the hole for as long as possible; among equals
//     where its brackets are closed, then the shortest; in a hole of one line never behind that line;
//   - else, in a hole of several lines, where the lines become shallower than the first; a statement
//     also before the next line as deep, once its brackets are closed.
// The source of a draft never touches the hole.
//
// Units:  bytes of the text; matches in characters, a line's indentation being one.
// Errors: none; nothing is returned when nothing matches.
// Cost:   O(text + places * max_bytes), at most 64 places: 300 kB of source take 1.3 ms, and one
//         byte repeated 300,000 times 15 ms (one core of the reference machine, -O3).
// Source: D. Gusfield, Algorithms on Strings, Trees and Sequences (1997), section 1.4, for Z.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/byte_range.h"
#include "grammar/hole_planner.h"

namespace inpaint::lsp {

using grammar::ByteRange;

struct Draft {
  std::string text;                // at the depth of the hole; never blank
  std::size_t matched_before = 0;  // how much of the text before the hole precedes the source, too
  std::size_t matched_after = 0;   // and how much of the text behind it follows
  std::size_t seen = 0;            // how many places say the same
  ByteRange source;                // of the text that was searched
  std::optional<std::size_t> neighbour;  // the number of that text; none: of the hole's own
  double probability = 0.0;  // that it is exactly what belongs here (draft_probability.h)
  friend bool operator==(const Draft&, const Draft&) = default;
};

struct DraftRequest {
  std::string_view text;  // what stands in the hole is not looked at
  ByteRange hole;         // at character borders
  grammar::HoleKind kind = grammar::HoleKind::line;
  std::size_t max_drafts = 3;
  std::size_t max_bytes = 1024;  // longest draft, before it is brought to the hole's depth
  std::size_t least_before = 2;  // shortest match that counts
  std::span<const std::string> neighbours;  // other files; of equals the hole's own file is nearer
};

/// Best first, no two alike. The longest match, before and behind together, is the best, and of
/// equals the one that the file says oftener; of spans it is the most probable one.
std::vector<Draft> find_drafts(const DraftRequest& request);

}  // namespace inpaint::lsp
