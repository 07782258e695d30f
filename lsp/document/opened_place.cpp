#include "lsp/document/opened_place.h"

#include <algorithm>

namespace inpaint::lsp {
namespace {

using grammar::ErrorCount;
using grammar::SyntaxTree;
using grammar::TextEdit;

constexpr std::size_t kNear = 2;  // lines

struct Lines {
  std::size_t first = 0;
  std::size_t last = 0;
};

Lines lines_of(const Document& document, ByteRange range) {
  return {document.lines().line_of(range.begin), document.lines().line_of(range.end)};
}

bool are_near(const Lines& a, const Lines& b) {
  return a.first <= b.last + kNear && b.first <= a.last + kNear;
}

/// The lines around a range, in bytes of the document as it is.
ByteRange around(const Document& document, ByteRange range) {
  const Lines lines = lines_of(document, range);
  const std::size_t first = lines.first - std::min(lines.first, kNear);
  const std::size_t last = std::min(lines.last + kNear, document.lines().n_lines() - 1);
  return {document.lines().line(document.text(), first).begin,
          document.lines().line(document.text(), last).end};
}

bool has_error_within(const SyntaxTree& tree, ByteRange range) {
  const auto errors = tree.errors_from(range.begin, 1);
  return !errors.empty() && errors.front().range.begin <= range.end;
}

/// Where the range is after an edit; what the edit replaced of it is what it put there.
ByteRange moved(ByteRange range, const TextEdit& edit) {
  const auto shifted = [&](std::size_t byte) { return byte - edit.replaced.end + edit.new_end; };
  const std::size_t begin = range.begin <= edit.replaced.begin ? range.begin
                            : range.begin >= edit.replaced.end ? shifted(range.begin)
                                                               : edit.replaced.begin;
  const std::size_t end = range.end <= edit.replaced.begin ? range.end
                          : range.end >= edit.replaced.end ? shifted(range.end)
                                                           : edit.new_end;
  return {begin, end};
}

}  // namespace

void OpenedPlace::on_edit(const Document& document, const TextEdit& edit,
                          const SyntaxTree* before) {
  const ByteRange written{edit.replaced.begin, edit.new_end};
  const bool takes_lines = edit.old_end.row > edit.begin.row;
  if (burst_) {
    burst_ = moved(*burst_, edit);
    if (are_near(lines_of(document, *burst_), lines_of(document, written))) {
      burst_ =
          ByteRange{std::min(burst_->begin, written.begin), std::max(burst_->end, written.end)};
      if (takes_lines) errors_.reset();
      return;
    }
  }
  burst_ = written;
  errors_.reset();
  if (before == nullptr || takes_lines) return;
  ByteRange place = around(document, written);
  place.end = place.end - edit.new_end + edit.replaced.end;  // in the text before
  if (!has_error_within(*before, place)) errors_ = before->errors();
}

void OpenedPlace::on_tree(const Document& document, const SyntaxTree* tree) {
  if (!burst_ || tree == nullptr) return;
  const ErrorCount now = tree->errors();
  const bool no_worse = errors_ && now.nodes <= errors_->nodes && now.bytes <= errors_->bytes &&
                        !has_error_within(*tree, around(document, *burst_));
  if (no_worse || now == ErrorCount{}) forget();
}

void OpenedPlace::forget() {
  burst_.reset();
  errors_.reset();
}

std::optional<ErrorCount> OpenedPlace::errors_before(const Document& document, std::size_t cursor,
                                                     const SyntaxTree* tree) const {
  const ByteRange at{cursor, cursor};
  if (burst_) {
    const Lines lines = lines_of(document, *burst_);
    const Lines here = lines_of(document, at);
    if (are_near(lines, here)) {
      return lines.first == lines.last && here.first == lines.first ? errors_ : std::nullopt;
    }
  }
  if (tree == nullptr || has_error_within(*tree, around(document, at))) return std::nullopt;
  return tree->errors();
}

}  // namespace inpaint::lsp
