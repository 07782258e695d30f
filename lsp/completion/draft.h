// What the file itself, and other files, suggest for a hole.
//
// A denoiser starts from a draft, and a candidate may be no more than one. copy_finder.h and
// analogy_finder.h find them, draft_finder.h asks both.
//
// Units: bytes of the text; matches of copies in characters, a line's indentation being one, those of
//        analogies in lexemes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "grammar/byte_range.h"
#include "grammar/hole_planner.h"

namespace inpaint::lsp {

using grammar::ByteRange;

struct Draft {
  std::string text;  // at the depth of the hole; never blank
  std::size_t matched_before =
      0;  // how much of what stands before the hole precedes the source, too
  std::size_t matched_after = 0;  // and how much of what stands behind it follows
  std::size_t renamed = 0;        // names in front of the hole that the source calls otherwise
  std::size_t changed = 0;        // names of the draft that are not those of the source
  std::size_t seen = 0;           // how many places say the same
  ByteRange source;               // of the text that was searched
  std::optional<std::size_t> neighbour;  // the number of that text; none: of the hole's own
  double probability = 0.0;  // that it is exactly what belongs here (draft_probability.h)
  friend bool operator==(const Draft&, const Draft&) = default;
};

struct DraftRequest {
  std::string_view text;  // what stands in the hole is not looked at
  ByteRange hole;         // at character borders
  grammar::HoleKind kind = grammar::HoleKind::line;
  const grammar::Language* language = nullptr;  // null: none that is known
  std::size_t max_drafts = 3;
  std::size_t max_bytes = 1024;  // longest draft, before it is brought to the hole's depth
  std::size_t least_before = 2;  // shortest copied match that counts
  std::span<const std::string> neighbours;  // other files; of equals the hole's own file is nearer
};

/// Whether a draft for such a hole ends with its line.
inline bool is_one_line(grammar::HoleKind kind) {
  using grammar::HoleKind;
  return kind != HoleKind::statement && kind != HoleKind::block && kind != HoleKind::span;
}

/// By how much a character changes how many brackets are open.
inline int bracket_step(char16_t character) {
  switch (character) {
    case u'(':
    case u'[':
    case u'{': return 1;
    case u')':
    case u']':
    case u'}': return -1;
    default: return 0;
  }
}

}  // namespace inpaint::lsp
