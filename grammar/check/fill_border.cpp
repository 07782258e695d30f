#include "grammar/check/fill_border.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "grammar/lexical/lexical_scanner.h"

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;
using Kind = Lexeme::Kind;

/// Words that go on with a statement whose block has just ended.
bool continues_statement(std::string_view word) {
  constexpr std::array kWords = {"else"sv,  "elif"sv,       "except"sv, "finally"sv, "catch"sv,
                                 "while"sv, "instanceof"sv, "in"sv,     "of"sv,      "as"sv,
                                 "case"sv,  "satisfies"sv,  "default"sv};
  return std::ranges::find(kWords, word) != kWords.end();
}

bool is_comment(LexicalState::Mode mode) {
  return mode == LexicalState::Mode::line_comment || mode == LexicalState::Mode::block_comment;
}

}  // namespace

/// One reading of one fill.
class FillBorder::Walk {
 public:
  Walk(const FillBorder& border, std::string_view text)
      : border_(border),
        around_(border.around_),
        rules_(*border.rules_),
        text_(text),
        lead_(border.around_.lead.size()),
        scanner_(*border.rules_, text),
        state_(border.around_.at_lead) {
    allowed_ = std::max(around_.to_close.size(), around_.line_to_close.size());
    can_see_below_ = rules_.indents && around_.before.open.empty() && around_.before.in_code();
    least_indent_ = around_.opens_body ? around_.indent_above + 1
                                       : std::min(around_.indent_above, around_.indent_below);
  }

  Verdict read() {
    std::size_t at = 0;
    while (at < lead_) {
      // A lexeme that begins before the hole is read whole, fill and all.
      const Lexeme lexeme = scanner_.next(at, state_);
      at = lexeme.end;
    }
    floor_ = std::min(around_.before.open.size(), state_.open.size());
    last_end_ = lead_;
    if (lead_ == 0 || around_.blank_before) {
      start_line(0);
    } else {
      first_indent_ = around_.indent_above;
    }
    while (at < text_.size() && !verdict_.end && verdict_.admitted) {
      const bool was_uncertain = state_.uncertain;
      const bool was_comment = is_comment(state_.mode);
      const std::size_t depth = state_.open.size();
      const Lexeme lexeme = scanner_.next(at, state_);
      at = lexeme.end;
      switch (lexeme.kind) {
        case Kind::blank: continue;
        case Kind::newline: line_end(lexeme); continue;
        case Kind::close: closed(lexeme, depth, was_uncertain); break;
        default: break;
      }
      if (lexeme.kind == Kind::text && (was_comment || is_comment(state_.mode))) {
        last_end_ = lexeme.end;
        continue;
      }
      if (!verdict_.end) statement_goes_on(lexeme);
      if (!verdict_.end && border_.one_line_) element_ends(lexeme);
      written(lexeme);
    }
    return verdict_;
  }

 private:
  void reject() { verdict_.admitted = false; }
  void end_at(std::size_t at) { verdict_.end = at - std::min(at, lead_); }

  void written(const Lexeme& lexeme) {
    last_end_ = lexeme.end;
    last_kind_ = lexeme.kind;
    last_byte_ = text_[lexeme.end - 1];
    const bool at_level = state_.open.size() <= floor_ && state_.in_code();
    if (border_.kind_ != HoleKind::statement || !at_level) return;
    if (lexeme.kind == Kind::close && last_byte_ == '}') {
      behind_ = lexeme.end;
      brace_ = true;
    } else if (lexeme.kind == Kind::other && last_byte_ == ';' && has_semicolons() &&
               !state_.open.ends_with('(')) {
      behind_ = lexeme.end;
      brace_ = false;
    }
  }

  /// Whether a semicolon outside of brackets ends a statement: in Go it also parts the head of a
  /// loop, and Python has no use for it.
  bool has_semicolons() const { return rules_.ends_with_semicolon || rules_.regexes; }

  /// Whether a line end here may end a statement: not between round or square brackets.
  bool lines_end_statements() const {
    if (rules_.ends_with_semicolon || state_.open.size() > floor_) return false;
    return state_.open.empty() || (!rules_.indents && state_.open.back() == '{');
  }

  // -- brackets ----------------------------------------------------------------------------------
  void closed(const Lexeme& lexeme, std::size_t depth, bool was_uncertain) {
    const bool own = depth > floor_;  // something of the fill was open
    if (!lexeme.fits) {
      // What the fill itself has opened is certain whatever the text before it is like.
      if (own ? !was_uncertain || around_.before.uncertain
              : !around_.before.uncertain && !was_uncertain)
        reject();
      floor_ = std::min(floor_, state_.open.size());
      return;
    }
    if (own) return;
    floor_ = state_.open.size();
    if (++n_closed_ <= allowed_) {
      if (n_closed_ == allowed_ && border_.kind_ == HoleKind::block && around_.opens_body)
        body_closed_ = true;
      return;
    }
    const char c = text_[lexeme.begin];
    if (border_.one_line_) {
      if (around_.line_after.starts_with(c)) {
        reject();
        end_at(lexeme.begin);
      } else if (border_.kind_ == HoleKind::expression || border_.kind_ == HoleKind::argument) {
        end_at(lexeme.begin);
      }
      return;
    }
    // The line end and indentation before a bracket of the text around stand behind the hole too.
    end_at(around_.blank_after ? last_end_ : lexeme.begin);
  }

  /// An expression ends at a semicolon, an argument at a comma too, unless something is about that
  /// holds commas without brackets of its own.
  void element_ends(const Lexeme& lexeme) {
    const bool is_argument = border_.kind_ == HoleKind::argument;
    if (!is_argument && border_.kind_ != HoleKind::expression) return;
    const std::string_view word = text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
    if (word == "<" || word == "|" || word == "lambda" || word == "for") holds_commas_ = true;
    if (lexeme.kind != Kind::other || state_.open.size() > floor_) return;
    const char around = state_.open.empty() ? '\0' : state_.open.back();
    const bool comma_ends = is_argument && !holds_commas_ && (around == '(' || around == '[');
    if ((word == ";" && has_semicolons()) || (word == "," && comma_ends)) end_at(lexeme.begin);
  }

  // -- lines -------------------------------------------------------------------------------------
  void line_end(const Lexeme& lexeme) {
    if (border_.one_line_) {
      reject();
      const bool has_return = lexeme.begin > lead_ && text_[lexeme.begin - 1] == '\r';
      end_at(lexeme.begin - (has_return ? 1 : 0));
      return;
    }
    if (!lexeme.in_code) return;
    if (body_closed_ && state_.open.size() <= floor_) {
      end_at(lexeme.begin);
      return;
    }
    if (behind_ != 0) newline_behind_ = true;
    const bool ends_here = lines_end_statements() && border_.kind_ == HoleKind::statement &&
                           behind_ == 0 && last_end_ > lead_ &&
                           (last_kind_ == Kind::word || last_kind_ == Kind::close ||
                            last_kind_ == Kind::text || (rules_.indents && last_byte_ != ':'));
    if (ends_here) {
      behind_ = last_end_;
      newline_behind_ = true;
      brace_ = false;
    }
    start_line(lexeme.end);
  }

  /// A new line begins: does its level belong to the hole?
  void start_line(std::size_t begin) {
    const std::size_t first = text_.find_first_not_of(" \t\r\f\v", begin);
    if (first == std::string_view::npos || text_[first] == '\n') return;
    line_indent_ = indent_at(text_, begin);
    if (!first_indent_) first_indent_ = line_indent_;
    if (!can_see_below_ || !state_.open.empty() || !state_.in_code()) return;
    if (text_.substr(first).starts_with(rules_.line_comment)) return;
    const bool first_line = last_end_ <= lead_ && levels_.empty();
    const bool tracks = border_.kind_ == HoleKind::block || first_line;
    if (line_indent_ < least_indent_ && tracks && around_.opens_body) {
      if (first_line) {
        reject();
      } else {
        end_at(last_end_);
      }
      return;
    }
    if (border_.kind_ == HoleKind::block && line_indent_ < least_indent_ && !first_line) {
      end_at(last_end_);
      return;
    }
    check_level(first_line);
  }

  void check_level(bool first_line) {
    if (levels_.empty()) {
      if (first_line) levels_.push_back(line_indent_);
      return;
    }
    if (line_indent_ > levels_.back()) {
      if (last_byte_ != ':') reject();
      levels_.push_back(line_indent_);
      return;
    }
    while (!levels_.empty() && levels_.back() > line_indent_) levels_.pop_back();
    // Below the first line's level begins what only the text before the hole knows.
    if (!levels_.empty() && levels_.back() != line_indent_) reject();
    if (levels_.empty()) levels_.push_back(line_indent_);
  }

  // -- statements --------------------------------------------------------------------------------
  /// A statement may have ended at `behind_`; the next lexeme says whether it has.
  void statement_goes_on(const Lexeme& lexeme) {
    if (behind_ == 0) return;
    const bool whole = lexeme.end < text_.size();
    const std::string_view word = text_.substr(lexeme.begin, lexeme.end - lexeme.begin);
    bool goes_on = false;
    if (lexeme.kind == Kind::word) {
      if (!whole) return;  // may still become `else`
      goes_on = brace_ ? continues_statement(word) || !newline_behind_
                       : word == "else" || (!has_semicolons() && continues_statement(word));
    } else if (lexeme.kind == Kind::text || lexeme.kind == Kind::open) {
      goes_on = !newline_behind_ || lexeme.kind == Kind::open;
    } else {
      goes_on = word != "@" || !newline_behind_;
    }
    if (newline_behind_ && first_indent_ && line_indent_ > *first_indent_ &&
        !rules_.ends_with_semicolon)
      goes_on = true;
    if (!goes_on && verdict_.admitted) end_at(behind_);
    behind_ = 0;
    newline_behind_ = false;
  }

  const FillBorder& border_;
  const HoleSurroundings& around_;
  const LexicalRules& rules_;
  std::string_view text_;
  std::size_t lead_;
  LexicalScanner scanner_;
  LexicalState state_;
  Verdict verdict_;

  std::size_t floor_ = 0;     // brackets still open that the fill has not opened
  std::size_t n_closed_ = 0;  // of those that were
  std::size_t allowed_ = 0;   // how many are the fill's to close
  bool body_closed_ = false;
  bool holds_commas_ = false;

  bool can_see_below_ = false;  // Python, outside of brackets
  std::size_t least_indent_ = 0;
  std::size_t line_indent_ = 0;
  std::optional<std::size_t> first_indent_;
  std::vector<std::size_t> levels_;

  std::size_t last_end_ = 0;  // of what is neither blank nor a line end
  Kind last_kind_ = Kind::blank;
  char last_byte_ = '\0';
  std::size_t behind_ = 0;  // where the statement may have ended, or 0
  bool brace_ = false;      // with a }
  bool newline_behind_ = false;
};

FillBorder::FillBorder(const LexicalRules& rules, HoleSurroundings around, HoleKind kind,
                       bool one_line)
    : rules_(&rules), around_(std::move(around)), kind_(kind), one_line_(one_line) {}

FillBorder::Verdict FillBorder::read(std::string_view fill) {
  buffer_ = around_.lead;
  buffer_ += fill;
  Verdict verdict = Walk(*this, buffer_).read();
  if (!one_line_) return verdict;
  // A line end behind a backslash, or in the lexeme that goes on into the hole, is one as well.
  std::size_t line_end = fill.find('\n');
  if (line_end == std::string_view::npos) return verdict;
  if (line_end > 0 && fill[line_end - 1] == '\r') --line_end;
  if (verdict.end && *verdict.end <= line_end) return verdict;
  return {false, line_end};
}

}  // namespace inpaint::grammar
