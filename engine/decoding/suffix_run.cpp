#include "engine/decoding/suffix_run.h"

#include <algorithm>

namespace inpaint::engine {
namespace {

/// Where token i of the one is token i + the difference of the begins of the other.
SuffixRun run_at(std::span<const TokenId> old, std::span<const TokenId> fresh,
                 std::size_t old_begin, std::size_t fresh_begin) {
  const std::size_t both = std::min(old.size() - old_begin, fresh.size() - fresh_begin);
  std::size_t size = 0;
  while (size < both && old[old_begin + both - 1 - size] == fresh[fresh_begin + both - 1 - size])
    ++size;
  return {old_begin + both - size, fresh_begin + both - size, size};
}

}  // namespace

SuffixRun shared_run(std::span<const TokenId> old, std::span<const TokenId> fresh) {
  SuffixRun best = run_at(old, fresh, 0, 0);
  const auto longer = [&](SuffixRun run) {
    if (run.size > best.size) best = run;
  };
  for (std::size_t shift = 1; shift <= kMostShift; ++shift) {
    if (shift <= old.size()) longer(run_at(old, fresh, shift, 0));
    if (shift <= fresh.size()) longer(run_at(old, fresh, 0, shift));
  }
  return best;
}

}  // namespace inpaint::engine
