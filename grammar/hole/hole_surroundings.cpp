#include "grammar/hole/hole_surroundings.h"

#include <algorithm>
#include <cassert>

#include "grammar/base/text_lines.h"

namespace inpaint::grammar {
namespace {

using Kind = Lexeme::Kind;

bool is_comment(LexicalState::Mode mode) {
  return mode == LexicalState::Mode::line_comment || mode == LexicalState::Mode::block_comment;
}

/// Closing brackets that the text opens nowhere, in their order. `state` is where it begins.
std::string unopened(const LexicalScanner& scanner, std::size_t size, LexicalState state,
                     bool stop_at_newline) {
  std::string found;
  state.open.clear();
  for (std::size_t at = 0; at < size;) {
    const Lexeme lexeme = scanner.next(at, state);
    if (lexeme.kind == Kind::newline && stop_at_newline) break;
    if (lexeme.kind == Kind::close && !lexeme.fits) found += scanner.text()[at];
    at = lexeme.end;
  }
  return found;
}

/// The brackets of `open` that are not closed by `n_after` later ones, as what closes them.
std::string rest_to_close(std::string_view open, std::size_t n_after) {
  constexpr std::size_t kMost = 8;
  const std::size_t n = open.size() - std::min(open.size(), n_after);
  std::string closers;
  for (std::size_t i = 0; i < std::min(n, kMost); ++i)
    closers += closer_of(open[open.size() - 1 - i]);
  return closers;
}

/// The brackets that later ones close beyond those that are open.
std::string rest_to_open(std::string_view open, std::string_view after) {
  std::string openers;
  for (std::size_t i = after.size(); i > open.size(); --i) openers += opener_of(after[i - 1]);
  constexpr std::size_t kMost = 8;
  return openers.size() > kMost ? openers.substr(openers.size() - kMost) : openers;
}

}  // namespace

HoleSurroundings surroundings_of(const LexicalRules& rules, std::string_view text, ByteRange hole) {
  assert(hole.begin <= hole.end && hole.end <= text.size());
  HoleSurroundings around;
  const std::size_t from =
      hole.begin > HoleSurroundings::kReach ? hole.begin - HoleSurroundings::kReach : 0;
  const std::size_t until = std::min(text.size(), hole.end + HoleSurroundings::kReach);
  const Line line = line_at(text, hole.begin);
  const LexicalScanner scanner(rules, text.substr(0, hole.begin));

  LexicalState& state = around.before;
  std::size_t open_in_line = 0;
  const std::size_t lead_from = std::max(
      std::min(line.begin, hole.begin), hole.begin - std::min(hole.begin, HoleSurroundings::kLead));
  std::size_t lead_begin = hole.begin;
  for (std::size_t at = from; at < hole.begin;) {
    if (at <= line.begin) open_in_line = state.open.size();
    if (at >= lead_from && lead_begin == hole.begin) {
      lead_begin = at;
      around.at_lead = state;
    }
    const bool was_comment = is_comment(state.mode);
    const Lexeme lexeme = scanner.next(at, state);
    if (at >= line.begin) open_in_line = std::min(open_in_line, state.open.size());
    const bool speaks = lexeme.kind != Kind::blank && lexeme.kind != Kind::newline;
    if (speaks && !was_comment && !is_comment(state.mode))
      around.last_before = text[lexeme.end - 1];
    at = lexeme.end;
  }
  if (from > 0) state.uncertain = around.at_lead.uncertain = true;
  if (lead_begin == hole.begin) around.at_lead = state;
  around.lead = text.substr(lead_begin, hole.begin - lead_begin);
  const std::size_t prefix_begin = std::min(line.begin, hole.begin);
  around.line_prefix = text.substr(prefix_begin, hole.begin - prefix_begin);
  around.blank_before = is_blank(around.line_prefix);

  const std::string_view behind = text.substr(hole.end, until - hole.end);
  const std::size_t newline = std::min(behind.find('\n'), behind.size());
  std::string_view rest = behind.substr(0, newline);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  around.blank_after = is_blank(rest);
  around.newline = text.contains("\r\n") ? "\r\n" : "\n";
  const LexicalScanner scanner_behind(rules, behind);
  around.line_after = unopened(scanner_behind, behind.size(), state, true);
  around.after = unopened(scanner_behind, behind.size(), state, false);
  around.to_close = rest_to_close(state.open, around.after.size());
  around.to_open = rest_to_open(state.open, around.after);
  around.line_to_close =
      rest_to_close(std::string_view(state.open).substr(open_in_line), around.line_after.size());
  if (state.mode == LexicalState::Mode::string) {
    LexicalState in_string = state;
    for (std::size_t at = 0; at < rest.size() && !around.quote_closes_behind;) {
      at = LexicalScanner(rules, rest).next(at, in_string).end;
      around.quote_closes_behind = in_string.in_code();
    }
  }

  std::size_t begin = prefix_begin;
  if (around.blank_before) {
    while (begin > 0) {
      const Line previous = line_at(text, begin - 1);
      if (previous.begin >= begin) break;  // a byte order mark
      begin = previous.begin;
      if (!is_blank(text.substr(begin, previous.end - begin))) break;
    }
  }
  const std::size_t first = std::min(text.find_first_not_of(" \t", begin), text.size());
  around.indent_text_above = text.substr(begin, first - begin);
  around.indent_above = indent_at(text, begin);
  if (rules.indents && state.indent != around.indent_above) {
    // The statement above began some lines further up.
    around.indent_above = state.indent;
    around.indent_text_above = std::string(state.indent, ' ');
  }
  const std::size_t below = behind.find_first_not_of(" \t\r\n", newline);
  if (below != std::string_view::npos)
    around.indent_below = indent_at(behind, line_at(behind, below).begin);
  const char opener = rules.indents ? ':' : '{';
  around.opens_body =
      state.in_code() && around.last_before == opener && (!rules.indents || state.open.empty());
  return around;
}

}  // namespace inpaint::grammar
