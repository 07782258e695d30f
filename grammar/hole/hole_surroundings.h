// What the text on both sides of a hole leaves open, and therefore what a fill has to close.
//
// The brackets that are open before the hole, less those that the text behind it closes, are the
// fill's business. In a file whose brackets match that is exact. Where something is broken elsewhere
// it is not, so the line of the hole is looked at alone as well.
//
// Units: bytes. Cost: O(text) once, about 300 MB/s; of a text longer than kReach on one side only the
// nearer part is read, and nothing is then taken for certain.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "grammar/base/byte_range.h"
#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::grammar {

struct HoleSurroundings {
  static constexpr std::size_t kReach = 1 << 20;
  static constexpr std::size_t kLead = 256;

  LexicalState before;  // where the hole begins
  /// The last bytes before the hole, from a lexeme's begin in its line on, and the state there: what
  /// is written in the hole may go on with a lexeme that begins there.
  std::string lead;
  LexicalState at_lead;
  std::string line_after;  // closing brackets behind the hole, in its line, that it does not open
  std::string after;       // the same, to the end of the text
  std::string to_close;    // what the fill has to close, innermost first; at most eight
  std::string to_open;     // what it has to open for the text behind; outermost first
  std::string line_to_close;         // the same if one looks at the line alone
  bool quote_closes_behind = false;  // the string that we are in ends in this line, behind the hole
  bool blank_before = false;         // nothing but blanks before the hole in its line
  bool blank_after = false;          // nothing but blanks behind the hole in its line
  std::string line_prefix;           // of the hole's line: what stands before the hole
  std::string newline = "\n";

  // Indentation. The level of what stands above the hole, and whether it opens a body there.
  std::size_t indent_above = 0;
  std::string indent_text_above;
  bool opens_body = false;       // the last thing before the hole is { or a : that ends its line
  std::size_t indent_below = 0;  // of the next line that is not blank
  char last_before = '\0';       // the last byte before the hole that is no white space or comment
};

HoleSurroundings surroundings_of(const LexicalRules& rules, std::string_view text, ByteRange hole);

}  // namespace inpaint::grammar
