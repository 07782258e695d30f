// Makes a fill fit the text around it: line ends and indentation as in the buffer, nothing of what
// follows said twice, no white space at line ends, no text that goes round in circles.
//
// The model writes what its training data looks like; the buffer decides how it is written here. The
// hole's right edge and the brackets are the constraint's business (grammar/check/hole_constraint.h), and
// whether the result parses is the promise's. What is left are rules of text that no parser knows.
//
// Units: bytes. Cost: O(fill + lines around it).
#pragma once

#include <string>
#include <string_view>

#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"

namespace inpaint::lsp {

/// How a buffer writes its lines.
struct LineStyle {
  std::string_view newline = "\n";  // or "\r\n": what most of its lines end with
  bool tabs = false;                // most indented lines begin with a tab
  int width = 4;                    // spaces of one level, where it indents with spaces

  std::string level() const {
    return tabs ? "\t" : std::string(static_cast<std::size_t>(width), ' ');
  }
  friend bool operator==(const LineStyle&, const LineStyle&) = default;
};

/// Reads at most the 2,000 lines nearest to `byte`.
LineStyle line_style(std::string_view text, std::size_t byte);

/// What stands beside a hole on its own lines.
struct HoleEdges {
  bool begins_line = false;  // nothing in front of it
  bool text_behind = false;
};

/// Line ends and the white space at the beginning of lines, in the buffer's style; of the first line
/// only where the hole begins it. White space at line ends goes, except that of the last line where text
/// follows the hole.
std::string in_style(std::string_view fill, const LineStyle& style, HoleEdges edges);

/// `fill` without what the text behind the hole says again: whole lines at its end that are the next
/// lines of the buffer, and what the rest of the line begins with (two bytes where the cursor stands in a word,
/// else eight).
std::string_view trim_suffix_overlap(std::string_view fill, std::string_view before,
                                     std::string_view behind);

/// For a body in a language where indentation makes bodies: `fill` up to the first line that is no deeper
/// than what opens the body, which is what comes behind it. `before`: the text in front of the hole.
std::string_view within_body(std::string_view fill, std::string_view before,
                             const grammar::Language& language);

/// `fill` up to where it begins to go round in circles: a line, or a few, three times in a row.
std::string_view without_circles(std::string_view fill);

/// True where the fill makes its line one that only repeats the line below or above it, which says little and
/// is what weak models like best. What is short (a closing bracket, `else:`) may well come twice.
bool repeats_neighbour(std::string_view fill, std::string_view before, std::string_view behind);

/// True where the fill begins with the word that stands in front of it, one that no language says twice. Small models
/// begin a statement anew behind its first word, and a grammar may take that for a name.
bool repeats_word(std::string_view fill, std::string_view before);

/// True of a comment without words: who wants one has typed it sooner than they have read it.
bool is_empty_comment(std::string_view fill, const grammar::Language* language);

}  // namespace inpaint::lsp
