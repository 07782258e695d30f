// What the file itself, and other files, suggest for a hole.
//
// A denoiser starts from a draft, and a candidate may be no more than one. copy_finder.h and
// analogy_finder.h find them, draft_finder.h asks both.
//
// Units: bytes of the text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "grammar/hole/hole_planner.h"

namespace inpaint::lsp {

using grammar::ByteRange;

/// How a copy matches, in characters, a line's indentation being one.
struct CopyMatch {
  std::size_t before = 0;  // how much of the text before the hole precedes the source, too,
  std::size_t after = 0;   // and how much of the text behind it follows
  std::size_t seen = 1;    // how many places say the same
  friend bool operator==(const CopyMatch&, const CopyMatch&) = default;
};

/// How an analogy does, in lexemes.
struct AnalogyMatch {
  std::size_t equal = 0;    // in front of the hole; a name that differs as it did before is equal
  std::size_t renamed = 0;  // names there that the source calls otherwise
  std::size_t changed = 0;  // words of the draft that are not those of the source
  std::size_t after = 0;    // behind the hole, in halves of a lexeme: white space counts little
  std::size_t seen = 1;
  bool corrects = false;  // a copy of the same place has the names of the source
  friend bool operator==(const AnalogyMatch&, const AnalogyMatch&) = default;
};

struct Draft {
  std::string text;                      // at the depth of the hole; never blank
  std::optional<CopyMatch> copy;         // one of the two,
  std::optional<AnalogyMatch> analogy;   // or both
  ByteRange source;                      // of the text that was searched
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
  std::size_t max_bytes = 1024;      // longest draft, before it is brought to the hole's depth
  std::size_t least_before = 2;      // shortest copied match that counts
  double least_probability = 0.005;  // of a draft among the others: each costs a forward
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
