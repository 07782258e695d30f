#include "grammar/hole/marked_holes.h"

#include <algorithm>
#include <array>
#include <optional>

#include "grammar/lexical/lexical_rules.h"
#include "grammar/lexical/lexical_scanner.h"
#include "grammar/tree/node_kind.h"

namespace inpaint::grammar {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kEllipsis = "\xE2\x80\xA6";  // …

/// What a comment says, without what makes it one.
std::string_view said_in(std::string_view comment) {
  constexpr std::string_view kAround = " \t\r\n/*#!";
  const std::size_t first = comment.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return comment.substr(first, comment.find_last_not_of(kAround) - first + 1);
}

bool asks_to_fill(std::string_view comment) {
  const std::string_view said = said_in(comment);
  return said == "fill" || said == "FILL" || said == kEllipsis;
}

bool is_to_do(std::string_view comment) {
  const std::string_view said = said_in(comment);
  return said.starts_with("TODO") || said.starts_with("FIXME");
}

/// Whether `type` is of what has a name and a body, and is meant to do something.
bool is_function(std::string_view type) {
  constexpr std::array kNot = {"constructor"sv, "lambda"sv, "arrow"sv, "expression"sv,
                               "signature"sv};
  if (!type.contains("function") && !type.contains("method")) return false;
  return std::ranges::none_of(kNot, [&](std::string_view part) { return type.contains(part); });
}

/// A statement that stands where none is yet.
bool is_stand_in(std::string_view statement) {
  constexpr std::array kStandIns = {"pass"sv, "..."sv, "todo!()"sv, "unimplemented!()"sv};
  while (statement.ends_with(';')) statement.remove_suffix(1);
  return std::ranges::find(kStandIns, statement) != kStandIns.end();
}

class Finder {
 public:
  Finder(std::string_view text, const SyntaxTree& tree) : text_(text), tree_(tree) {}

  std::vector<Mark> find() {
    tree_.visit([this](const Node& node) { return enter(node); });
    close_body();
    return std::move(marks_);
  }

 private:
  /// A body of a function while its children are looked at, in which nothing was found so far that
  /// does something.
  struct Body {
    ByteRange range;
    bool braced = false;
    bool to_do = false;  // its first comment says so
    std::size_t n_comments = 0;
    std::size_t kept_until = 0;  // behind the brace, a comment or a docstring
    std::optional<ByteRange> stand_in;
  };

  std::string_view text_of(ByteRange range) const {
    return text_.substr(range.begin, range.size());
  }

  bool enter(const Node& node) {
    if (body_ && node.range.begin >= body_->range.end) close_body();
    if (node.type.ends_with("comment")) {
      if (asks_to_fill(text_of(node.range))) {
        body_.reset();  // this is the mark in it
        marks_.push_back({node.range});
      } else if (body_) {
        if (body_->n_comments++ == 0) body_->to_do = is_to_do(text_of(node.range));
        body_->kept_until = node.range.end;
      }
      return false;
    }
    if (kind_of(node) == NodeKind::body && is_function(node.parent)) {
      close_body();
      body_ = Body{.range = node.range,
                   .braced = text_[node.range.begin] == '{',
                   .to_do = false,
                   .n_comments = 0,
                   .kept_until = node.range.begin,
                   .stand_in = std::nullopt};
      if (body_->braced) ++body_->kept_until;
      return true;
    }
    if (body_) {
      const std::string_view statement = text_of(node.range);
      const bool docstring =
          !body_->braced && (statement.starts_with('"') || statement.starts_with("'"));
      if (is_stand_in(statement) && !body_->stand_in) body_->stand_in = node.range;
      else if (docstring && !body_->stand_in) body_->kept_until = node.range.end;
      else body_.reset();
      return !body_.has_value();
    }
    return true;
  }

  void close_body() {
    if (!body_) return;
    const Body body = *body_;
    body_.reset();
    if (body.stand_in) {
      marks_.push_back({*body.stand_in, true, false});
    } else if (body.braced && (body.n_comments == 0 || body.to_do) &&
               text_[body.range.end - 1] == '}') {
      marks_.push_back({{body.kept_until, body.range.end - 1}, true, true});
    }
  }

  std::string_view text_;
  const SyntaxTree& tree_;
  std::optional<Body> body_;
  std::vector<Mark> marks_;
};

std::vector<Mark> ellipses(std::string_view text, const Language* language) {
  std::vector<Mark> marks;
  LexicalState state;
  const LexicalScanner scanner(lexical_rules(language), text);
  std::size_t read = 0;
  for (std::size_t at = text.find(kEllipsis); at != std::string_view::npos;
       at = text.find(kEllipsis, at + kEllipsis.size())) {
    scanner.run(read, at, state);
    read = at;
    if (state.in_code()) marks.push_back({{at, at + kEllipsis.size()}});
  }
  return marks;
}

}  // namespace

std::vector<Mark> marked_holes(std::string_view text, const Language* language,
                               const SyntaxTree* tree) {
  std::vector<Mark> marks = ellipses(text, language);
  if (tree != nullptr) {
    // What a body is marked as gives way to a mark inside of it.
    for (const Mark& mark : Finder(text, *tree).find()) {
      const bool taken = std::ranges::any_of(marks, [&](const Mark& other) {
        return other.range.begin < mark.range.end && mark.range.begin < other.range.end;
      });
      if (!taken) marks.push_back(mark);
    }
  }
  std::ranges::sort(marks, {}, [](const Mark& mark) { return mark.range.begin; });
  return marks;
}

}  // namespace inpaint::grammar
