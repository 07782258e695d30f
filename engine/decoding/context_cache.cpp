#include "engine/decoding/context_cache.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "engine/decoding/forward_rows.h"

namespace inpaint::engine {
namespace {

/// More new rows are as dear as an exact context, which then is the better one.
constexpr std::size_t kMostTurnedRows = 64;
/// So many rows must be saved for a suffix to be stale.
constexpr std::size_t kLeastSaved = 16;

constexpr SegmentSet only(int segment) { return SegmentSet{1} << segment; }
constexpr int kPrefixSegment = 0;

std::span<const TokenId> prefix_of(const Context& context) {
  return std::span(context.tokens).first(context.suffix);
}
std::span<const TokenId> suffix_of(const Context& context) {
  return std::span(context.tokens).subspan(context.suffix);
}

std::size_t shared_beginning(std::span<const TokenId> a, std::span<const TokenId> b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// Tokens at the begin of both that are of the same part.
std::size_t shared_beginning(const Context& a, const Context& b) {
  return a.suffix == b.suffix ? shared_beginning(a.tokens, b.tokens)
                              : shared_beginning(prefix_of(a), prefix_of(b));
}

/// Tokens that may stay in one way or the other.
std::size_t shared(const Context& a, const Context& b) {
  const std::size_t beginning = shared_beginning(a, b);
  const std::size_t parts =
      shared_beginning(prefix_of(a), prefix_of(b)) + shared_run(suffix_of(a), suffix_of(b)).size;
  return std::max(beginning, parts);
}

std::vector<int> counted(std::size_t n) {
  std::vector<int> rows(n);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

Error stopped() { return {ErrorCode::cancelled, "fill", "cancelled by the caller"}; }

}  // namespace

Result<ContextCache::Encoded> ContextCache::encode(const Context& context,
                                                   const std::function<bool()>& cancelled,
                                                   Suffix suffix) {
  // Before anything is forgotten: a superseded request must not cost the next one its context.
  if (cancelled()) return std::unexpected(stopped());
  Slot& slot = slot_for(context);
  if (suffix == Suffix::may_be_stale)
    if (const auto turn = turn_for(slot, context)) return turned(slot, context, *turn);
  return exact(slot, context, cancelled);
}

ContextCache::Slot& ContextCache::slot_for(const Context& context) {
  auto best = recent_.end();
  std::size_t most = 0;
  for (auto slot = recent_.begin(); slot != recent_.end(); ++slot)
    if (const std::size_t n = shared(slot->context, context); best == recent_.end() || n > most) {
      best = slot;
      most = n;
    }
  // Another file shares a few tokens of its path and no more: it keeps its slot while there is room.
  const bool another = best == recent_.end() ||
                       most * 4 < std::min(best->context.tokens.size(), context.tokens.size());
  if (another && recent_.size() < slots_) {
    Slot& slot = recent_.emplace_front();
    slot.cache = model_.new_cache();
    slot.segment = *slot.cache->add_segment();
    slot.spare = *slot.cache->add_segment();
  } else {
    recent_.splice(recent_.begin(), recent_, another ? std::prev(recent_.end()) : best);
  }
  return recent_.front();
}

Result<ContextCache::Encoded> ContextCache::exact(Slot& slot, const Context& context,
                                                  const std::function<bool()>& cancelled) {
  const std::vector<TokenId>& tokens = context.tokens;
  std::size_t kept = shared_beginning(slot.context, context);
  if (slot.stale > 0) {
    kept = std::min(kept, slot.context.suffix);
    if (auto done = slot.cache->keep(std::span(slot.rows).first(kept)); !done)
      return std::unexpected(done.error());
  } else {
    slot.cache->truncate(static_cast<int>(kept));
  }
  slot.stale = 0;
  const auto holds = [&](std::size_t size) {
    slot.context.tokens.assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(size));
    slot.context.suffix = std::min(context.suffix, size);
    slot.rows = counted(size);
  };
  holds(kept);
  // Context rows are told only of the context: the hints of cached rows stay exact.
  CopyHintLookup copies(tokenizer_, special_);
  copies.append(slot.context.tokens);
  for (std::size_t begin = kept; begin < tokens.size(); begin += kPiece) {
    if (cancelled()) return std::unexpected(stopped());
    std::vector<Row> piece;
    const std::size_t end = std::min(tokens.size(), begin + kPiece);
    for (std::size_t i = begin; i < end; ++i)
      piece.push_back({.token = tokens[i],
                       .position = static_cast<int>(i),
                       .segment = i < context.suffix ? kPrefixSegment : slot.segment});
    ForwardRows rows(model_.traits(), slot.cache->length(), &copies);
    rows.add_run(piece, kNoParent);
    auto done = model_.forward(*slot.cache, rows.input());
    if (!done) return std::unexpected(done.error());
    holds(end);
  }
  return Encoded{slot.cache.get(), static_cast<int>(kept), 0};
}

std::optional<ContextCache::Turn> ContextCache::turn_for(const Slot& slot,
                                                         const Context& context) const {
  const Context& old = slot.context;
  if (suffix_of(old).empty() || suffix_of(context).empty() || model_.traits().copy_hints > 0)
    return std::nullopt;
  if (slot.stale > 0 && old.suffix == context.suffix && old.tokens == context.tokens)
    return Turn{old.suffix, {0, 0, suffix_of(old).size()}, slot.stale};

  Turn turn{shared_beginning(prefix_of(old), prefix_of(context)),
            shared_run(suffix_of(old), suffix_of(context)), slot.stale};
  turn.stale += old.suffix - turn.prefix + context.suffix - turn.prefix;
  if (turn.run.fresh_begin < kFreshRows) {
    const std::size_t drop = std::min(kFreshRows - turn.run.fresh_begin, turn.run.size);
    turn.run = {turn.run.old_begin + drop, turn.run.fresh_begin + drop, turn.run.size - drop};
  } else {
    turn.stale += turn.run.fresh_begin - kFreshRows;
  }
  const std::size_t reused = turn.prefix + turn.run.size;
  const std::size_t beginning =
      std::min(shared_beginning(old, context), slot.stale > 0 ? old.suffix : old.tokens.size());
  const bool pays = context.tokens.size() - reused <= kMostTurnedRows &&
                    reused >= beginning + kLeastSaved && turn.stale <= kMostStale;
  return pays ? std::optional(turn) : std::nullopt;
}

Result<ContextCache::Encoded> ContextCache::turned(Slot& slot, const Context& context,
                                                   const Turn& turn) {
  const auto [prefix, run, stale] = turn;
  const Context& old = slot.context;
  // Rows keep their order in the cache, which is not that of the text any more.
  const auto row_of_old = [&](std::size_t token) { return slot.rows[token]; };
  std::vector<int> kept;
  kept.reserve(prefix + run.size);
  for (std::size_t i = 0; i < prefix; ++i) kept.push_back(row_of_old(i));
  for (std::size_t i = 0; i < run.size; ++i)
    kept.push_back(row_of_old(old.suffix + run.old_begin + i));
  std::ranges::sort(kept);
  const auto now = [&](int row) {
    return static_cast<int>(std::ranges::lower_bound(kept, row) - kept.begin());
  };
  std::vector<int> rows(context.tokens.size(), -1);
  for (std::size_t i = 0; i < prefix; ++i) rows[i] = now(row_of_old(i));
  for (std::size_t i = 0; i < run.size; ++i)
    rows[context.suffix + run.fresh_begin + i] = now(row_of_old(old.suffix + run.old_begin + i));
  if (auto done = slot.cache->keep(kept); !done) return std::unexpected(done.error());
  const auto by = static_cast<std::ptrdiff_t>(context.suffix + run.fresh_begin) -
                  static_cast<std::ptrdiff_t>(old.suffix + run.old_begin);
  if (auto done = slot.cache->turn(slot.segment, static_cast<int>(by)); !done)
    return std::unexpected(done.error());

  // What stands in front of the run does not see it: it is read as a fresh prompt would be.
  std::vector<Row> front, behind;
  for (std::size_t i = prefix; i < context.tokens.size(); ++i) {
    if (rows[i] >= 0) continue;
    const bool is_front = i < context.suffix + run.fresh_begin;
    (is_front ? front : behind)
        .push_back({.token = context.tokens[i],
                    .position = static_cast<int>(i),
                    .sees = is_front ? only(kPrefixSegment) : kAllSegments,
                    .segment = i < context.suffix ? kPrefixSegment : slot.segment});
    rows[i] = static_cast<int>(kept.size() + front.size() + behind.size()) - 1;
  }
  ForwardRows forward(model_.traits(), slot.cache->length(), nullptr);
  forward.add_run(behind, forward.add_run(front, kNoParent));
  if (forward.size() > 0)
    if (auto done = model_.forward(*slot.cache, forward.input()); !done)
      return std::unexpected(done.error());
  slot.context = context;
  slot.rows = std::move(rows);
  slot.stale = stale;
  return Encoded{slot.cache.get(), static_cast<int>(kept.size()), static_cast<int>(stale)};
}

Result<void> ContextCache::refresh(const std::function<bool()>& cancelled) {
  if (recent_.empty() || recent_.front().stale == 0) return {};
  Slot& slot = recent_.front();
  const Context& context = slot.context;
  const std::size_t size = context.tokens.size();
  slot.cache->truncate(static_cast<int>(size));
  for (std::size_t begin = context.suffix; begin < size; begin += kShortPiece) {
    std::vector<Row> piece;
    for (std::size_t i = begin; i < std::min(size, begin + kShortPiece); ++i)
      piece.push_back({.token = context.tokens[i],
                       .position = static_cast<int>(i),
                       .sees = only(kPrefixSegment) | only(slot.spare),
                       .segment = slot.spare});
    ForwardRows rows(model_.traits(), slot.cache->length(), nullptr);
    rows.add_run(piece, kNoParent);
    const auto done =
        cancelled() ? std::unexpected(stopped()) : model_.forward(*slot.cache, rows.input());
    if (done) continue;
    slot.cache->truncate(static_cast<int>(size));
    return std::unexpected(done.error());
  }
  std::vector<int> kept(slot.rows.begin(),
                        slot.rows.begin() + static_cast<std::ptrdiff_t>(context.suffix));
  for (int row = static_cast<int>(size); row < slot.cache->length(); ++row) kept.push_back(row);
  if (auto done = slot.cache->keep(kept); !done) return done;
  std::swap(slot.segment, slot.spare);
  slot.rows = counted(size);
  slot.stale = 0;
  return {};
}

}  // namespace inpaint::engine
