// Where a fill leaves its hole, and which texts can not become a fill any more, by brackets, quotes
// and indentation alone.
//
// It is asked for every candidate while a fill is written, so it never parses. It rejects only what
// is certain: where the text before the hole is not understood (a lone quote, brackets that do not
// match), only what is wrong within the fill itself counts.
//
//   * A closing bracket must fit what is open. In a hole of one line it must not close what the text
//     behind the hole closes in the same line.
//   * A hole of one line ends at a line end.
//   * A block or statement ends at the bracket that closes what is around it, a block of Python at a
//     line of a lower level, and a statement behind itself.
//   * In Python a line goes back to a level that there was, and deeper only below a colon.
//
// Units: bytes of the fill. Cost: about 3 us for 256 bytes.
// Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "grammar/hole/hole_planner.h"
#include "grammar/hole/hole_surroundings.h"
#include "grammar/lexical/lexical_rules.h"

namespace inpaint::grammar {

class FillBorder {
 public:
  FillBorder(const LexicalRules& rules, HoleSurroundings around, HoleKind kind, bool one_line);

  struct Verdict {
    bool admitted = true;            // the fill may begin like this
    std::optional<std::size_t> end;  // the first byte that is not of the fill any more
  };
  /// The first thing that happens when one reads the fill from the left.
  Verdict read(std::string_view fill);

  const HoleSurroundings& around() const { return around_; }

 private:
  class Walk;

  const LexicalRules* rules_;
  HoleSurroundings around_;
  HoleKind kind_;
  bool one_line_;
  std::string buffer_;  // around_.lead and the fill
};

}  // namespace inpaint::grammar
