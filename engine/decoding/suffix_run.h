// Which tokens behind a cursor are those of an earlier prompt.
//
// Between two keys the text behind the cursor stays, but for its ends: an editor closes a bracket at the
// front of it, and the far end moves with the room that is left. So what two suffixes share is one run that
// ends where one of them does.
//
// Units: tokens.   Cost: O(size of both x kMostShift).   Thread rule: none.
#pragma once

#include <cstddef>
#include <span>

#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// old[old_begin, old_begin + size) is fresh[fresh_begin, fresh_begin + size).
struct SuffixRun {
  std::size_t old_begin = 0, fresh_begin = 0, size = 0;
  friend bool operator==(const SuffixRun&, const SuffixRun&) = default;
};

/// Tokens that may come or go at the front of a suffix; beyond that it is another place.
inline constexpr std::size_t kMostShift = 64;

/// The longest run that ends with `old` or with `fresh`.
SuffixRun shared_run(std::span<const TokenId> old, std::span<const TokenId> fresh);

}  // namespace inpaint::engine
