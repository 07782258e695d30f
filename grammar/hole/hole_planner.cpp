#include "grammar/hole/hole_planner.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "grammar/base/text_lines.h"
#include "grammar/hole/empty_body.h"
#include "grammar/lexical/lexical_rules.h"
#include "grammar/lexical/lexical_scanner.h"
#include "grammar/tree/node_kind.h"

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;

bool spans_lines(HoleKind kind) {
  return kind == HoleKind::statement || kind == HoleKind::block || kind == HoleKind::span;
}

class Planner {
 public:
  explicit Planner(const PlanRequest& request)
      : request_(request),
        text_(request.text),
        line_(line_at(request.text, request.cursor)),
        cursor_(std::clamp(request.cursor, line_.begin, line_.end)),
        text_behind_(!is_blank(text_.substr(cursor_, line_.end - cursor_))) {}

  HolePlan plan() const {
    const HoleKind kind = request_.kind ? *request_.kind : choose();
    HolePlan plan{{cursor_, cursor_}, kind, !spans_lines(kind)};
    if (!request_.insertion_only) plan.range = request_.kind ? asked_for(kind) : white_space();
    return plan;
  }

 private:
  // -- the kind ----------------------------------------------------------------------------------
  HoleKind choose() const {
    if (request_.language == nullptr) return text_behind_ ? HoleKind::middle : HoleKind::line;
    if (in_text()) return text_behind_ ? HoleKind::middle : HoleKind::line;
    if (!text_behind_) {
      const bool empty = in_empty_body(*request_.language, request_.tree, text_, cursor_);
      return empty ? HoleKind::block : HoleKind::line;
    }
    const char next = text_[text_.find_first_not_of(" \t", cursor_)];
    if (std::string_view(")],;").contains(next))
      return in_list() ? HoleKind::argument : HoleKind::expression;
    return HoleKind::middle;
  }

  /// Whether the cursor stands in a string or comment.
  bool in_text() const {
    if (request_.tree == nullptr || cursor_ == 0) return in_text_of_line();
    bool text = false;
    bool unsure = false;
    for (const Node& node : request_.tree->nodes_at(cursor_ - 1)) {
      const bool at_end = node.range.end == cursor_;
      if (node.type == "ERROR") unsure = true;
      if (node.type.ends_with("comment"))
        return !at_end || !text_.substr(0, cursor_).ends_with("*/");
      if (is_interpolation(node.type)) text = false;
      // In the white space of markup one writes markup.
      if (is_string(node.type))
        text = node.type == "jsx_text"
                   ? !is_blank(text_.substr(line_.begin, cursor_ - line_.begin))
                   : !at_end || node.type.ends_with("content") || node.type.ends_with("fragment");
    }
    return text || (unsure && in_text_of_line());
  }

  /// The same by the line alone: for a string that is not closed yet, which no tree has.
  bool in_text_of_line() const {
    LexicalState state;
    const std::string_view line = text_.substr(0, cursor_);
    LexicalScanner(lexical_rules(request_.language), line).run(near_begin(), cursor_, state);
    return !state.in_code();
  }

  /// The begin of the line, or of what one looks at of a line that is a whole minified file.
  std::size_t near_begin() const {
    constexpr std::size_t kReach = 1 << 14;
    return std::max(line_.begin, cursor_ - std::min(cursor_, kReach));
  }

  /// Whether the innermost bracket around the cursor is one of a list of elements. The line knows
  /// best, if the bracket stands there: a tree is mostly broken here.
  bool in_list() const {
    LexicalState state;
    const LexicalScanner scanner(lexical_rules(request_.language), text_.substr(0, cursor_));
    std::vector<std::size_t> opened;
    for (std::size_t at = near_begin(); at < cursor_;) {
      const Lexeme lexeme = scanner.next(at, state);
      if (lexeme.kind == Lexeme::Kind::open) opened.push_back(at);
      if (opened.size() > state.open.size()) opened.resize(state.open.size());
      at = lexeme.end;
    }
    if (!opened.empty()) return is_list_opener(opened.back());
    if (request_.tree == nullptr || cursor_ == 0) return false;
    const std::vector<Node> nodes = request_.tree->nodes_at(cursor_ - 1);
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
      if (is_list(node->type) || node->type == "list" || node->type == "array") return true;
      const NodeKind kind = kind_of(*node);
      if (kind == NodeKind::element) return true;
      if (kind == NodeKind::body || kind == NodeKind::statement) return false;
    }
    return false;
  }

  bool is_list_opener(std::size_t bracket) const {
    constexpr std::array kKeywords = {"if"sv,     "while"sv, "for"sv,   "switch"sv,
                                      "return"sv, "in"sv,    "and"sv,   "or"sv,
                                      "not"sv,    "catch"sv, "match"sv, "await"sv};
    std::size_t end = bracket;
    while (end > line_.begin && is_blank(text_[end - 1])) --end;
    std::size_t begin = end;
    const auto is_word = [](char c) {
      return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_';
    };
    while (begin > line_.begin && is_word(text_[begin - 1])) --begin;
    const std::string_view word = text_.substr(begin, end - begin);
    const bool is_keyword = std::ranges::find(kKeywords, word) != kKeywords.end();
    const bool behind_operand =
        !is_keyword && (!word.empty() ||
                        (end > line_.begin && std::string_view(")]>!?").contains(text_[end - 1])));
    if (text_[bracket] == '(') return behind_operand;
    return text_[bracket] == '[' && !behind_operand;
  }

  // -- the range ---------------------------------------------------------------------------------
  /// What nobody misses: the white space at the end of a line, all of it on a blank line.
  ByteRange white_space() const {
    if (text_behind_) return {cursor_, cursor_};
    const bool blank = is_blank(text_.substr(line_.begin, cursor_ - line_.begin));
    return {blank ? line_.begin : cursor_, line_.end};
  }

  ByteRange asked_for(HoleKind kind) const {
    switch (kind) {
      case HoleKind::middle: return text_behind_ ? ByteRange{cursor_, cursor_} : white_space();
      case HoleKind::expression:
      case HoleKind::argument: return {white_space().begin, rest_of_expression()};
      case HoleKind::statement: return {white_space().begin, rest_of_statement()};
      case HoleKind::block: return body();
      case HoleKind::line:
      case HoleKind::span: break;
    }
    return white_space();
  }

  std::size_t rest_of_expression() const {
    std::size_t end = white_space().end;
    if (!text_behind_ || request_.tree == nullptr) return end;
    const std::vector<Node> nodes = request_.tree->nodes_at(cursor_);
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
      const NodeKind kind = kind_of(*node);
      if ((kind != NodeKind::expression && kind != NodeKind::element) || node->parent.empty() ||
          node->range.end > line_.end)
        break;
      end = std::max(end, node->range.end);
      if (kind == NodeKind::element) break;
    }
    return end;
  }

  std::size_t rest_of_statement() const {
    const std::size_t end = white_space().end;
    if (!text_behind_ || request_.tree == nullptr) return end;
    const std::vector<Node> nodes = request_.tree->nodes_at(cursor_);
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
      if (kind_of(*node) == NodeKind::statement) return node->range.end;
    return end;
  }

  /// The inside of a body: all of it where the cursor is on the line that opens it, a blank line of
  /// it, or else what stands there from the cursor on.
  ByteRange body() const {
    if (request_.language == nullptr || request_.tree == nullptr ||
        in_empty_body(*request_.language, request_.tree, text_, cursor_))
      return white_space();
    if (const auto below = body_opened_here()) return *below;
    if (!text_behind_ && white_space().begin < cursor_ + 1 &&
        is_blank(text_.substr(line_.begin, cursor_ - line_.begin)))
      return white_space();
    const std::vector<Node> nodes = request_.tree->nodes_at(std::min(cursor_, text_.size() - 1));
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
      if (kind_of(*node) != NodeKind::body) continue;
      if (node->inside.size() == 0) return white_space();
      if (node->inside.end < cursor_) continue;
      return {white_space().begin, std::max(node->inside.end, white_space().end)};
    }
    return white_space();
  }

  std::optional<ByteRange> body_opened_here() const {
    const std::string_view line = text_.substr(line_.begin, line_.end - line_.begin);
    if (!opens_body(*request_.language, line)) return std::nullopt;
    const std::size_t last = line_.begin + line.find_last_not_of(" \t");
    if (cursor_ > last + 1) return std::nullopt;
    // The body begins with its brace, or, in Python, with the first statement below.
    const std::size_t first =
        text_[last] == '{' ? last : text_.find_first_not_of(" \t\r\n", line_.end);
    if (first >= text_.size()) return std::nullopt;
    for (const Node& node : request_.tree->nodes_at(first)) {
      if (node.range.begin != first || kind_of(node) != NodeKind::body) continue;
      if (node.inside.size() == 0) return std::nullopt;
      const Line inside = line_at(text_, node.inside.begin);
      const bool own_line = is_blank(text_.substr(inside.begin, node.inside.begin - inside.begin));
      return ByteRange{own_line ? inside.begin : node.inside.begin, node.inside.end};
    }
    return std::nullopt;
  }

  const PlanRequest& request_;
  std::string_view text_;
  Line line_;
  std::size_t cursor_;  // in its line: not inside of a byte order mark or a line end
  bool text_behind_;
};

}  // namespace

std::string_view to_string(HoleKind kind) {
  switch (kind) {
    case HoleKind::line: return "line";
    case HoleKind::expression: return "expression";
    case HoleKind::argument: return "argument";
    case HoleKind::statement: return "statement";
    case HoleKind::block: return "block";
    case HoleKind::middle: return "middle";
    case HoleKind::span: return "span";
  }
  return "unknown";
}

HolePlan plan_hole(const PlanRequest& request) {
  const Planner planner(request);
  return planner.plan();
}

}  // namespace inpaint::grammar
