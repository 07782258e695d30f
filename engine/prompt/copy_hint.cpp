#include "engine/prompt/copy_hint.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace inpaint::engine {

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

}  // namespace inpaint::engine
