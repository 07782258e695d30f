#include "lsp/completion/rewriter.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "grammar/base/text_lines.h"
#include "grammar/hole/marked_holes.h"
#include "grammar/hole/refill_range.h"
#include "lsp/completion/fill_pipeline.h"
#include "lsp/completion/parse_for_request.h"
#include "lsp/completion/text_fit.h"

namespace inpaint::lsp {
namespace {

using grammar::ByteRange;
using grammar::HolePlan;
using grammar::Mark;

// Holes further apart do not fit one context (engine/prompt/prompt.h); what is filled first is text for
// those behind it all the same.
constexpr std::size_t kReach = 400;
constexpr std::size_t kMostAtOnce = 8;

/// Of each hole what it becomes; nothing where it stays as it is.
using Texts = std::vector<std::optional<std::string>>;

/// A place with a tree, where there is a language and its text can be parsed in time; else neither.
Place parsed(Place place) {
  place.tree = parse_for_request(place);
  if (!place.tree) place.language = nullptr;
  return place;
}

/// The same place in another text, of which nothing is known yet.
Place with_text(Place place, std::string text) {
  place.text = std::make_shared<const std::string>(std::move(text));
  place.tree = nullptr;
  place.older_tree = nullptr;
  return place;
}

std::ptrdiff_t n_filled(const Texts& texts) {
  return std::ranges::count_if(texts, [](const auto& text) { return text.has_value(); });
}

/// No two alike, none that fills no hole: those that fill most of them first, of equals the engine's
/// order.
std::vector<Texts> best_first(const Filled& filled) {
  std::vector<Texts> best;
  for (const std::vector<FilledHole>& alternative : filled.alternatives) {
    Texts texts;
    for (const FilledHole& hole : alternative) {
      const bool fits = hole.candidate && !hole.candidate->text.empty();
      texts.push_back(fits ? std::optional(hole.candidate->text) : std::nullopt);
    }
    if (n_filled(texts) > 0 && std::ranges::find(best, texts) == best.end())
      best.push_back(std::move(texts));
  }
  std::ranges::stable_sort(best, std::ranges::greater{}, n_filled);
  return best;
}

std::string_view indentation_at(std::string_view text, std::size_t byte) {
  const std::size_t begin = grammar::line_at(text, byte).begin;
  std::size_t end = begin;
  while (end < text.size() && grammar::is_blank(text[end])) ++end;
  return text.substr(begin, end - begin);
}

/// What stands in place of a mark while it is filled, and where in it one writes.
struct Opening {
  std::string text;
  std::size_t cursor = 0;
  std::optional<grammar::HoleKind> kind;
};

Opening opening_of(std::string_view text, const Mark& mark, const LineStyle& style) {
  const grammar::Line line = grammar::line_at(text, mark.range.begin);
  const bool first = grammar::is_blank(text.substr(line.begin, mark.range.begin - line.begin));
  const bool last = grammar::is_blank(
      text.substr(mark.range.end, grammar::line_at(text, mark.range.end).end - mark.range.end));
  const std::string newline(style.newline);
  const std::string level = style.level();
  if (mark.braced) {
    // Its own line between the braces. Where the closing one has a line it is as deep as that.
    const std::string outer(indentation_at(text, mark.range.end));
    std::string opened = newline + outer + level;
    const std::size_t cursor = opened.size();
    return {opened + newline + outer, cursor, grammar::HoleKind::block};
  }
  if (mark.is_body && !first && last) {  // `def f(): pass`
    std::string opened = newline + std::string(indentation_at(text, mark.range.begin)) + level;
    const std::size_t cursor = opened.size();
    return {std::move(opened), cursor, grammar::HoleKind::block};
  }
  if (!first || !last) return {};
  return {"", 0, mark.is_body ? grammar::HoleKind::block : grammar::HoleKind::statement};
}

/// A text whose marks have been opened, so that no fill repeats one; and the holes of a few of them that
/// lie near one another.
class OpenedMarks {
 public:
  /// The holes are those from the mark `first` on.
  OpenedMarks(const CompletionRequest& request, const std::vector<Mark>& marks, std::size_t first) {
    const std::string& text = *request.place.text;
    const LineStyle style = line_style(text, marks[first].range.begin);
    std::string opened_text;
    std::size_t copied = 0;
    std::vector<Opening> openings;
    for (std::size_t i = first; i < marks.size(); ++i) {
      const ByteRange range = marks[i].range;
      opened_text.append(text, copied, range.begin - copied);
      openings.push_back(opening_of(text, marks[i], style));
      marks_.push_back(
          {range, {opened_text.size(), opened_text.size() + openings.back().text.size()}});
      opened_text += openings.back().text;
      copied = range.end;
    }
    opened_text.append(text, copied);
    opened_ = request;
    opened_.place = parsed(with_text(request.place, std::move(opened_text)));
    for (std::size_t i = 0; i < openings.size() && i < kMostAtOnce; ++i) {
      if (marks_[i].mark.end - marks_[0].mark.begin > kReach && i > 0) break;
      const HolePlan hole =
          grammar::plan_hole({.text = *opened_.place.text,
                              .cursor = marks_[i].opening.begin + openings[i].cursor,
                              .language = opened_.place.language,
                              .tree = opened_.place.tree.get(),
                              .kind = openings[i].kind});
      // Of marks that share a line's white space the first one is filled, and the other waits.
      if (i > 0 && hole.range.begin < holes_.back().range.end) break;
      holes_.push_back(hole);
    }
  }

  const CompletionRequest& request() const { return opened_; }
  const std::vector<HolePlan>& holes() const { return holes_; }

  /// What filling hole `i` means for the text with its marks.
  Replacement replacement(std::size_t i, const std::string& fill) const {
    const auto& [mark, opening] = marks_[i];
    const ByteRange hole = holes_[i].range;
    // White space around a mark may be part of the hole.
    const std::size_t left = opening.begin - std::min(opening.begin, hole.begin);
    const std::size_t right = std::max(opening.end, hole.end) - opening.end;
    const std::size_t begin = opening.begin - left;
    std::string text = opened_.place.text->substr(begin, hole.begin - begin) + fill;
    text += opened_.place.text->substr(hole.end, opening.end + right - hole.end);
    return {{mark.begin - left, mark.end + right}, std::move(text)};
  }

 private:
  struct OpenedMark {
    ByteRange mark;     // in the text with its marks
    ByteRange opening;  // in the opened text
  };

  CompletionRequest opened_;
  std::vector<OpenedMark> marks_;
  std::vector<HolePlan> holes_;
};

/// `edit` of the text that `done` has made, as one of the text before: all of `done` lies in front of it.
Replacement before_all(Replacement edit, const Rewrite& done) {
  for (const Replacement& other : done) {
    edit.range.begin += other.range.size() - other.text.size();  // modulo 2^n, as the sum of all
    edit.range.end += other.range.size() - other.text.size();
  }
  return edit;
}

}  // namespace

std::string rewritten(std::string text, const Rewrite& rewrite) {
  // From the back, so that the ranges in front stay where they are.
  for (auto part = rewrite.rbegin(); part != rewrite.rend(); ++part)
    text.replace(part->range.begin, part->range.size(), part->text);
  return text;
}

engine::Result<std::vector<Texts>>
Rewriter::fill(CompletionRequest request, std::span<const HolePlan> holes, Rewriting& costs) const {
  request.decoding.gate = false;  // somebody asked for it, and waits
  if (!holes.empty()) request.place.cursor = holes.front().range.begin;
  const auto filled = fill_holes(engine_, request, holes, DraftUse::start);
  if (!filled) return std::unexpected(filled.error());
  costs.forwards += filled->forwards;
  costs.deadline_reached = costs.deadline_reached || filled->deadline_reached;
  return best_first(*filled);
}

engine::Result<Rewriting> Rewriter::refill(const CompletionRequest& given, ByteRange selection,
                                           std::span<const ByteRange> pinned) const {
  const std::string& text = *given.place.text;
  if (selection.end > text.size() || selection.begin > selection.end)
    return engine::failure(engine::ErrorCode::bad_argument, "selection",
                           "it lies outside of a text of " + std::to_string(text.size()) +
                               " bytes");
  CompletionRequest request = given;
  request.place = parsed(given.place);
  request.place.errors_before_opening.reset();
  if (request.place.tree) request.place.errors_before_opening = request.place.tree->errors();
  const std::vector<HolePlan> holes =
      grammar::plan_refill(text, request.place.tree.get(), selection, pinned);
  Rewriting rewriting;
  rewriting.n_holes = holes.size();
  const auto filled = fill(request, holes, rewriting);
  if (!filled) return std::unexpected(filled.error());
  for (const Texts& texts : *filled) {
    Rewrite rewrite;
    for (std::size_t j = 0; j < holes.size(); ++j) {
      const ByteRange range = holes[j].range;
      if (texts[j] && *texts[j] != text.substr(range.begin, range.size()))
        rewrite.push_back({range, *texts[j]});
    }
    if (!rewrite.empty() &&
        std::ranges::find(rewriting.alternatives, rewrite) == rewriting.alternatives.end())
      rewriting.alternatives.push_back(std::move(rewrite));
  }
  return rewriting;
}

engine::Result<Rewriting> Rewriter::fill_marked(const CompletionRequest& given,
                                                ByteRange within) const {
  CompletionRequest request = given;
  request.place = parsed(given.place);
  request.place.errors_before_opening.reset();  // of a text whose marks were still there
  request.decoding.alternatives = 1;
  std::vector<Mark> marks =
      grammar::marked_holes(*request.place.text, request.place.language, request.place.tree.get());
  std::erase_if(marks, [&](const Mark& mark) {
    return mark.range.end < within.begin || mark.range.begin > within.end;
  });
  Rewriting rewriting;
  rewriting.n_holes = marks.size();
  Rewrite rewrite;
  for (std::size_t first = 0; first < marks.size();) {
    const OpenedMarks opened(request, marks, first);
    const auto filled = fill(opened.request(), opened.holes(), rewriting);
    if (!filled) return std::unexpected(filled.error());
    Rewrite now;
    for (std::size_t j = 0; j < opened.holes().size() && !filled->empty(); ++j)
      if (const auto& text = filled->front()[j]) now.push_back(opened.replacement(j, *text));
    first += opened.holes().size();
    // The text with these in it is what the next marks are read in.
    const std::size_t size = request.place.text->size();
    request.place = with_text(request.place, rewritten(*request.place.text, now));
    for (std::size_t i = first; i < marks.size(); ++i) {
      marks[i].range.begin += request.place.text->size() - size;
      marks[i].range.end += request.place.text->size() - size;
    }
    const Rewrite done = rewrite;
    for (Replacement& edit : now) rewrite.push_back(before_all(std::move(edit), done));
  }
  if (!rewrite.empty()) rewriting.alternatives.push_back(std::move(rewrite));
  return rewriting;
}

}  // namespace inpaint::lsp
