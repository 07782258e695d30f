#include "engine/decoding/context_cache.h"

#include <algorithm>
#include <span>

#include "engine/decoding/forward_rows.h"

namespace inpaint::engine {
namespace {

std::size_t shared_beginning(const std::vector<TokenId>& a, const std::vector<TokenId>& b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

Result<ContextCache::Encoded> ContextCache::encode(const std::vector<TokenId>& tokens,
                                                   const std::function<bool()>& cancelled) {
  // Before anything is forgotten: a superseded request must not cost the next one its context.
  if (cancelled()) return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
  auto best = recent_.end();
  std::size_t shared = 0;
  for (auto slot = recent_.begin(); slot != recent_.end(); ++slot)
    if (const std::size_t n = shared_beginning(slot->tokens, tokens);
        best == recent_.end() || n > shared) {
      best = slot;
      shared = n;
    }
  // Another file shares a few tokens of its path and no more: it keeps its slot while there is room.
  const bool another =
      best == recent_.end() || shared * 4 < std::min(best->tokens.size(), tokens.size());
  if (another && recent_.size() < slots_) {
    recent_.push_front({{}, model_.new_cache()});
    shared = 0;
  } else {
    if (another) {
      best = std::prev(recent_.end());
      shared = shared_beginning(best->tokens, tokens);
    }
    recent_.splice(recent_.begin(), recent_, best);
  }

  Slot& slot = recent_.front();
  slot.cache->truncate(static_cast<int>(shared));
  slot.tokens.resize(shared);
  // Context rows are told only of the context: the hints of cached rows stay exact.
  CopyHintLookup copies(tokenizer_, special_);
  copies.append(slot.tokens);
  for (std::size_t begin = shared; begin < tokens.size(); begin += kPiece) {
    if (cancelled()) return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
    std::vector<Row> piece;
    const std::size_t end = std::min(tokens.size(), begin + kPiece);
    for (std::size_t i = begin; i < end; ++i) piece.push_back({tokens[i], static_cast<int>(i)});
    ForwardRows rows(model_.traits(), slot.cache->length(), &copies);
    rows.add_run(piece, kNoParent);
    auto done = model_.forward(*slot.cache, rows.input());
    if (!done) return std::unexpected(done.error());
    slot.tokens.insert(slot.tokens.end(), tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                       tokens.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return Encoded{slot.cache.get(), static_cast<int>(shared)};
}

}  // namespace inpaint::engine
