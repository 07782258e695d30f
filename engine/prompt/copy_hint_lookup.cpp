#include "engine/prompt/copy_hint_lookup.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

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

}  // namespace

CopyHintLookup::CopyHintLookup(const Tokenizer& tokenizer, const SpecialTokens& special,
                               std::string_view memory)
    : tokenizer_(tokenizer), special_(special), text_(memory) {
  text_ += kTextBorder;
}

void CopyHintLookup::append(TokenId token) {
  rows_.push_back(token);
  text_begins_.push_back(text_.size());
  if (std::ranges::count(special_.fill, token) > 0) open_span(rows_.size() - 1);
  if (tokenizer_.is_special(token)) text_ += kTextBorder;
  else text_ += tokenizer_.bytes(token);
  write(token);
  matches_.reset();
}

void CopyHintLookup::append(std::span<const TokenId> tokens) {
  for (const TokenId token : tokens) append(token);
}

void CopyHintLookup::truncate(std::size_t rows) {
  assert(rows <= rows_.size());
  if (rows == rows_.size()) return;
  text_.resize(text_begins_[rows]);
  rows_.resize(rows);
  text_begins_.resize(rows);
  matches_.reset();
  // What is written is put together anew from the row that opened the span.
  span_.reset();
  for (std::size_t row = rows; row-- > 0 && !span_;)
    if (std::ranges::count(special_.fill, rows_[row]) > 0) span_ = row;
  written_.clear();
  behind_.clear();
  if (span_) open_span(*span_);
  for (std::size_t row = span_.value_or(0); row < rows; ++row) write(rows_[row]);
}

void CopyHintLookup::write(TokenId token) {
  if (tokenizer_.is_special(token)) return;
  written_ += tokenizer_.bytes(token);
}

/// From this row on the text goes on from the front of the hole.
void CopyHintLookup::open_span(std::size_t row) {
  span_ = row;
  written_.clear();
  behind_.clear();
  const auto j = static_cast<std::size_t>(std::ranges::find(special_.fill, rows_[row]) -
                                          special_.fill.begin());
  const TokenId stand_in = j == 0 ? special_.near : special_.hole[j];
  const auto last = std::find(rows_.rbegin() + static_cast<std::ptrdiff_t>(rows_.size() - row),
                              rows_.rend(), stand_in);
  if (last == rows_.rend()) return;
  const std::string_view text = text_;
  const std::size_t hole = text_begins_[static_cast<std::size_t>(rows_.rend() - last) - 1];
  const std::size_t border = hole == 0 ? std::string_view::npos : text.rfind(kTextBorder, hole - 1);
  const std::string_view before = text.substr(border + 1, hole - border - 1);
  written_ = before.substr(before.size() - std::min<std::size_t>(before.size(), kLongestMatch));
  behind_ = text.substr(hole + 1, kBehind);
  behind_ = behind_.substr(0, behind_.find(kTextBorder));
}

CopyHints CopyHintLookup::hints() const {
  if (rows_.empty()) return {};
  if (!span_) return context_hints();
  if (rows_.back() == special_.end) return {};
  CopyHints hints;
  const Runs runs = ahead(1, false);
  for (std::size_t rank = 0; rank < runs.size(); ++rank)
    if (!runs[rank].empty()) hints[rank] = runs[rank].front();
  return hints;
}

std::vector<CopyHints> CopyHintLookup::block_hints(std::size_t width) const {
  std::vector<CopyHints> hints(width);
  for (CopyHints& row : hints)
    for (CopyHint& hint : row) hint.in_block = true;
  const Runs runs = ahead(width, true);
  for (std::size_t rank = 0; rank < runs.size(); ++rank)
    for (std::size_t i = 0; i < runs[rank].size(); ++i) hints[i][rank] = runs[rank][i];
  return hints;
}

std::vector<TokenId> CopyHintLookup::draft() const {
  std::vector<TokenId> draft;
  const Runs runs = ahead(kLongestDraft, true);
  for (const CopyHint& hint : runs.front()) {
    const bool trusted = static_cast<int>(draft.size()) < hint.matched / kBytesPerToken;
    if (!trusted || hint.token == special_.end) break;
    draft.push_back(hint.token);
  }
  return draft;
}

/// Of the last row, which belongs to the context: where the tokens up to it last stood together.
CopyHints CopyHintLookup::context_hints() const {
  const std::size_t row = rows_.size() - 1;
  CopyHints hints;
  if (tokenizer_.is_special(rows_[row])) return hints;
  for (std::size_t end = row; end-- > 0 && hints.back().matched < kLongestMatch;) {
    const TokenId next = rows_[end + 1];
    if (rows_[end] != rows_[row] || tokenizer_.is_special(next)) continue;
    int matched = 0;
    for (std::size_t i = 0; i <= end && rows_[end - i] == rows_[row - i]; ++i) {
      if (tokenizer_.is_special(rows_[end - i]) || matched >= kLongestMatch) break;
      matched += static_cast<int>(tokenizer_.bytes(rows_[end - i]).size());
    }
    add({next, matched}, hints);
  }
  return hints;
}

/// What followed, `count` tokens of it as far as it goes: first behind the longest match, then
/// behind the longest that goes on with another token.
CopyHintLookup::Runs CopyHintLookup::ahead(std::size_t count, bool in_block) const {
  Runs runs;
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

std::vector<CopyHint> CopyHintLookup::behind(const Match& match, std::size_t count,
                                             bool in_block) const {
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

const std::vector<CopyHintLookup::Match>& CopyHintLookup::longest_matches() const {
  if (!matches_) matches_ = find_matches();
  return *matches_;
}

/// Longest first, of equals the last one; a few of those behind which the text goes on with other
/// bytes.
std::vector<CopyHintLookup::Match> CopyHintLookup::find_matches() const {
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

std::vector<CopyHints> find_copy_hints(const Tokenizer& tokenizer, const SpecialTokens& special,
                                       std::span<const TokenId> rows, std::size_t first,
                                       std::size_t n_causal, std::string_view memory) {
  CopyHintLookup lookup(tokenizer, special, memory);
  std::vector<CopyHints> found;
  for (std::size_t row = 0; row < n_causal; ++row) {
    lookup.append(rows[row]);
    if (row >= first) found.push_back(lookup.hints());
  }
  if (n_causal < rows.size())
    std::ranges::copy(lookup.block_hints(rows.size() - n_causal), std::back_inserter(found));
  return found;
}

}  // namespace inpaint::engine
