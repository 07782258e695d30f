#include "engine/prompt/copy_hint.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace inpaint::engine {
namespace {

constexpr int kLongestMatch = 32;   // bytes of text that are compared
constexpr std::size_t kBehind = 5;  // bytes behind a hole by which its end is known
// Bytes behind a match that are cut into tokens, and so many more for each token that is wanted.
constexpr std::size_t kReach = 48;
constexpr std::size_t kPerHint = 8;
constexpr std::size_t kLongestDraft = 8;
constexpr int kBytesPerToken = 4;  // of a match, for a token of a draft
// Matches are kept apart by so many bytes behind them; the tokens there may still be the same.
constexpr std::size_t kApart = 4;
constexpr std::size_t kMostMatches = 3 * kCopyHints;

/// Puts a hint in its place among those of a row, unless better ones leave it none.
void add(CopyHint found, CopyHints& hints) {
  const auto known = std::ranges::find_if(
      hints, [&](const CopyHint& hint) { return hint.matched > 0 && hint.token == found.token; });
  const auto gone = known == hints.end() ? hints.end() - 1 : known;
  const auto place = std::find_if(
      hints.begin(), gone + 1, [&](const CopyHint& hint) { return hint.matched < found.matched; });
  if (place > gone) return;
  std::move_backward(place, gone, gone + 1);
  *place = found;
}

/// Rows of the context: where the tokens up to `row` last stood together in front of it.
CopyHints hints_of_context_row(const Tokenizer& tokenizer, std::span<const TokenId> rows,
                               std::size_t row) {
  CopyHints hints;
  if (tokenizer.is_special(rows[row])) return hints;
  for (std::size_t end = row; end-- > 0 && hints.back().matched < kLongestMatch;) {
    const TokenId next = rows[end + 1];
    if (rows[end] != rows[row] || tokenizer.is_special(next)) continue;
    int matched = 0;
    for (std::size_t i = 0; i <= end && rows[end - i] == rows[row - i]; ++i) {
      if (tokenizer.is_special(rows[end - i]) || matched >= kLongestMatch) break;
      matched += static_cast<int>(tokenizer.bytes(rows[end - i]).size());
    }
    add({next, matched}, hints);
  }
  return hints;
}

/// Where a text stood before: the end of the match, and how long it is.
struct Match {
  std::size_t end = 0;
  int length = 0;
};

/// The clean rows of a prompt and its spans as bytes, and the span that is being written behind them.
class SpanText {
 public:
  SpanText(const Tokenizer& tokenizer, const SpecialTokens& special, std::string_view memory)
      : tokenizer_(tokenizer), special_(special), text_(memory) {
    text_ += kTextBorder;
  }

  void append(TokenId token) {
    const auto fill = std::ranges::find(special_.fill, token);
    if (fill != special_.fill.end())
      open_span(static_cast<std::size_t>(fill - special_.fill.begin()));
    if (tokenizer_.is_special(token)) {
      if (token == special_.near) holes_[0] = text_.size();
      for (std::size_t j = 1; j < holes_.size(); ++j)
        if (token == special_.hole[j]) holes_[j] = text_.size();
      text_ += kTextBorder;
    } else {
      const std::string_view bytes = tokenizer_.bytes(token);
      text_ += bytes;
      written_ += bytes;
    }
  }

  /// The copy hints of `count` tokens behind what is written, as far as they go: first those of the
  /// longest match, then those of the longest that goes on with another token.
  std::array<std::vector<CopyHint>, kCopyHints> ahead(std::size_t count, bool in_block) const {
    std::array<std::vector<CopyHint>, kCopyHints> runs;
    auto run = runs.begin();
    for (const Match& match : longest_matches()) {
      std::vector<CopyHint> hints = behind(match, count, in_block);
      if (hints.empty()) continue;
      const bool known = std::any_of(runs.begin(), run, [&](const std::vector<CopyHint>& other) {
        return other.front().token == hints.front().token;
      });
      if (known) continue;
      *run = std::move(hints);
      if (++run == runs.end()) break;
    }
    return runs;
  }

 private:
  /// From here on the text goes on from the front of hole j.
  void open_span(std::size_t j) {
    written_.clear();
    behind_.clear();
    if (!holes_[j]) return;
    const std::string_view text = text_;
    const std::size_t hole = *holes_[j];
    const std::size_t border =
        hole == 0 ? std::string_view::npos : text.rfind(kTextBorder, hole - 1);
    written_ = text.substr(border + 1, hole - border - 1);
    behind_ = text.substr(hole + 1, kBehind);
    behind_ = behind_.substr(0, behind_.find(kTextBorder));
  }

  std::vector<CopyHint> behind(const Match& match, std::size_t count, bool in_block) const {
    std::vector<CopyHint> hints;
    std::string_view rest = std::string_view(text_).substr(match.end, kReach + kPerHint * count);
    rest = rest.substr(0, rest.find(kTextBorder));
    const std::size_t over = behind_.empty() ? std::string_view::npos : rest.find(behind_);
    for (const Token& token : tokenizer_.encode(rest.substr(0, over))) {
      if (hints.size() == count) return hints;
      hints.push_back({token.id, match.length, in_block});
    }
    if (over != std::string_view::npos && hints.size() < count)
      hints.push_back({special_.end, match.length, in_block});
    return hints;
  }

  /// Where the end of what is written stood before, longest first, of equals the last one; a few of those
  /// behind which the text goes on with other bytes.
  std::vector<Match> longest_matches() const {
    std::vector<Match> matches;
    const std::size_t longest = std::min<std::size_t>(kLongestMatch, written_.size());
    if (longest == 0) return matches;
    const char last = written_.back();
    const std::string_view text = text_;
    // As many as are wanted, none of which can be longer.
    const auto found_all = [&] {
      return matches.size() >= kCopyHints &&
             matches[kCopyHints - 1].length == static_cast<int>(longest);
    };
    for (std::size_t end = text.size() - 1; end > 0 && !found_all(); --end) {
      const void* found = ::memrchr(text.data(), last, end);
      if (!found) break;
      end = static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + 1;
      if (text[end] == kTextBorder) continue;
      std::size_t same = 1;
      while (same < longest && same < end &&
             text[end - 1 - same] == written_[written_.size() - 1 - same])
        ++same;
      const Match match{end, static_cast<int>(same)};
      const bool full = matches.size() == kMostMatches;
      if (full && match.length <= matches.back().length) continue;
      const auto shorter = [&](const Match& other) { return other.length < match.length; };
      const std::string_view next = text.substr(end, kApart);
      const auto known = std::ranges::find_if(
          matches, [&](const Match& other) { return text.substr(other.end, kApart) == next; });
      if (known != matches.end() && !shorter(*known)) continue;
      if (known != matches.end()) matches.erase(known);
      else if (full) matches.pop_back();
      matches.insert(std::ranges::find_if(matches, shorter), match);
    }
    return matches;
  }

  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
  std::string text_;     // of the memory and all rows, borders for the special ones
  std::string written_;  // what stands in front of the hole, and the span so far
  std::string behind_;   // the first bytes of what stands behind the hole
  std::array<std::optional<std::size_t>, SpecialTokens::kMaxHoles> holes_;  // places in text_
};

}  // namespace

int match_class(const CopyHint& hint) {
  constexpr std::array<int, kMatchLengths - 1> kFrom{1, 2, 4, 7, 11, 17, 24, 32};
  const auto length = std::ranges::upper_bound(kFrom, hint.matched) - kFrom.begin();
  return static_cast<int>(length) + (hint.in_block ? kMatchLengths : 0);
}

std::string copy_hint_memory(std::string_view text, std::span<const grammar::ByteRange> holes,
                             std::span<const std::string> neighbours) {
  const std::size_t hole = holes.front().begin;
  std::size_t from = hole > kMemoryBytes ? hole - kMemoryBytes : 0;
  const std::size_t to = std::min(text.size(), hole + kMemoryBytes);
  std::string memory;
  std::size_t left = kNeighbourBytes;
  std::vector<std::string_view> shown;
  for (const std::string& neighbour : neighbours) {
    shown.push_back(std::string_view(neighbour).substr(0, left));
    left -= shown.back().size();
  }
  for (const std::string_view neighbour : shown | std::views::reverse) {
    if (neighbour.empty()) continue;
    memory += neighbour;
    memory += kTextBorder;
  }
  for (const grammar::ByteRange& range : holes) {
    if (range.begin > to) break;
    memory += text.substr(from, range.begin - from);
    memory += kTextBorder;
    from = range.end;
  }
  if (from < to) memory += text.substr(from, to - from);
  return memory;
}

CopyHintFinder::CopyHintFinder(const Tokenizer& tokenizer, const SpecialTokens& special)
    : tokenizer_(tokenizer), special_(special) {}

std::vector<TokenId> CopyHintFinder::draft(std::span<const TokenId> rows,
                                           std::string_view memory) const {
  SpanText text(tokenizer_, special_, memory);
  for (const TokenId token : rows) text.append(token);
  std::vector<TokenId> draft;
  const auto runs = text.ahead(kLongestDraft, true);
  for (const CopyHint& hint : runs.front()) {
    const bool trusted = static_cast<int>(draft.size()) < hint.matched / kBytesPerToken;
    if (!trusted || hint.token == special_.end) break;
    draft.push_back(hint.token);
  }
  return draft;
}

std::vector<CopyHints> CopyHintFinder::find(std::span<const TokenId> rows, std::size_t first,
                                            std::size_t n_causal, std::string_view memory) const {
  std::vector<CopyHints> hints(rows.size() - first);
  // The runs behind a row go to it and the rows behind it.
  const auto tell = [&](std::size_t row,
                        const std::array<std::vector<CopyHint>, kCopyHints>& runs) {
    for (std::size_t rank = 0; rank < runs.size(); ++rank)
      for (std::size_t i = 0; i < runs[rank].size(); ++i)
        hints[row - first + i][rank] = runs[rank][i];
  };
  SpanText text(tokenizer_, special_, memory);
  bool in_span = false;
  for (std::size_t row = 0; row < n_causal; ++row) {
    in_span = in_span || std::ranges::count(special_.fill, rows[row]) > 0;
    text.append(rows[row]);
    if (row < first) continue;
    if (!in_span) hints[row - first] = hints_of_context_row(tokenizer_, rows, row);
    else if (rows[row] != special_.end) tell(row, text.ahead(1, false));
  }
  for (std::size_t row = std::max(first, n_causal); row < rows.size(); ++row)
    for (CopyHint& hint : hints[row - first]) hint.in_block = true;
  if (first <= n_causal && n_causal < rows.size())
    tell(n_causal, text.ahead(rows.size() - n_causal, true));
  return hints;
}

}  // namespace inpaint::engine
