#include "grammar/check/placeholders.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;
using Mode = LexicalState::Mode;

// In a template, $ stands for the brackets to close, & for the same with every statement ended that a
// brace closes, % for the brackets to open (only tried where there are any), ^ for a line end and the indentation of the
// statement around the hole, > for one level more behind a ^.

constexpr std::array kBraceLine = {
    "$;"sv,          "x$;"sv,         "x$"sv,          "$"sv,           "$ {"sv,      "x$ {"sv,
    "x;"sv,          "x"sv,           "x$,"sv,         " x$;"sv,        " x$"sv,      " = x$;"sv,
    "x = x$;"sv,     "x()$;"sv,       "= x$;"sv,       "x x$;"sv,       " {"sv,       "x {"sv,
    " x {"sv,        "$,"sv,          ":"sv,           "x:"sv,          "x$ {}"sv,    "$ {}"sv,
    "x() {"sv,       "x x() {"sv,     "() {"sv,        "x; x; x$ {"sv,  "x : x$ {"sv, "x in x$ {"sv,
    "x of x$ {"sv,   "x x$ {"sv,      "{"sv,           "}"sv,           "};"sv,       "x }"sv,
    " => {"sv,       "x => x$"sv,     "=> x,"sv,       "x = x,"sv,      ": x$,"sv,    "x: x$"sv,
    "x: x = x;"sv,   "? x : x$;"sv,   "0$;"sv,         "0$"sv,          "\"x\"$;"sv,  "\"x\"$"sv,
    "x from 'x';"sv, "<x>"sv,         "> x$;"sv,       "x> x$;"sv,      " := x$"sv,   "[]$;"sv,
    "x()"sv,         "x() {}"sv,      "x$ x"sv,        "x$ x {"sv,      "x) x {"sv,   "{ x }$;"sv,
    "(x) {"sv,       "(x; x; x) {"sv, "(x x : x) {"sv, "(x x of x) {"sv};
constexpr std::array kBraceExpression = {
    "x"sv,     "x()"sv,     "x$"sv,    "$"sv,    "x, x"sv, "x: x"sv,   "x = x"sv, "0"sv,
    "\"x\""sv, "'x'"sv,     " x"sv,    " + x"sv, "x x"sv,  "x => x"sv, "|x| x"sv, ".x"sv,
    ": x"sv,   "= x"sv,     "()"sv,    "[]"sv,   "{}"sv,   "x {}"sv,   "x;"sv,    "? x : x"sv,
    "x,"sv,    ", x"sv,     "<x>"sv,   "x>"sv,   "* x"sv,  "x > x"sv,  "(x)"sv,   "; x"sv,
    "x; x"sv,  "() => x"sv, " => x"sv, "{ x }"sv};
constexpr std::array kBraceBlock = {
    "x;"sv,      "^>x;^"sv,     "^>x;"sv,     "^"sv,          "^}"sv,          "}"sv,
    "x"sv,       "x,"sv,        "x: x,"sv,    "^>x^"sv,       "^>return x;"sv, "^>x();^}"sv,
    "x();"sv,    "x x;"sv,      "x x() {}"sv, "x() {}"sv,     "fn x() {}"sv,   "func x() {}"sv,
    "^>x^}"sv,   "^>x: x,^}"sv, "^>x,^"sv,    "case x: x;"sv, "x => x,"sv,     "x: x;"sv,
    "^>x;^}^"sv, "{ x; }"sv,    "x = x;"sv,   "if (x) {}"sv,  "x x = x;"sv,    "default:"sv};
constexpr std::array kPythonLine = {"$"sv,
                                    "x$"sv,
                                    "$:"sv,
                                    "x$:"sv,
                                    " x$"sv,
                                    "x"sv,
                                    ":"sv,
                                    " = x$"sv,
                                    "x = x$"sv,
                                    "x:"sv,
                                    "pass"sv,
                                    "x()$"sv,
                                    "x()$:"sv,
                                    "x():"sv,
                                    "()$:"sv,
                                    "$: pass"sv,
                                    "x$: pass"sv,
                                    "x(): pass"sv,
                                    " in x$:"sv,
                                    "x in x$:"sv,
                                    "x in x$"sv,
                                    " import x"sv,
                                    "x import x"sv,
                                    "x as x:"sv,
                                    "x, x$"sv,
                                    "x: x$"sv,
                                    ": x$"sv,
                                    "x,"sv,
                                    "$,"sv,
                                    "x$,"sv,
                                    "x else x$"sv,
                                    " else x$"sv,
                                    "x if x else x$"sv,
                                    "x for x in x$"sv,
                                    "0$"sv,
                                    "''$"sv,
                                    "= x$"sv,
                                    "x$ = x"sv,
                                    "$ = x"sv,
                                    "else:"sv,
                                    "elif x:"sv,
                                    "except x:"sv,
                                    "try:"sv,
                                    "finally:"sv,
                                    "case x:"sv,
                                    "def x():"sv,
                                    "if x:"sv,
                                    "else: pass"sv,
                                    "if x: pass"sv,
                                    "except: pass"sv,
                                    "x):"sv,
                                    "x) -> x:"sv,
                                    "{"sv,
                                    "["sv,
                                    "("sv,
                                    "x("sv,
                                    "x = ["sv,
                                    "x = {"sv,
                                    "x: ["sv,
                                    "\"\"\""sv};
constexpr std::array kPythonExpression = {"x"sv,
                                          "x()"sv,
                                          "x$"sv,
                                          "$"sv,
                                          "x, x"sv,
                                          "x=x"sv,
                                          "x: x"sv,
                                          "0"sv,
                                          "'x'"sv,
                                          " x"sv,
                                          " + x"sv,
                                          ".x"sv,
                                          "()"sv,
                                          "[]"sv,
                                          "{}"sv,
                                          "x for x in x"sv,
                                          "x if x else x"sv,
                                          "not x"sv,
                                          "*x"sv,
                                          "**x"sv,
                                          "lambda: x"sv,
                                          ": x"sv,
                                          "= x"sv,
                                          "x,"sv,
                                          ", x"sv,
                                          "in x"sv,
                                          "x in x"sv,
                                          "x := x"sv,
                                          "x as x"sv,
                                          "x:"sv,
                                          "else x"sv,
                                          "x else x"sv,
                                          " if x"sv,
                                          "(x)"sv,
                                          "[x]"sv,
                                          "x.x"sv,
                                          "x[x]"sv};
constexpr std::array kPythonBlock = {
    " pass"sv,          "^>pass"sv,           "^pass"sv,  "pass"sv,         "^>pass^"sv,
    "^>x = x"sv,        "^>return x"sv,       "^>x^>x"sv, "^x = x"sv,       "^>def x():^>>pass"sv,
    "^>if x:^>>pass"sv, "^>case x:^>>pass"sv, "^>x: x"sv, "^else:^>pass"sv, "^except x:^>pass"sv,
    "^finally:^>pass"sv};

constexpr std::array kOpening = {"%"sv,     "x%"sv,    " x%"sv,    "% x"sv,   "x%x"sv,    "%x, "sv,
                                 "x %"sv,   "x = %"sv, " = x%"sv,  "x, x%"sv, "x; x%"sv,  "x: x%"sv,
                                 "= %"sv,   "if %"sv,  "x => %"sv, "x.x%"sv,  ".x%"sv,    "x x%"sv,
                                 "x) x%"sv, "+ x%x"sv, "=> x%"sv,  "x x%x"sv, ", x%"sv,   "x, %x"sv,
                                 "^x%"sv,   "x;^x%"sv, "x%x;"sv,   "if %x"sv, "x x%x "sv, "%^x"sv};
constexpr std::array kStatements = {"&"sv,
                                    "x&"sv,
                                    "x; x&"sv,
                                    "x() {&"sv,
                                    "x; x) {&"sv,
                                    "x; x; x&"sv,
                                    " = x&"sv,
                                    "& while (x);"sv,
                                    "x& while (x);"sv,
                                    "& else {"sv,
                                    "x& else {"sv,
                                    "x) { x;&"sv,
                                    "x, x&"sv,
                                    "x: x&"sv,
                                    "x&;"sv,
                                    "&;"sv,
                                    " x&"sv,
                                    "x) x&"sv,
                                    "x& catch (x) {"sv,
                                    "x&)"sv,
                                    "x&);"sv,
                                    "&);"sv,
                                    "x) {}&"sv,
                                    "x& x() {"sv,
                                    "x& x x() {"sv,
                                    "x& func x() {"sv,
                                    "x& fn x() {"sv,
                                    "x& function x() {"sv,
                                    "&,"sv,
                                    "x&,"sv};

std::span<const std::string_view> single_line(bool python, bool expression) {
  if (python)
    return expression ? std::span(kPythonExpression)
                      : std::span<const std::string_view>(kPythonLine);
  return expression ? std::span(kBraceExpression) : std::span<const std::string_view>(kBraceLine);
}

class Builder {
 public:
  Builder(const LexicalRules& rules, const HoleSurroundings& around)
      : around_(around), python_(rules.indents) {
    level_ = around.indent_text_above.contains('\t') ? "\t" : python_ ? "    " : "  ";
  }

  void add(std::string text) {
    if (!text.empty() && std::ranges::find(texts_, text) == texts_.end())
      texts_.push_back(std::move(text));
  }

  void add_all(std::span<const std::string_view> table) {
    for (const std::string_view pattern : table) {
      if (pattern.contains('%') && around_.to_open.empty()) continue;
      add(written(pattern, around_.to_close));
      if (around_.line_to_close != around_.to_close && pattern.contains('$'))
        add(written(pattern, around_.line_to_close));
    }
  }

  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::string written(std::string_view pattern, std::string_view closers) const {
    std::string text = opening();
    for (const char c : pattern) {
      if (c == '$') {
        text += closers;
      } else if (c == '%') {
        text += around_.to_open;
      } else if (c == '&') {
        text += ended(closers);
      } else if (c == '^') {
        text += around_.newline + around_.indent_text_above;
      } else if (c == '>' && (text.ends_with('\n') || is_indent(text))) {
        text += level_;
      } else {
        text += c;
      }
    }
    return text;
  }

  static std::string ended(std::string_view closers) {
    std::string text;
    for (std::size_t i = 0; i < closers.size(); ++i) {
      if (closers[i] == '}' && (i == 0 || closers[i - 1] != '}')) text += ';';
      if (closers[i] == '}') text += '\n';
      text += closers[i];
    }
    return text;
  }

  /// Whether the text is inside of the indentation of its last line, in a template with lines.
  bool is_indent(std::string_view text) const {
    const std::size_t line = text.rfind('\n');
    return line != std::string_view::npos &&
           text.find_first_not_of(" \t", line + 1) == std::string_view::npos;
  }

  /// What closes an open string or comment, or the indentation of a line that is still blank.
  std::string opening() const {
    const LexicalState& before = around_.before;
    if (before.mode == Mode::string && !around_.quote_closes_behind)
      return before.string == nullptr ? before.close : std::string(before.string->close);
    if (!around_.blank_before || !around_.line_prefix.empty()) return {};
    if (!python_) return {};
    return around_.indent_text_above + (around_.opens_body ? level_ : "");
  }

  const HoleSurroundings& around_;
  bool python_;
  std::string level_;
  std::vector<std::string> texts_;
};

}  // namespace

std::vector<std::string> placeholders(const LexicalRules& rules, const HoleSurroundings& around,
                                      HoleKind kind) {
  const bool python = rules.indents;
  Builder builder(rules, around);
  if (!around.before.in_code()) {
    if (around.before.mode == Mode::block_comment) builder.add(std::string(rules.block_close));
    builder.add("x");
  }
  const std::span<const std::string_view> block =
      python ? std::span<const std::string_view>(kPythonBlock) : std::span(kBraceBlock);
  builder.add_all(kOpening);
  switch (kind) {
    case HoleKind::expression:
    case HoleKind::argument:
    case HoleKind::middle:
      builder.add_all(single_line(python, true));
      builder.add_all(single_line(python, false));
      break;
    case HoleKind::line: builder.add_all(single_line(python, false)); break;
    case HoleKind::block:
      builder.add_all(block);
      if (!python) builder.add_all(kStatements);
      builder.add_all(single_line(python, false));
      break;
    case HoleKind::statement:
    case HoleKind::span:
      builder.add_all(single_line(python, false));
      builder.add_all(block);
      if (!python) builder.add_all(kStatements);
      builder.add_all(single_line(python, true));
      break;
  }
  return builder.take();
}

}  // namespace inpaint::grammar
