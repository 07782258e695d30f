#include "lsp/retrieval/analogy_finder.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lsp/retrieval/analogous_places.h"
#include "lsp/retrieval/draft_probability.h"
#include "lsp/retrieval/renaming.h"
#include "lsp/retrieval/searched_texts.h"

namespace inpaint::lsp {
namespace {

using Kind = Lexeme::Kind;

constexpr std::size_t kFarthestAfter = 30;  // lexemes that are compared behind the hole
constexpr std::size_t kLongest = 400;       // lexemes of a draft
/// A match behind the hole counts lexemes; white space stands everywhere.
constexpr double kLineEnd = 0.5;
constexpr double kBlank = 0.2;

bool begins_empty_line(const Lexemes& lexemes, std::size_t line_end) {
  return line_end + 1 < lexemes.size() && lexemes[line_end + 1].kind == Kind::line_end;
}

/// What follows at a place, renamed as far as it is asked for.
class Continuation {
 public:
  /// All outlive the object.
  Continuation(const DraftRequest& request, const SearchedTexts& texts,
               const AnalogousPlace& place);

  std::optional<Draft> draft();

 private:
  struct End {
    std::size_t lexeme = 0;  // the draft ends in front of it,
    double matched = 0.0;
    std::size_t tail = 0;  // without so many bytes, which stand behind the hole already
  };

  std::optional<End> end();
  End end_with_match(std::size_t lexeme);
  double match_after(std::size_t lexeme, std::size_t behind);
  bool is_outside(std::size_t depth, int open) const;
  bool is_same_depth(std::size_t line_end, std::size_t behind) const;
  std::string_view word(std::size_t lexeme);
  std::string text(const End& end);
  std::string_view indentation(std::size_t line_end) const;
  std::size_t source_begin() const;
  void append_indentation(std::string& text, std::string_view white) const;
  std::size_t depth_at(const Lexemes& lexemes, std::size_t lexeme) const;

  const DraftRequest& request_;
  const SearchedTexts& texts_;
  const AnalogousPlace& place_;
  const Lexemes& source_;
  Renaming renaming_;
  std::size_t depth_;                              // of the line that the continuation begins in
  std::ptrdiff_t deeper_;                          // the hole's lines than those of the source
  std::vector<std::optional<std::string>> words_;  // renamed; by lexeme behind place_.lexeme
};

Continuation::Continuation(const DraftRequest& request, const SearchedTexts& texts,
                           const AnalogousPlace& place)
    : request_(request),
      texts_(texts),
      place_(place),
      source_(texts[place.text]),
      depth_(source_.depth_before(place.lexeme)),
      deeper_(static_cast<std::ptrdiff_t>(depth_at(texts.before(), texts.before().size())) -
              static_cast<std::ptrdiff_t>(depth_at(source_, place.lexeme))) {
  const Lexemes& before = texts.before();
  for (std::size_t i = 1; i <= place.alike; ++i) {
    const std::size_t ours = before.size() - i;
    if (texts.is_renamable(before[ours]))
      renaming_.add(source_.text(place.lexeme - i), before.text(ours));
  }
}

/// How deep the line is that the lines of a draft for `lexeme` are measured against.
std::size_t Continuation::depth_at(const Lexemes& lexemes, std::size_t lexeme) const {
  // A hole that begins its line has no depth of its own.
  while (texts_.begins_line() && lexeme > 0 && lexemes[lexeme - 1].kind == Kind::line_end) --lexeme;
  return lexemes.depth_before(lexeme);
}

/// The text of a lexeme, renamed; until the next call.
std::string_view Continuation::word(std::size_t lexeme) {
  const std::string_view text = source_.text(lexeme);
  if (!texts_.is_renamable(source_[lexeme])) return text;
  const std::size_t i = lexeme - place_.lexeme;
  if (words_.size() <= i) words_.resize(i + 1);
  if (!words_[i]) words_[i] = renaming_.renamed(text).value_or(std::string(text));
  return *words_[i];
}

/// How much of what stands behind the hole, from its lexeme `behind` on, follows at `lexeme`.
double Continuation::match_after(std::size_t lexeme, std::size_t behind) {
  const Lexemes& ours = texts_.behind();
  if (lexeme == source_.size() && behind == ours.size()) return 1.0;  // as good as a line end
  double matched = 0.0;
  const std::size_t end = std::min(ours.size(), behind + kFarthestAfter);
  for (; behind < end && lexeme < source_.size(); ++behind, ++lexeme) {
    if (source_[lexeme].kind != ours[behind].kind) break;
    if (ours[behind].kind == Kind::line_end) {
      if (!is_same_depth(lexeme, behind)) break;
      matched += kLineEnd;
    } else if (ours[behind].kind == Kind::blank) {
      matched += kBlank;
    } else if (word(lexeme) == ours.text(behind)) {
      matched += 1.0;
    } else {
      break;
    }
  }
  return matched;
}

/// The draft ends in front of `lexeme`, or inside of the word before it.
Continuation::End Continuation::end_with_match(std::size_t lexeme) {
  End end{lexeme, match_after(lexeme, 0), 0};
  const Lexemes& behind = texts_.behind();
  if (lexeme == place_.lexeme || behind.size() == 0 || !behind[0].is_name()) return end;
  const std::string_view tail = behind.text(0);
  if (!source_[lexeme - 1].is_name() || !word(lexeme - 1).ends_with(tail)) return end;
  const double matched = 1.0 + match_after(lexeme, 1);
  return matched > end.matched ? End{lexeme, matched, tail.size()} : end;
}

/// Whether a line of this depth no longer belongs to the draft (copy_finder.h).
bool Continuation::is_outside(std::size_t depth, int open) const {
  if (depth < depth_) return true;
  return request_.kind == grammar::HoleKind::statement && depth == depth_ && open <= 0;
}

/// Whether a line of the source is as deep, where the draft will stand, as one behind the hole.
bool Continuation::is_same_depth(std::size_t line_end, std::size_t behind) const {
  if (begins_empty_line(source_, line_end) || begins_empty_line(texts_.behind(), behind))
    return true;
  return static_cast<std::ptrdiff_t>(source_[line_end].depth) + deeper_ ==
         static_cast<std::ptrdiff_t>(texts_.behind()[behind].depth);
}

std::optional<Continuation::End> Continuation::end() {
  constexpr double kFirmMatch = 1.5;
  const bool one_line = is_one_line(request_.kind);
  const std::size_t last = std::min(source_.size(), place_.lexeme + kLongest);
  std::optional<End> best;
  std::optional<std::size_t> outside;  // where a line ends before one that is outside
  std::size_t line_end = place_.lexeme;
  int open = 0;
  bool blank = true;
  std::size_t at = place_.lexeme;
  for (;; ++at) {
    if (!blank) {
      const End found = end_with_match(at);
      if (found.matched >= kLineEnd && (!best || found.matched > best->matched)) best = found;
    }
    const std::size_t bytes = source_.begin(at) - source_.begin(place_.lexeme);
    if (at == last || bytes > request_.max_bytes) break;
    const Lexeme& lexeme = source_[at];
    if (lexeme.kind == Kind::line_end) {
      if (one_line) break;
      // Empty lines at its end are not part of a draft.
      if (at == place_.lexeme || source_[at - 1].kind != Kind::line_end) line_end = at;
      if (!outside && !blank && !begins_empty_line(source_, at) && is_outside(lexeme.depth, open))
        outside = line_end;
    } else if (lexeme.kind == Kind::other) {
      open += bracket_step(static_cast<unsigned char>(source_.text(at).front()));
    }
    blank = blank && (lexeme.kind == Kind::line_end || lexeme.kind == Kind::blank);
  }
  if (blank) return std::nullopt;
  if (one_line) return best ? best : End{at, 0.0, 0};
  if (best && (best->matched >= kFirmMatch || !outside)) return best;
  if (outside) return End{*outside, match_after(*outside, 0), 0};
  return End{line_end > place_.lexeme ? line_end : at, 0.0, 0};
}

/// White space that a line of the source begins with, moved to the depth of the hole.
void Continuation::append_indentation(std::string& text, std::string_view white) const {
  if (deeper_ >= 0) {
    text.append(static_cast<std::size_t>(deeper_), white.empty() ? ' ' : white.front());
  } else {
    white.remove_prefix(std::min(white.size(), static_cast<std::size_t>(-deeper_)));
  }
  text += white;
}

std::string_view Continuation::indentation(std::size_t line_end) const {
  const std::string_view white = source_.text(line_end);
  return white.substr(white.find('\n') + 1);
}

/// Where the draft's own text begins: with its line, or behind the stem.
std::size_t Continuation::source_begin() const {
  const std::size_t begin = source_.begin(place_.lexeme);
  if (texts_.begins_line()) return begin - indentation(place_.lexeme - 1).size();
  const bool has_stem = source_.text(place_.lexeme).starts_with(texts_.stem());
  return has_stem ? begin + texts_.stem().size() : begin;
}

std::string Continuation::text(const End& end) {
  std::string text;
  if (texts_.begins_line() && place_.lexeme > 0)
    append_indentation(text, indentation(place_.lexeme - 1));
  for (std::size_t i = place_.lexeme; i < end.lexeme; ++i) {
    if (source_[i].kind == Kind::line_end) {
      const std::string_view white = source_.text(i);
      text += white.substr(0, white.find('\n') + 1);
      if (!begins_empty_line(source_, i)) append_indentation(text, indentation(i));
    } else {
      text += word(i).substr(i == place_.lexeme ? texts_.stem().size() : 0);
    }
  }
  text.resize(text.size() - std::min(text.size(), end.tail));
  return text;
}

std::optional<Draft> Continuation::draft() {
  if (!texts_.stem().empty() && !word(place_.lexeme).starts_with(texts_.stem()))
    return std::nullopt;
  const std::optional<End> end = this->end();
  if (!end || end->lexeme <= place_.lexeme) return std::nullopt;
  Draft draft;
  draft.text = text(*end);
  if (draft.text.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
  AnalogyMatch& match = draft.analogy.emplace();
  match.equal = place_.alike - place_.renamed;
  match.renamed = place_.renamed;
  match.after = static_cast<std::size_t>(2.0 * end->matched);
  for (std::size_t i = place_.lexeme; i < end->lexeme; ++i)
    if (word(i) != source_.text(i)) ++match.changed;
  if (place_.text >= SearchedTexts::kFirstNeighbour)
    draft.neighbour = place_.text - SearchedTexts::kFirstNeighbour;
  const std::size_t first = place_.text == SearchedTexts::kBehind ? request_.hole.end : 0;
  draft.source = {first + source_begin(), first + source_.begin(end->lexeme)};
  return draft;
}

void rate(Draft& draft, grammar::HoleKind kind) {
  draft.probability = analogy_probability(*draft.analogy, draft.text.size(), kind);
}

}  // namespace

std::vector<Draft> find_analogies(const DraftRequest& request) {
  if (request.hole.begin == 0 || request.max_drafts == 0) return {};
  const SearchedTexts texts(request);
  std::vector<Draft> drafts;
  for (const AnalogousPlace& place : find_analogous_places(texts)) {
    std::optional<Draft> draft = Continuation(request, texts, place).draft();
    if (!draft) continue;
    const auto same = std::ranges::find(drafts, draft->text, &Draft::text);
    if (same == drafts.end()) {
      rate(*draft, request.kind);
      drafts.push_back(std::move(*draft));
      continue;
    }
    draft->analogy->seen = ++same->analogy->seen;
    rate(*draft, request.kind);
    if (draft->probability > same->probability) *same = std::move(*draft);
  }
  for (Draft& draft : drafts) rate(draft, request.kind);
  std::ranges::stable_sort(drafts, std::ranges::greater{}, &Draft::probability);
  if (drafts.size() > request.max_drafts) drafts.resize(request.max_drafts);
  return drafts;
}

}  // namespace inpaint::lsp
